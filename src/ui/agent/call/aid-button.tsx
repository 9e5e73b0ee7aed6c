import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import type { DeskState } from '../desk-state.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useWhyNot } from '../use-desk.ts'
import type { Run } from '../use-run.ts'
import { useZoneKeepsFocus } from './use-zone-keeps-focus.ts'
import styles from './call-zone.module.css'

const onColours = { 'ask-help': '#1c5fc4', recording: '#93131f', keypad: '#1c5fc4' }

interface AidButtonProps {
  readonly action: 'ask-help' | 'recording' | 'keypad'
  readonly label: string
  /** Shown in the label's place. */
  readonly icon?: IconName
  /** The help or the pause that the button began is going on. */
  readonly isOn: boolean
  /** Whether the list behind the button is open; absent: it opens none. */
  readonly opens?: boolean
  readonly state: DeskState
  readonly run: Run
}

export function AidButton({ action, label, icon, isOn, opens, state, run }: AidButtonProps) {
  const { t } = useTranslation()
  const key = useKey(action)
  const why = useWhyNot(state)(action)
  const button = useZoneKeepsFocus()
  const hint = icon === undefined ? null : label
  return (
    <WhyNot reason={why === null ? hint : t(`desk.why.${why}`)}>
      <Button
        ref={button}
        fullWidth
        h={34}
        px={0}
        variant={isOn ? 'filled' : 'default'}
        color={onColours[action]}
        data-action={action}
        {...unavailable(why !== null)}
        {...(action === 'ask-help' && { 'aria-pressed': isOn })}
        {...(opens === undefined ? {} : { 'aria-expanded': opens })}
        aria-keyshortcuts={ariaChord(key)}
        onClick={() => why === null && run(action)}
      >
        <span className={styles['aid']}>
          {icon !== undefined && <Icon name={icon} size={15} />}
          <span className={icon === undefined ? undefined : 'spoken-only'}>{label}</span>
          <kbd aria-hidden="true">{key}</kbd>
        </span>
      </Button>
    </WhyNot>
  )
}
