import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import type { DeskState } from '../desk-state.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { useMuted, useWhyNot } from '../use-desk.ts'
import type { Run } from '../use-run.ts'
import { useZoneKeepsFocus } from './use-zone-keeps-focus.ts'
import styles from './call-zone.module.css'

interface MuteButtonProps {
  readonly state: DeskState
  readonly run: Run
}

/** Present while somebody would hear the agent. */
export function MuteButton({ state, run }: MuteButtonProps) {
  return state.name === 'talking' ? <Mute state={state} run={run} /> : null
}

function Mute({ state, run }: MuteButtonProps) {
  const { t } = useTranslation()
  const key = useKey('mute')
  const why = useWhyNot(state)('mute')
  const muted = useMuted(state)
  const button = useZoneKeepsFocus()
  const label = t(muted ? 'desk.muteOff' : 'desk.muteOn')
  return (
    <WhyNot reason={why === null ? label : t(`desk.why.${why}`)}>
      <Button
        ref={button}
        h={36}
        px={8}
        variant={muted ? 'filled' : 'default'}
        color="#93131f"
        data-action="mute"
        {...unavailable(why !== null)}
        aria-pressed={muted}
        aria-keyshortcuts={ariaChord(key)}
        onClick={() => why === null && run('mute')}
      >
        <span className={styles['smallButton']}>
          <Icon name={muted ? 'microphoneOff' : 'microphone'} />
          <span className="spoken-only">{label}</span>
          <kbd aria-hidden="true">{key}</kbd>
        </span>
      </Button>
    </WhyNot>
  )
}
