import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useUnansweredOffers } from '../../calls/use-calls.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { clock, duration } from '../../shared/time/time.ts'
import styles from './agent-page.module.css'

/** Calls of today that rang this agent and were not answered, with the reason. Opening the list is on record. */
export function AgentUnanswered({ id }: { readonly id: string }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const { data, error, refetch } = useUnansweredOffers(id)
  return (
    <section aria-labelledby="agent-unanswered" data-agent-unanswered={data?.items.length}>
      <h2 id="agent-unanswered">{t('board.agent.unanswered.title')}</h2>
      {error !== null && <Notice text={problemText(error, t)} again={() => void refetch()} />}
      {data?.items.length === 0 && <p className={styles['result']}>{t('board.agent.unanswered.none')}</p>}
      {data !== undefined && data.items.length > 0 && (
        <table className={styles['times']}>
          <thead>
            <tr>
              <th scope="col">{t('board.agent.unanswered.time')}</th>
              <th scope="col">{t('board.agent.unanswered.why')}</th>
              <th scope="col">{t('board.agent.queue')}</th>
              <th scope="col">{t('board.agent.unanswered.caller')}</th>
              <th scope="col">{t('board.agent.unanswered.rang')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map(({ call, offeredAt, reason, queue, callerEnding, ringMs }) => (
              <tr key={`${call} ${offeredAt}`} data-unanswered={reason}>
                <th scope="row">
                  <Link href={`/calls/${encodeURIComponent(call)}`}>{clock(offeredAt, i18n.language)}</Link>
                </th>
                <td>{t(`board.agent.unanswered.reason.${reason}`)}</td>
                <td>{queue === null ? t('common.none') : queueName(queue)}</td>
                <td>
                  {callerEnding === null
                    ? t('common.withheld')
                    : t('board.agent.unanswered.ending', { digits: callerEnding })}
                </td>
                <td>{duration(ringMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data?.more === true && <p className={styles['result']}>{t('board.agent.unanswered.more')}</p>}
    </section>
  )
}
