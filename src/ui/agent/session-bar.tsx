import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { problemText } from '../shared/server/problem-text.ts'
import { useStore } from '../shared/store.ts'
import { spokenNumber } from '../shared/phone-number.ts'
import { CallButtons } from './call/call-buttons.tsx'
import { MuteButton } from './call/mute-button.tsx'
import { StateBand } from './call/state-band.tsx'
import { inCall } from './desk-actions.ts'
import { refusal, soundFault } from './desk-commands.ts'
import type { DeskState } from './desk-state.ts'
import { usePhone } from './phone/use-phone.ts'
import { useAlert, useDeskCall, useDeskState } from './use-desk.ts'
import { useRun } from './use-run.ts'
import styles from './session-bar.module.css'

/** Shown on every screen except the desk: the state, the caller, and the buttons of the call. */
export function SessionBar() {
  const { t } = useTranslation()
  const state = useDeskState()
  const call = useDeskCall(state)
  const run = useRun()
  const problem = useProblem(state)
  const alert = useAlert(state)
  return (
    <section
      className={styles['bar']}
      aria-label={t('desk.zones.call')}
      tabIndex={-1}
      data-zone
      data-state={state.name}
      data-busy={inCall(state)}
      data-alert={alert}
    >
      <StateBand state={state} />
      <span className={styles['number']}>
        {call !== null && (call.caller === null ? t('common.withheld') : spokenNumber(call.caller))}
      </span>
      {inCall(state) && (
        <div className={styles['buttons']}>
          <CallButtons state={state} run={run} small />
          <MuteButton state={state} run={run} />
        </div>
      )}
      <output className={styles['problem']} title={problem ?? undefined}>
        {problem}
      </output>
      <Link href="/desk" className={styles['back']}>
        {t('desk.back')}
      </Link>
    </section>
  )
}

/** The problem in one line: the rejected command or missing sound. The desk explains it at length. */
function useProblem(state: DeskState): string | null {
  const { t } = useTranslation()
  const refused = useStore(refusal)
  const checked = useStore(soundFault)
  const heard = usePhone((phone) => phone.audio.fault)
  if (refused !== null) return problemText(refused.error, t)
  const fault = checked === 'checking' || checked === null ? (state.name === 'held' ? null : heard) : checked
  return fault === null ? null : `${t('phone.notArriving')}. ${t(`phone.cause.${fault}`)}`
}
