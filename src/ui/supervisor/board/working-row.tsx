import type { TFunction } from 'i18next'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { AgentActions } from './agent-actions.tsx'
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
  const { t } = useTranslation()
  const state = workState(agent, call)
  const about = detail(agent, call, state, t)
  return (
    <tr data-agent={agent.id}>
      <td title={agent.name}>{agent.name}</td>
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

function detail(agent: AgentView, call: LiveCallView | undefined, state: WorkState, t: TFunction): string {
  const after =
    agent.after === 'paused'
      ? ` ${t('board.working.after', { state: t('board.state.paused').toLowerCase() })}`
      : ''
  if (call !== undefined)
    return `${call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}${after}`
  if (agent.reason !== null) return t(`common.reason.${agent.reason}`)
  if (state === 'ready' && agent.phones.active !== null) return t(`board.device.${agent.phones.active}`)
  return after.trim()
}
