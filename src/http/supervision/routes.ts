/** The orders of supervisors to calls. Each is on record before it is carried out. */
import type { DeskCommand } from '../../core/desk-command.ts'
import { CallId } from '../../core/ids.ts'
import { recordOrder, type OrderGiven } from '../../ledger/supervision/orders.ts'
import { agentView } from '../agents/view.ts'
import { AgentView } from '../agents/wire.ts'
import type { App } from '../app.ts'
import { holderOf } from '../live/view.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { CallParams, refusals } from '../shell/documented.ts'
import { granted, Refused } from '../shell/problem.ts'
import { CancelCallback, MoveCall, Supervise } from './wire.ts'

/** Listening is an access to a citizen's data, so it takes the signed agreement. */
const hearing = { access: ['supervisor'], cityData: true } as const
const supervisorOnly = { access: ['supervisor'] } as const
const answers = { 200: AgentView, ...refusals(400, 401, 403, 404, 409, 503) }
const tags = ['supervision']

export function supervisionRoutes(app: App, context: RouteContext): void {
  const { db, logger } = context.deps
  const { state } = context.hub

  async function give(order: OrderGiven & { readonly call: CallId }, command: DeskCommand) {
    const live = state.call(order.call)
    const agent = live === undefined ? null : holderOf(live)
    await recordOrder(db, { ...order, agent })
    const view = agentView(granted(await context.deps.desk.perform(command)), context.names)
    logger.info({ by: order.by, order: order.what, call: order.call, agent }, 'a supervisor acted on a call')
    return view
  }

  /** The two orders that name no call in the ACD: the supervisor must be in this one. */
  function refuseElsewhere(by: string, call: CallId): void {
    const supervised = state.supervisedBy(by)
    if (supervised !== null && supervised !== call) throw new Refused('not-supervising')
  }

  app.post(
    '/api/calls/:id/supervision',
    {
      config: hearing,
      schema: {
        operationId: 'superviseCall',
        tags,
        summary: 'Listen to a conversation, whisper to its agent, or join it; my phone rings first',
        params: CallParams,
        body: Supervise,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      const { mode } = request.body
      return give({ by, what: mode, call }, { do: 'supervise', agent: by, call, mode })
    },
  )

  app.delete(
    '/api/calls/:id/supervision',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'stopSupervising',
        tags,
        summary: 'Leave the conversation that I supervise',
        params: CallParams,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      refuseElsewhere(by, call)
      // Leaving must be possible while PostgreSQL is not; the call's own event has it.
      return agentView(
        granted(await context.deps.desk.perform({ do: 'stopSupervising', agent: by })),
        context.names,
      )
    },
  )

  app.post(
    '/api/calls/:id/take-over',
    {
      config: hearing,
      schema: {
        operationId: 'takeOverCall',
        tags,
        summary: 'Serve the caller from now on, in the place of the agent whom I supervise',
        params: CallParams,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      refuseElsewhere(by, call)
      return give({ by, what: 'take over', call }, { do: 'takeOver', agent: by })
    },
  )

  app.post(
    '/api/calls/:id/move',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'moveCall',
        tags,
        summary: 'Move a waiting caller to the front, or to another queue',
        params: CallParams,
        body: MoveCall,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      const { queue, front = false } = request.body
      return give(
        { by, what: 'move', call, queue },
        { do: 'moveCall', agent: by, call, queue, toFront: front },
      )
    },
  )

  app.post(
    '/api/calls/:id/end',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'endCall',
        tags,
        summary: 'End a call, for the caller too',
        params: CallParams,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      return give({ by, what: 'end', call }, { do: 'endCall', agent: by, call })
    },
  )

  app.post(
    '/api/calls/:id/callback',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'promiseCallback',
        tags,
        summary: 'A waiting caller hears that they will be called back, and keeps the place in the queue',
        params: CallParams,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      return give({ by, what: 'call back', call }, { do: 'promiseCallback', agent: by, call })
    },
  )

  app.post(
    '/api/calls/:id/cancel-callback',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'cancelCallback',
        tags,
        summary: 'Do not call the citizen back',
        params: CallParams,
        body: CancelCallback,
        response: answers,
      },
    },
    async (request) => {
      const { id: by } = accountOf(request)
      const call = CallId(request.params.id)
      const { reason } = request.body
      return give({ by, what: 'cancel callback', call, reason }, { do: 'cancelCallback', agent: by, call })
    },
  )
}
