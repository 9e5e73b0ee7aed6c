import { Button } from '@mantine/core'
import { useMemo, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import { useMe } from '../../shared/server/me.ts'
import { isConversation } from '../supervision/my-call.ts'
import { supervise } from '../supervision/orders.ts'
import type { RowQuestion } from '../supervision/use-row-menu.ts'
import { supervisionKeyOf } from '../supervision/supervision-keys.ts'
import { AgentStates } from './agent-states.tsx'
import { isPauseKey, type AgentQuestion } from './agent-actions.tsx'
import { workingAgents } from './figures.ts'
import { Panel } from './panel.tsx'
import { useShownAgents } from './queue/shown.ts'
import { useSetAgentState } from './set-agent-state.ts'
import { useFrozen } from './use-frozen.ts'
import { useOrder } from './use-order.ts'
import { useResult } from './use-result.ts'
import { WorkingRow } from './working-row.tsx'
import styles from './board.module.css'

/** The working agents by state, with the time and the reason. */
export function WorkingTable() {
  const { t } = useTranslation()
  const agents = useShownAgents()
  const calls = useLive((state) => state.calls)
  const sorted = useMemo(() => workingAgents(agents.values(), calls), [agents, calls])
  const { frozen, handlers } = useFrozen()
  const rows = useOrder(sorted, frozen)
  const [result, setResult] = useResult()
  const { set, liftAll } = useSetAgentState(setResult)
  const me = useMe()
  const [asked, setAsked] = useState<RowQuestion<AgentQuestion> | null>(null)
  const fresh = useLive((state) => state.status === 'live')
  const held = rows.filter(({ imposed }) => imposed !== null)
  function press(event: KeyboardEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-agent]') : null
    const agent = rows.find(({ id }) => id === row?.dataset['agent'])
    if (agent === undefined || event.repeat || event.defaultPrevented) return
    const key = supervisionKeyOf(event)
    const call = calls.get(agent.callId ?? '')
    if (isPauseKey(event)) {
      event.preventDefault()
      if (!fresh) return
      if (agent.imposed !== null) void set(agent, 'ready')
      else setAsked({ row: agent.id, question: 'paused', at: event.timeStamp })
    } else if (key === 'leave' && call !== undefined) {
      event.preventDefault()
      setAsked({ row: agent.id, question: 'end call', at: event.timeStamp })
    } else if ((key === 'monitor' || key === 'whisper' || key === 'barge') && call !== undefined) {
      event.preventDefault()
      if (fresh && agent.id !== me.id && isConversation(call)) void supervise(me.id, call.id, key)
    }
  }
  return (
    <Panel
      id="working"
      title={t('board.working.title')}
      note={result !== '' ? result : frozen && rows.length > 1 ? t('board.frozen') : ''}
      handlers={handlers}
      onKeyDown={press}
      action={
        held.length > 1 && (
          <Button
            size="compact-sm"
            variant="light"
            data-action="lift-all"
            {...unavailable(!fresh)}
            title={fresh ? undefined : t('desk.why.feed')}
            onClick={() => fresh && void liftAll(held)}
          >
            {t('board.working.liftAll', { count: held.length })}
          </Button>
        )
      }
    >
      <AgentStates />
      <output className="spoken-only">{result}</output>
      {rows.length === 0 ? (
        <p className={styles['nobody']}>{t('board.working.none')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('board.working.agent')}</th>
              <th scope="col" className={styles['state']}>
                {t('board.working.state')}
              </th>
              <th scope="col" className={`${styles['figure']} ${styles['since']}`}>
                {t('board.working.since')}
              </th>
              <th scope="col" className={styles['detail']}>
                {t('board.working.detail')}
              </th>
              <th scope="col" className={`${styles['figure']} ${styles['count']}`}>
                {t('board.working.calls')}
              </th>
              <th scope="col" className={styles['rowMenu']}>
                <span className="spoken-only">{t('board.working.menu')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((agent) => (
              <WorkingRow
                key={agent.id}
                agent={agent}
                call={calls.get(agent.callId ?? '')}
                report={setResult}
                asked={asked?.row === agent.id ? asked : null}
              />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
