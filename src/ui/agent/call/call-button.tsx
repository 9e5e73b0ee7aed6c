import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import type { DeskState } from '../desk-state.ts'
import { useWhyNot } from '../use-desk.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import styles from './call-zone.module.css'

interface CallButtonProps {
  readonly action: 'answer' | 'hold' | 'hang-up'
  readonly icon: IconName
  readonly label: string
  readonly colour: 'green' | 'blue' | 'red'
  readonly state: DeskState
  readonly run: (action: 'answer' | 'hold' | 'hang-up') => void
  readonly small: boolean
}

/** A button with its key on it. An unavailable one stays focusable and gives the reason. */
export function CallButton({ action, icon, label, colour, state, run, small }: CallButtonProps) {
  const { t } = useTranslation()
  const key = useKey(action)
  const why = useWhyNot(state)(action)
  const colours = { green: '#0a5a34', blue: '#1c5fc4', red: '#93131f' }
  return (
    <Button
      h={small ? 36 : 62}
      px={small ? 10 : 4}
      variant={why === null ? 'filled' : 'default'}
      color={colours[colour]}
      data-action={action}
      {...unavailable(why !== null)}
      aria-keyshortcuts={ariaChord(key)}
      title={why === null ? undefined : t(`desk.why.${why}`)}
      onClick={() => why === null && run(action)}
    >
      <span className={small ? styles['smallButton'] : styles['button']}>
        <Icon name={icon} />
        <span>{label}</span>
        <kbd>{key}</kbd>
        {why !== null && <span className="spoken-only">{t(`desk.why.${why}`)}</span>}
      </span>
    </Button>
  )
}
