import type { TFunction } from 'i18next'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { OverPause } from '../../shared/over-pause.tsx'
import { usePauseName } from '../../shared/pause-names.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { hourAndMinute } from '../../shared/time/time.ts'
import { supervisionKeys } from '../supervision/supervision-keys.ts'
import type { RowQuestion } from '../supervision/use-row-menu.ts'
import { AgentActions, pauseKey, type AgentQuestion } from './agent-actions.tsx'
import { agentPath } from './agent-path.ts'
import { workState, type WorkState } from './figures.ts'
import { WorkMark } from './work-mark.tsx'
import styles from './board.module.css'

interface WorkingRowProps {
  readonly agent: AgentView
  readonly call: LiveCallView | undefined
  readonly report: (text: string) => void
  readonly asked: RowQuestion<AgentQuestion> | null
}

const rowKeys = [pauseKey, ...Object.values(supervisionKeys)].join(' ').replaceAll('Ctrl', 'Control')

/** Memoised: of two hundred rows only those that an event has changed are rendered. */
export const WorkingRow = memo(Row)

function Row({ agent, call, report, asked }: WorkingRowProps) {
  const { t, i18n } = useTranslation()
  const state = workState(agent, call)
  const pauseName = usePauseName()
  const about = detail(agent, call, state, { t, language: i18n.language, pauseName })
  const names = (call?.supervisions ?? [])
    .flatMap(({ name, since }) => (since === null ? [] : [name]))
    .join(', ')
  const others = t('supervision.others', { names })
  const external =
    call?.consult?.external === true ? t('board.working.with', { name: call.consult.with.name }) : ''
  const titles = [about, external, names === '' ? '' : others].filter((part) => part !== '')
  return (
    <tr data-agent={agent.id} data-imposed={agent.imposed !== null}>
      <td>
        <Link href={agentPath(agent.id)} aria-keyshortcuts={rowKeys}>
          {agent.name}
        </Link>
      </td>
      <td>
        <WorkMark state={state} />
      </td>
      <td className={styles['figure']}>
        <Elapsed since={sinceOf(agent, call, state)} />
      </td>
      <td title={titles.join(', ')}>
        <div className={styles['about']}>
          <span>{about}</span>
          {agent.imposed === null && <OverPause reason={agent.reason} since={agent.since} />}
          {external !== '' && (
            <span className={styles['listeners']} data-external-party>
              <Icon name="callOut" size={14} />
              <span className="spoken-only">{external}</span>
            </span>
          )}
          {names !== '' && (
            <span className={styles['listeners']}>
              <Icon name="ear" size={14} />
              <span className="spoken-only">{others}</span>
            </span>
          )}
        </div>
      </td>
      <td className={styles['figure']}>{agent.callsToday}</td>
      <td className={styles['rowMenu']}>
        <AgentActions agent={agent} call={call} report={report} asked={asked} />
      </td>
    </tr>
  )
}

function sinceOf(agent: AgentView, call: LiveCallView | undefined, state: WorkState): string {
  if (call === undefined) return agent.since
  if (state === 'help') return call.helpSince ?? call.since
  return state === 'held' ? call.since : agent.since
}

interface Words {
  readonly t: TFunction
  readonly language: string
  readonly pauseName: (reason: string) => string
}

function detail(
  agent: AgentView,
  call: LiveCallView | undefined,
  state: WorkState,
  { t, language, pauseName }: Words,
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
  if (agent.reason !== null) return pauseName(agent.reason)
  if (state === 'ready' && agent.phones.active !== null) return t(`board.device.${agent.phones.active}`)
  return after.trim()
}
