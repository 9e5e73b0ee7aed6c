import { Menu } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { recordingPauseReasons } from '../../../core/call.ts'
import { useStore } from '../../shared/store.ts'
import { AidButton } from '../call/aid-button.tsx'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent } from '../use-desk.ts'
import type { Run } from '../use-run.ts'
import { closeReasons, pauseRecording, reasonsOpen } from './use-recording-pause.ts'

/** Opens the reasons beside it; while the recording is paused, resumes it. */
export function RecordingButton({ state, run }: { readonly state: DeskState; readonly run: Run }) {
  const { t } = useTranslation()
  const offerId = useMyAgent()?.offerId ?? null
  const opened = useStore(reasonsOpen) === offerId && offerId !== null
  const paused = 'call' in state && state.call?.recordingPause != null
  // The conversation is over, and the list with it.
  useEffect(() => closeReasons, [])
  return (
    <Menu
      opened={opened && !paused}
      onChange={(open) => reasonsOpen.set(open ? offerId : null)}
      position="right-end"
      width={250}
      trapFocus
      returnFocus
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
      portalProps={{ target: '#work' }}
    >
      <Menu.Target>
        <div>
          <AidButton
            action="recording"
            icon={paused ? 'record' : 'recordOff'}
            label={t(paused ? 'desk.recording.resume' : 'desk.recording.pause')}
            isOn={paused}
            state={state}
            run={run}
          />
        </div>
      </Menu.Target>
      <Menu.Dropdown data-recording-reasons>
        <Menu.Label>{t('desk.recording.why')}</Menu.Label>
        {recordingPauseReasons.map((reason) => (
          <Menu.Item key={reason} data-reason={reason} onClick={() => void pauseRecording(reason, offerId)}>
            {t(`desk.recording.reason.${reason}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
