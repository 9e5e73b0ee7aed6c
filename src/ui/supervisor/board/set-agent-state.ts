import { useTranslation } from 'react-i18next'
import type { AgentView, SetAgentState } from '../../../http/agents/wire.ts'
import type { StateReason } from '../../../http/supervision/wire.ts'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'

type Wanted = SetAgentState['state']
const done = {
  paused: 'board.working.paused',
  ready: 'board.working.lifted',
  'signed out': 'board.working.signedOut',
} as const

const put = (agent: AgentView, state: Wanted, reason?: StateReason): Promise<unknown> =>
  api('PUT', `/agents/${encodeURIComponent(agent.id)}/state`, { state, ...(reason && { reason }) })

/** A supervisor's commands to agents; `report` gets one sentence for each result. */
export function useSetAgentState(report: (text: string) => void) {
  const { t } = useTranslation()

  async function set(agent: AgentView, state: Wanted, reason?: StateReason): Promise<void> {
    try {
      await put(agent, state, reason)
      const isForced = state === 'ready' && reason !== undefined
      report(t(isForced ? 'supervision.madeReady' : done[state], { name: agent.name }))
    } catch (error) {
      report(problemText(error, t))
    }
  }

  /** One failure hides no other result: what could not be lifted stays on the board, with the reason. */
  async function liftAll(agents: readonly AgentView[]): Promise<void> {
    const results = await Promise.allSettled(agents.map((agent) => put(agent, 'ready')))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) report(problemText(failed.reason, t))
    else report(t('board.working.liftedAll', { count: agents.length }))
  }
  return { set, liftAll }
}
