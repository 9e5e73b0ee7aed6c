import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AbandonedCall } from '../../../http/calls/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { isAgent, isSupervisor, useMe } from '../../shared/server/me.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { duration, shortDateTime } from '../../shared/time/time.ts'
import { CallBackOfAgent } from '../call-back.tsx'
import { returnWords } from './return-words.ts'
import { useAbandonedCalls } from './use-abandoned.ts'
import styles from '../calls.module.css'

/** Callers who left one's queues without an answer, newest first, each with the key that calls them back. Where there are none there is no list. */
export function AbandonedList() {
  const me = useMe()
  return isAgent(me) || isSupervisor(me) ? <OwnAbandoned /> : null
}

function OwnAbandoned() {
  const { t } = useTranslation()
  const { data, error, refetch } = useAbandonedCalls()
  const items = data?.items ?? []
  if (items.length === 0 && error === null) return null
  return (
    <section className={styles['voicemails']} aria-labelledby="abandoned" data-abandoned-calls={items.length}>
      <h2 id="abandoned">{t('calls.abandoned.title')}</h2>
      {error !== null && <Notice text={problemText(error, t)} again={() => void refetch()} />}
      {items.length > 0 && <Table items={items} onPlaced={() => void refetch()} />}
      {data?.more === true && <p className={styles['quiet']}>{t('calls.voicemail.more')}</p>}
    </section>
  )
}

interface TableProps {
  readonly items: readonly AbandonedCall[]
  readonly onPlaced: () => void
}

function Table({ items, onPlaced }: TableProps) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const me = useMe()
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('calls.abandoned.at')}</th>
          <th scope="col">{t('calls.caller')}</th>
          <th scope="col">{t('calls.queue')}</th>
          <th scope="col" className={styles['figure']}>
            {t('calls.wait')}
          </th>
          <th scope="col">{t('calls.voicemail.state')}</th>
          {isAgent(me) && <th scope="col">{t('calls.voicemail.action')}</th>}
        </tr>
      </thead>
      <tbody>
        {items.map(({ call, queue, callerEnding: digits, reason, abandonedAt, waitMs, lastTry }) => (
          <tr key={call} data-abandoned={call}>
            <td>
              {isSupervisor(me) ? (
                <Link href={`/calls/${encodeURIComponent(call)}`}>
                  {shortDateTime(abandonedAt, i18n.language)}
                </Link>
              ) : (
                // The list does not open the call to its agents.
                shortDateTime(abandonedAt, i18n.language)
              )}
              {/* During an update a node of the release before does not tell it. */}
              {(reason === 'sent away' || reason === 'callback in vain') && (
                <div className={styles['quiet']}>{t(`calls.abandoned.reasons.${reason}`)}</div>
              )}
            </td>
            <td>{digits === null ? t('common.none') : t('desk.unanswered.ending', { digits })}</td>
            <td>{queueName(queue)}</td>
            <td className={styles['figure']}>{waitMs === null ? t('common.none') : duration(waitMs)}</td>
            <td>{lastTry === null ? t('calls.abandoned.nobody') : returnWords(lastTry, t, i18n.language)}</td>
            {isAgent(me) && (
              <td>
                <CallBackOfAgent whom={{ call }} onPlaced={onPlaced} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
