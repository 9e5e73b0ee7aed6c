import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { imposedText } from '../../shared/imposed-text.ts'
import { OverPause } from '../../shared/over-pause.tsx'
import { usePauseName } from '../../shared/pause-names.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { hourAndMinute, shortDateTime } from '../../shared/time/time.ts'
import { useTitle } from '../../shared/use-title.ts'
import { AgentButtons } from './agent-buttons.tsx'
import { AgentDay } from './agent-day.tsx'
import { AgentUnanswered } from './agent-unanswered.tsx'
import { Fact } from './fact.tsx'
import { workState } from '../board/figures.ts'
import { WorkMark } from '../board/work-mark.tsx'
import { useQueueName } from '../../shared/server/queue-names.ts'
import styles from './agent-page.module.css'

/** One agent, as a supervisor opens them from the board. */
export function AgentPage({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const agent = useLive((state) => state.agents.get(id))
  const call = useLive((state) => state.calls.get(agent?.callId ?? ''))
  const loaded = useLive((state) => state.today !== null)
  useTitle(`${agent?.name ?? t('board.title')} · ${t('common.product')}`)
  if (agent === undefined) return loaded ? <Notice text={t('board.agent.unknown')} /> : null
  return (
    <div className={styles['page']} data-agent-page={id}>
      <Link href="/board">{t('board.agent.back')}</Link>
      <Now agent={agent} call={call} />
      <div className={styles['wide']}>
        <AgentDay id={id} />
        <AgentUnanswered id={id} />
      </div>
    </div>
  )
}

function Now({ agent, call }: { readonly agent: AgentView; readonly call: LiveCallView | undefined }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const pauseName = usePauseName()
  const [result, setResult] = useState('')
  const state = workState(agent, call)
  const since = state === 'held' && call !== undefined ? call.since : agent.since
  return (
    <section aria-labelledby="agent">
      <h1 id="agent">{agent.name}</h1>
      <dl className={styles['facts']}>
        <Fact label={t('board.agent.state')}>
          <WorkMark state={state} /> <Elapsed since={since} />
        </Fact>
        <Fact label={t('board.agent.since')}>{hourAndMinute(since, i18n.language)}</Fact>
        {agent.imposed !== null ? (
          <Fact label={t('board.agent.pause')}>{imposedText(agent.imposed, t, i18n.language)}</Fact>
        ) : (
          agent.reason !== null && (
            <Fact label={t('board.agent.reason')}>
              {pauseName(agent.reason)} <OverPause reason={agent.reason} since={agent.since} />
            </Fact>
          )
        )}
        <Fact label={t('board.agent.call')}>
          {call === undefined ? (
            t('board.agent.noCall')
          ) : (
            <>
              <Link href={`/calls/${encodeURIComponent(call.id)}`}>
                {call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}
              </Link>{' '}
              · {queueName(call.queue.id)} · {t(`board.phase.${call.phase}`, { agent: agent.name })}
            </>
          )}
        </Fact>
        <Fact label={t('skills.ofAgent')}>
          <Link href={`/skills?agent=${encodeURIComponent(agent.id)}`}>{t('skills.edit')}</Link>
        </Fact>
        <Fact label={t('board.agent.phone')}>{t(`board.device.${agent.phones.active ?? 'none'}`)}</Fact>
        <Fact label={t('board.agent.calls')}>{agent.callsToday}</Fact>
        <Fact label={t('board.agent.missed')}>{agent.missed}</Fact>
        {agent.emergencyAt !== null && (
          <Fact label={t('board.agent.emergency')}>{shortDateTime(agent.emergencyAt, i18n.language)}</Fact>
        )}
      </dl>
      <AgentButtons agent={agent} report={setResult} />
      <output className={styles['result']}>{result}</output>
    </section>
  )
}
