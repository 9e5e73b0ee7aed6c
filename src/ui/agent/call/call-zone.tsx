import { useTranslation } from 'react-i18next'
import type { KeyAction } from '../keys/chords.ts'
import desk from '../desk.module.css'
import { useDeskState } from '../use-desk.ts'
import { AudioRow } from './audio-row.tsx'
import { CallButtons } from './call-buttons.tsx'
import { CallCard } from './call-card.tsx'
import { DeviceRow } from './device-row.tsx'
import { DeskProblem } from './desk-problem.tsx'
import { ReadyRow } from './ready-row.tsx'
import { ShiftTotals } from './shift-totals.tsx'
import { StateBand } from './state-band.tsx'
import styles from './call-zone.module.css'

/** Left: the call, its buttons and the sound, always in the same places. */
export function CallZone({ run }: { readonly run: (action: KeyAction) => void }) {
  const { t } = useTranslation()
  const state = useDeskState()
  return (
    <section
      className={`${desk['zone']} ${styles['zone']}`}
      aria-label={t('desk.zones.call')}
      tabIndex={-1}
      data-zone
    >
      <StateBand state={state} />
      <CallCard state={state} />
      <CallButtons state={state} run={run} />
      <AudioRow state={state} run={run} />
      <div className={styles['problems']}>
        {(state.name === 'ringing' || state.name === 'reconnecting') && state.device === 'desk' && (
          <p className={styles['hint']}>{t('desk.answerOnDesk')}</p>
        )}
        <DeskProblem state={state} />
      </div>
      <div className={styles['below']}>
        <ReadyRow state={state} run={run} />
        <DeviceRow state={state} />
        <ShiftTotals />
      </div>
    </section>
  )
}
