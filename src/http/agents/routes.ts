/** Changes of an agent's state by a supervisor, and an agent's day. */
import type { Desk } from '../../acd/ports.ts'
import type { Agent, Supervisor } from '../../core/agent.ts'
import type { DeskAnswer, DeskCommand } from '../../core/desk-command.ts'
import { AgentId } from '../../core/ids.ts'
import { stateTimes } from '../../core/reports/agent-day.ts'
import { startOfDay } from '../../core/local-time.ts'
import { agentDay } from '../../ledger/reports/agent-day.ts'
import { recordOrder } from '../../ledger/supervision/orders.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { AgentParams, refusals } from '../shell/documented.ts'
import { agentView } from './view.ts'
import { granted, Refused } from '../shell/problem.ts'
import { accountOf, mayUse } from '../session/session.ts'
import { AgentDayView, AgentView, SetAgentState } from './wire.ts'

export function agentRoutes(app: App, { deps, names }: RouteContext): void {
  const { desk, logger, db, now, directory } = deps
  app.put(
    '/api/agents/:id/state',
    {
      config: { access: ['supervisor'] },
      schema: {
        operationId: 'setAgentState',
        tags: ['agents'],
        summary: 'Pause an agent, make them ready, or sign them out: at once, or after their present call',
        params: AgentParams,
        body: SetAgentState,
        response: { 200: AgentView, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const agent = AgentId(request.params.id)
      const { id, name } = accountOf(request)
      const { state } = request.body
      const reason = request.body.reason ?? null
      // The line must be led while PostgreSQL is away, too: then the log has the order, and the agent's event the change.
      await recordOrder(db, { by: id, what: state, agent, reason }).catch((err: unknown) =>
        logger.error({ err, by: id, agent, state, reason }, 'a supervisor’s order is not on record'),
      )
      const view = agentView(grantedOfAgent(await setState(desk, agent, state, { id, name })), names)
      logger.info({ by: id, agent, state, reason }, 'a supervisor set the state of an agent')
      return view
    },
  )

  app.get(
    '/api/agents/:id/day',
    {
      config: { access: ['agent', 'supervisor'] },
      schema: {
        operationId: 'agentDay',
        tags: ['agents'],
        summary: 'An agent’s day: conversations, and the time in each state; for an agent their own',
        params: AgentParams,
        response: { 200: AgentDayView, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const id = AgentId(request.params.id)
      const account = accountOf(request)
      if (id !== account.id && !mayUse(account, ['supervisor'])) throw new Refused('forbidden')
      if (!directory.agents().some((agent) => agent.id === id)) throw new Refused('unknown-agent')
      const midnight = startOfDay(now())
      const { changes, answered, talkMs } = await agentDay(db, id, midnight)
      const times = stateTimes(changes, midnight, now())
      return {
        answered,
        talkMs: Math.round(talkMs),
        times: times.map(({ ms, ...rest }) => ({ ...rest, ms: Math.round(ms) })),
      }
    },
  )
}

/** Lifts a supervisor's pause, or ends the agent's own one: only the ACD knows which it is now. */
async function setState(
  desk: Desk,
  agent: AgentId,
  state: SetAgentState['state'],
  by: Supervisor,
): Promise<DeskAnswer> {
  const answer = await desk.perform(commandOf(agent, state, by))
  if (answer.ok || answer.refusal !== 'not paused by a supervisor') return answer
  return desk.perform({ do: 'ready', agent })
}

/** The agent's own sentences speak to the agent. */
function grantedOfAgent(answer: DeskAnswer): Agent {
  if (!answer.ok && answer.refusal === 'not signed in') throw new Refused('agent-not-signed-in')
  if (!answer.ok && answer.refusal === 'no reachable phone') throw new Refused('agent-without-phone')
  return granted(answer)
}

function commandOf(agent: AgentId, state: SetAgentState['state'], by: Supervisor): DeskCommand {
  switch (state) {
    case 'paused':
      return { do: 'imposePause', agent, by }
    case 'ready':
      return { do: 'liftPause', agent, by }
    case 'signed out':
      return { do: 'signOut', agent }
  }
}
