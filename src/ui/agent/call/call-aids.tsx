import { useTranslation } from 'react-i18next'
import type { DeskState } from '../desk-state.ts'
import { KeypadButton } from '../keypad/keypad-button.tsx'
import { RecordingButton } from '../recording-pause/recording-button.tsx'
import type { Run } from '../use-run.ts'
import { AidButton } from './aid-button.tsx'
import styles from './call-zone.module.css'

/** Help from a supervisor, a pause of the recording, and the keypad. */
export function CallAids({ state, run }: { readonly state: DeskState; readonly run: Run }) {
  const { t } = useTranslation()
  const asked = 'call' in state && state.call?.helpSince != null
  return (
    <div className={styles['aids']}>
      <AidButton
        action="ask-help"
        label={t(asked ? 'desk.help.asked' : 'desk.help.ask')}
        isOn={asked}
        state={state}
        run={run}
      />
      <RecordingButton state={state} run={run} />
      <KeypadButton state={state} run={run} />
    </div>
  )
}
