import { useTranslation } from 'react-i18next'
import type { KeyAction } from '../keys/chords.ts'
import desk from '../desk.module.css'
import { inCall } from '../desk-actions.ts'
import { useAlert, useDeskState } from '../use-desk.ts'
import { SupervisedBy } from '../supervision/supervised-by.tsx'
import { Unreached } from '../outbound/unreached.tsx'
import { SentCallers } from '../transfer/sent-callers.tsx'
import { AudioRow } from './audio-row.tsx'
import { CallButtons } from './call-buttons.tsx'
import { CallCard } from './call-card.tsx'
import { DeviceRow } from './device-row.tsx'
import { DeskProblem } from './desk-problem.tsx'
import { Problems } from './problems.tsx'
import { ReadyRow } from './ready-row.tsx'
import { ShiftTotals } from './shift-totals.tsx'
import { StateBand } from './state-band.tsx'
import styles from './call-zone.module.css'

/**
 * Left: the state and what the agent chooses after it, the call, its buttons and the sound, always in the same
 * places. Without a call the problems have the buttons' place.
 */
export function CallZone({ run }: { readonly run: (action: KeyAction) => void }) {
  const { t } = useTranslation()
  const state = useDeskState()
  const alert = useAlert(state)
  const busy = inCall(state)
  const audio = <AudioRow key="audio" state={state} run={run} />
  return (
    <section
      className={`${desk['zone']} ${styles['zone']}`}
      aria-label={t('desk.zones.call')}
      tabIndex={-1}
      data-zone
    >
      <StateBand state={state} />
      <div className={styles['state']} data-alert={alert}>
        <ReadyRow state={state} run={run} />
        <CallCard state={state} />
      </div>
      {busy && <CallButtons state={state} run={run} />}
      {busy && audio}
      <SupervisedBy state={state} />
      <Problems key="problems">
        <SentCallers state={state} />
        <Unreached state={state} />
        <DeskProblem state={state} />
      </Problems>
      {!busy && audio}
      <div className={styles['below']}>
        <DeviceRow state={state} run={run} />
        <ShiftTotals />
      </div>
    </section>
  )
}
