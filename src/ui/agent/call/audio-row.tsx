import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/icon.tsx'
import { ariaChord, type KeyAction } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import type { DeskState } from '../desk-state.ts'
import { usePhone } from '../phone/use-phone.ts'
import { useWhyNot } from '../use-desk.ts'
import { Meter } from './meter.tsx'
import { unavailable } from '../../shared/unavailable.ts'
import styles from './call-zone.module.css'

interface AudioRowProps {
  readonly state: DeskState
  readonly run: (action: KeyAction) => void
}

/**
 * The sound of the call. The data attributes are for checks that must know what arrived without a
 * hook in the page: packets each way since the call began, and the level heard (0–1).
 */
export function AudioRow({ state, run }: AudioRowProps) {
  const { t } = useTranslation()
  const audio = usePhone((phone) => phone.audio)
  const session = usePhone((phone) => phone.session)
  const registration = usePhone((phone) => phone.registration)
  const trackMuted = usePhone((phone) => phone.muted)
  const key = useKey('mute')
  const why = useWhyNot(state)('mute')
  const muted = state.name === 'talking' && (trackMuted || state.call?.muted === true)
  const label = muted ? t('desk.muteOff') : t('desk.muteOn')
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
      <ActionIcon
        size={36}
        variant={muted ? 'filled' : 'default'}
        color="#93131f"
        data-action="mute"
        {...unavailable(why !== null)}
        aria-pressed={muted}
        aria-label={label}
        aria-keyshortcuts={ariaChord(key)}
        title={why === null ? `${label} (${key})` : t(`desk.why.${why}`)}
        onClick={() => why === null && run('mute')}
      >
        <Icon name={muted ? 'microphoneOff' : 'microphone'} />
      </ActionIcon>
      <div className={styles['meters']}>
        <span>{t('phone.caller')}</span>
        <Meter level={audio.heard} />
        <span>{t('phone.you')}</span>
        <Meter level={muted ? 0 : audio.spoken} />
      </div>
      <kbd className={styles['phone']}>{key}</kbd>
    </div>
  )
}
