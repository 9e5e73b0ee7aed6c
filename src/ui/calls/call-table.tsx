import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Item } from './use-calls.ts'
import { spokenNumber } from '../shared/phone-number.ts'
import { clock, duration, longDate } from '../shared/time/time.ts'
import { useQueueName } from '../shared/server/queue-names.ts'
import { AgentNames } from './agent-names.tsx'
import { OutcomeLabel } from './outcome-label.tsx'
import styles from './calls.module.css'

const recordingWords = {
  none: 'noRecording',
  pending: 'pending',
  ready: 'hasRecording',
} as const satisfies Record<Item['recording'], string>

/** The only link of a row is its time; a row with the date is inserted where the day changes. */
export function CallTable({ calls }: { readonly calls: readonly Item[] }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  if (calls.length === 0) return <p className={styles['quiet']}>{t('calls.none')}</p>
  const day = (call: Item | undefined): string =>
    call === undefined ? '' : longDate(call.arrivedAt, i18n.language)
  const length = (ms: number | null): string => (ms === null ? t('common.none') : duration(ms))
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('calls.arrived')}</th>
          <th scope="col">{t('calls.caller')}</th>
          <th scope="col">{t('calls.queue')}</th>
          <th scope="col">{t('calls.outcome')}</th>
          <th scope="col">{t('calls.agent')}</th>
          <th scope="col" className={styles['figure']}>
            {t('calls.wait')}
          </th>
          <th scope="col" className={styles['figure']}>
            {t('calls.talk')}
          </th>
          <th scope="col">{t('calls.recording')}</th>
        </tr>
      </thead>
      <tbody>
        {calls.flatMap((call, index) => [
          ...(day(call) === day(calls[index - 1])
            ? []
            : [
                <tr key={`day ${call.id}`} className={styles['day']}>
                  <th scope="rowgroup" colSpan={8}>
                    {day(call)}
                  </th>
                </tr>,
              ]),
          <tr key={call.id}>
            <td>
              <Link href={`/calls/${encodeURIComponent(call.id)}`}>
                {clock(call.arrivedAt, i18n.language)}
              </Link>
            </td>
            <td>{call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}</td>
            <td>{queueName(call.queue) ?? t('common.none')}</td>
            <td>
              <OutcomeLabel outcome={call.outcome} />
            </td>
            <td>
              <AgentNames call={call} />
            </td>
            <td className={styles['figure']}>{length(call.waitMs)}</td>
            <td className={styles['figure']}>{length(call.talkMs)}</td>
            <td>
              {call.outcome === null && call.recording === 'none'
                ? t('common.none')
                : t(`calls.${recordingWords[call.recording]}`)}
            </td>
          </tr>,
        ])}
      </tbody>
    </table>
  )
}
