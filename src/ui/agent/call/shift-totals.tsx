import { useTranslation } from 'react-i18next'
import { duration } from '../../shared/time/time.ts'
import { useOwnCallsToday } from '../../calls/use-calls.ts'
import { Unanswered } from './unanswered.tsx'
import styles from './call-zone.module.css'

/** The agent's own day in three figures, and the calls that were not taken. */
export function ShiftTotals() {
  const { t } = useTranslation()
  const { data } = useOwnCallsToday()
  const talks = (data ?? []).flatMap((call) => (call.talkMs === null ? [] : [call.talkMs]))
  const totalMs = talks.reduce((sum, ms) => sum + ms, 0)
  return (
    <div className={styles['shift']}>
      <dl className={styles['totals']} aria-label={t('desk.shift')}>
        <div>
          <dt>{t('desk.shiftCalls')}</dt>
          <dd>{talks.length}</dd>
        </div>
        <div>
          <dt>{t('desk.shiftTalk')}</dt>
          <dd>{duration(totalMs)}</dd>
        </div>
        <div>
          <dt>{t('desk.shiftMean')}</dt>
          <dd>{talks.length === 0 ? t('common.none') : duration(totalMs / talks.length)}</dd>
        </div>
      </dl>
      <Unanswered />
    </div>
  )
}
