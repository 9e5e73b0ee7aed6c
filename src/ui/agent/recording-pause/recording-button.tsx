import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { recordingPauseReasons } from '../../../core/media/recording-pause.ts'
import { ChoiceList } from '../../shared/components/choice-list.tsx'
import { SidePanel } from '../../shared/components/side-panel.tsx'
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
  const paused = 'call' in state && state.call?.recordingPause != null
  const opened = useStore(reasonsOpen) === offerId && offerId !== null && !paused
  // The conversation is over, and the list with it.
  useEffect(() => closeReasons, [])
  return (
    <SidePanel
      opened={opened}
      onChange={(open) => reasonsOpen.set(open ? offerId : null)}
      position="right-end"
      width={250}
      target={
        <div>
          <AidButton
            action="recording"
            label={t(paused ? 'desk.recording.resume' : 'desk.recording.pause')}
            isOn={paused}
            {...(!paused && { opens: opened })}
            state={state}
            run={run}
          />
        </div>
      }
    >
      <ChoiceList question={t('desk.recording.why')} data-recording-reasons>
        {recordingPauseReasons.map((reason, index) => (
          <Button
            key={reason}
            variant="default"
            size="sm"
            justify="flex-start"
            data-autofocus={index === 0 || undefined}
            data-reason={reason}
            onClick={() => {
              closeReasons()
              void pauseRecording(reason, offerId)
            }}
          >
            {t(`desk.recording.reason.${reason}`)}
          </Button>
        ))}
      </ChoiceList>
    </SidePanel>
  )
}
