import { Button } from '@mantine/core'
import { useEffect, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { recordingPauseReasons } from '../../../core/call.ts'
import { SidePanel } from '../../shared/components/side-panel.tsx'
import { useStore } from '../../shared/store.ts'
import { AidButton } from '../call/aid-button.tsx'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent } from '../use-desk.ts'
import type { Run } from '../use-run.ts'
import { closeReasons, pauseRecording, reasonsOpen } from './use-recording-pause.ts'
import styles from './recording-pause.module.css'

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
      <div
        role="toolbar"
        aria-orientation="vertical"
        tabIndex={-1}
        aria-label={t('desk.recording.why')}
        className={styles['reasons']}
        onKeyDown={walk}
        data-recording-reasons
      >
        <p>{t('desk.recording.why')}</p>
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
      </div>
    </SidePanel>
  )
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('button')]
  const here = stops.findIndex((stop) => stop === document.activeElement)
  stops[(here + step + stops.length) % stops.length]?.focus()
}
