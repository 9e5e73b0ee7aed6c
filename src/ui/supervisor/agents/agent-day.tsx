import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AgentDayView } from '../../../http/agents/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { usePauseName } from '../../shared/pause-names.ts'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { duration } from '../../shared/time/time.ts'
import { WorkMark } from '../board/work-mark.tsx'
import { Fact } from './fact.tsx'
import styles from './agent-page.module.css'

const refetchEveryMs = 15_000

/** The agent's conversations of today, and how long they were in each state. */
export function AgentDay({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const pauseName = usePauseName()
  const { data, error, refetch } = useQuery({
    queryKey: ['agents', 'day', id],
    queryFn: () => api<AgentDayView>('GET', `/agents/${encodeURIComponent(id)}/day`),
    refetchInterval: refetchEveryMs,
  })
  return (
    <section aria-labelledby="agent-day" data-agent-day={data !== undefined}>
      <h2 id="agent-day">{t('board.agent.today')}</h2>
      {error !== null && <Notice text={problemText(error, t)} again={() => void refetch()} />}
      {data !== undefined && (
        <>
          <dl className={styles['facts']}>
            <Fact label={t('board.agent.answered')}>{data.answered}</Fact>
            <Fact label={t('board.agent.average')}>
              {data.answered === 0 ? t('common.none') : duration(data.talkMs / data.answered)}
            </Fact>
          </dl>
          <table className={styles['times']}>
            <thead>
              <tr>
                <th scope="col">{t('board.working.state')}</th>
                <th scope="col">{t('board.agent.time')}</th>
              </tr>
            </thead>
            <tbody>
              {data.times.map(({ state, reason, ms }) => (
                <tr key={`${state} ${reason ?? ''}`}>
                  <th scope="row">
                    <WorkMark state={state} />
                    {reason !== null && `: ${pauseName(reason)}`}
                  </th>
                  <td>{duration(ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  )
}
