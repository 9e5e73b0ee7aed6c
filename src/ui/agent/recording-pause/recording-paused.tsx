import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { Remaining } from '../call/remaining.tsx'
import type { DeskState } from '../desk-state.ts'
import styles from './recording-pause.module.css'

/** In the place of the meters while the conversation is left out of the recording. */
export function RecordingPaused({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const pause = 'call' in state ? (state.call?.recordingPause ?? null) : null
  if (pause === null) return null
  return (
    <p className={styles['paused']} data-recording-paused={pause.reason}>
      <Icon name="recordOff" size={15} /> <output>{t('desk.recording.paused')}</output> ·{' '}
      <Remaining until={pause.until} />
    </p>
  )
}
