import { useTranslation } from 'react-i18next'
import type { DeskState } from '../desk-state.ts'
import { usePhone } from '../phone/use-phone.ts'
import type { Run } from '../use-run.ts'
import { consultIn } from '../desk-actions.ts'
import { RecordingPaused } from '../recording-pause/recording-paused.tsx'
import { Meter } from './meter.tsx'
import { MuteButton } from './mute-button.tsx'
import { useMuted } from '../use-desk.ts'
import styles from './call-zone.module.css'

interface AudioRowProps {
  readonly state: DeskState
  readonly run: Run
}

/**
 * The sound of the call, or of a test. The data attributes let tests read the packets of each direction since the
 * call began and the level heard (0–1).
 */
export function AudioRow({ state, run }: AudioRowProps) {
  const { t } = useTranslation()
  const audio = usePhone((phone) => phone.audio)
  const session = usePhone((phone) => phone.session)
  const registration = usePhone((phone) => phone.registration)
  const muted = useMuted(state)
  const isPaused = 'call' in state && state.name !== 'ringing' && state.call?.recordingPause != null
  const hearsCaller = session?.kind !== 'echo' && state.name !== 'held' && state.name !== 'consulted'
  return (
    <div
      className={styles['audio']}
      data-phone="audio"
      data-registration={registration}
      data-session={session === null ? 'none' : `${session.kind} ${session.phase}`}
      data-packets-received={audio.packetsReceived}
      data-packets-sent={audio.packetsSent}
      data-level={audio.heard.toFixed(3)}
    >
      <span className={styles['mutePlace']}>
        <MuteButton state={state} run={run} />
      </span>
      {/* On hold nobody hears anybody, but a colleague who is asked. */}
      {isPaused && <RecordingPaused state={state} />}
      {!isPaused && session?.phase === 'up' && (state.name !== 'held' || consultIn(state) !== null) && (
        <div className={styles['meters']}>
          <span>{t(hearsCaller ? 'phone.caller' : 'phone.heard')}</span>
          <Meter level={audio.heard} />
          <span>{t('phone.you')}</span>
          <Meter level={muted ? 0 : audio.spoken} />
        </div>
      )}
    </div>
  )
}
