import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import type { DeskState } from '../desk-state.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useWhyNot } from '../use-desk.ts'
import { useZoneKeepsFocus } from './use-zone-keeps-focus.ts'
import styles from './call-zone.module.css'

interface CallButtonProps {
  readonly action: 'answer' | 'hold' | 'hang-up'
  readonly icon: IconName
  readonly label: string
  readonly colour: 'green' | 'blue' | 'red'
  readonly state: DeskState
  readonly run: (action: 'answer' | 'hold' | 'hang-up') => void
  /** `wide`: over two places. `small`: in the bar of the other screens. */
  readonly shape: 'wide' | 'plain' | 'small'
}

const heights = { wide: 66, plain: 66, small: 36 }
const colours = { green: '#0a5a34', blue: '#1c5fc4', red: '#93131f' }

/** A button with its key on it. An unavailable one stays focusable and gives the reason. */
export function CallButton({ action, icon, label, colour, state, run, shape }: CallButtonProps) {
  const { t } = useTranslation()
  const key = useKey(action)
  const why = useWhyNot(state)(action)
  const button = useZoneKeepsFocus()
  return (
    <WhyNot reason={why === null ? null : t(`desk.why.${why}`)}>
      <Button
        ref={button}
        h={heights[shape]}
        px={shape === 'small' ? 10 : 4}
        variant={why === null ? 'filled' : 'default'}
        color={colours[colour]}
        data-action={action}
        data-place={action === 'hang-up' ? 'last' : 'first'}
        {...unavailable(why !== null)}
        aria-keyshortcuts={ariaChord(key)}
        onClick={() => why === null && run(action)}
      >
        <span className={styles[`${shape}Button`]}>
          <Icon name={icon} size={shape === 'wide' ? 22 : 18} />
          <span>{label}</span>
          <kbd aria-hidden="true">{key}</kbd>
        </span>
      </Button>
    </WhyNot>
  )
}
