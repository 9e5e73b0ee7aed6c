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
  readonly action: 'answer' | 'hold' | 'transfer' | 'hand-over' | 'hang-up'
  readonly icon: IconName
  readonly label: string
  readonly colour: 'green' | 'blue' | 'grey' | 'red'
  readonly state: DeskState
  readonly run: (action: CallButtonProps['action']) => void
  /** `wide`: over two places. `small`: in the bar of the other screens. */
  readonly shape: 'wide' | 'plain' | 'small'
  /** Instead of the action's own one. */
  readonly place?: string
  /** Whether the panel behind the button is open; absent: it opens none. */
  readonly opens?: boolean
}

const places = {
  answer: 'first',
  hold: 'first',
  transfer: 'second',
  'hand-over': 'second',
  'hang-up': 'last',
}
/** A longer label is set smaller, to fit its place. */
const placeLetters = 9
const heights = { wide: 66, plain: 66, small: 36 }
const colours = { green: '#0a5a34', blue: '#1c5fc4', grey: '#3f4b5c', red: '#93131f' }

/** A button with its key on it. An unavailable one stays focusable and gives the reason. */
export function CallButton({
  action,
  icon,
  label,
  colour,
  state,
  run,
  shape,
  place,
  opens,
}: CallButtonProps) {
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
        data-place={place ?? places[action]}
        {...unavailable(why !== null)}
        aria-keyshortcuts={ariaChord(key)}
        {...(opens === undefined ? {} : { 'aria-haspopup': 'listbox', 'aria-expanded': opens })}
        onClick={() => why === null && run(action)}
      >
        <span className={styles[`${shape}Button`]} data-long={label.length > placeLetters || undefined}>
          <Icon name={icon} size={shape === 'wide' ? 22 : 18} />
          <span>{label}</span>
          <kbd aria-hidden="true">{key}</kbd>
        </span>
      </Button>
    </WhyNot>
  )
}
