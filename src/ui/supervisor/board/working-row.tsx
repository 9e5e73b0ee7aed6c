import type { TFunction } from 'i18next'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { hourAndMinute } from '../../shared/time/time.ts'
import { AgentActions, pauseKey } from './agent-actions.tsx'
import { agentPath } from './agent-path.ts'
import { workState, type WorkState } from './figures.ts'
import { WorkMark } from './work-mark.tsx'
import styles from './board.module.css'

interface WorkingRowProps {
  readonly agent: AgentView
  readonly call: LiveCallView | undefined
  readonly report: (text: string) => void
}

/** Memoised: of two hundred rows only those that an event has changed are rendered. */
export const WorkingRow = memo(Row)

function Row({ agent, call, report }: WorkingRowProps) {
  const { t, i18n } = useTranslation()
  const state = workState(agent, call)
  const about = detail(agent, call, state, t, i18n.language)
  return (
    <tr data-agent={agent.id} data-imposed={agent.imposed !== null}>
      <td>
        <Link href={agentPath(agent.id)} aria-keyshortcuts={pauseKey}>
          {agent.name}
        </Link>
      </td>
      <td>
        <WorkMark state={state} />
      </td>
      <td className={styles['figure']}>
        <Elapsed since={state === 'held' && call !== undefined ? call.since : agent.since} />
      </td>
      <td title={about}>{about}</td>
      <td className={styles['figure']}>{agent.callsToday}</td>
      <td className={styles['menu']}>
        <AgentActions agent={agent} report={report} />
      </td>
    </tr>
  )
}

function detail(
  agent: AgentView,
  call: LiveCallView | undefined,
  state: WorkState,
  t: TFunction,
  language: string,
): string {
  const after =
    agent.after === 'paused'
      ? ` ${t('board.working.after', { state: t('board.state.paused').toLowerCase() })}`
      : ''
  if (call !== undefined)
    return `${call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}${after}`
  if (agent.imposed !== null && agent.state === 'paused') {
    const { by, since } = agent.imposed
    return by === null
      ? t('common.reason.supervisor')
      : t('board.working.imposed', { name: by, time: hourAndMinute(since, language) })
  }
  if (agent.reason !== null) return t(`common.reason.${agent.reason}`)
  if (state === 'ready' && agent.phones.active !== null) return t(`board.device.${agent.phones.active}`)
  return after.trim()
}
