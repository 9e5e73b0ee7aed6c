/** The signed-in account: the agent's state, phone, page, and commands to their call. */
import type { Account } from '../../people/accounts.ts'
import { reservedPauseReasons, type Agent, type ImposedPause, type PauseReason } from '../../core/agent.ts'
import { wallClockAt } from '../../core/local-time.ts'
import type { DeskAnswer, DeskCommand } from '../../core/desk-command.ts'
import type { Static } from 'typebox'
import type { Desk } from '../../acd/ports.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { meView } from './view.ts'
import { agentView } from '../agents/view.ts'
import { Refused, granted } from '../shell/problem.ts'
import { phoneAccountOf } from './phone-account.ts'
import { accountOf } from './session.ts'
import { AgentView } from '../agents/wire.ts'
import { CallAction, ClaimPage, commandOf, Me, MyPhone, SetDevice, SetState } from './wire.ts'

/** Reasons that agents can never choose. `technical` is among the usual ones of a city without its own. */
const systemReasons: readonly string[] = reservedPauseReasons.filter((reason) => reason !== 'technical')
const agentOnly = { access: ['agent'] } as const
/** Supervisors have phones, and serve the callers whom they take over. */
const withPhone = { access: ['agent', 'supervisor'] } as const

export function meRoutes(app: App, context: RouteContext): void {
  const { desk } = context.deps
  const view = (agent: Agent) => agentView(agent, context.names)

  app.get(
    '/api/me',
    {
      config: { withoutSecondFactor: true },
      schema: {
        operationId: 'me',
        tags: ['me'],
        summary: 'My account and agent state',
        response: { 200: Me, ...refusals(401, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const agent = context.hub.state.agent(account.id) ?? null
      return meView(context, account, agent, request.signedIn?.session.method ?? null)
    },
  )

  app.get(
    '/api/me/phone',
    {
      config: withPhone,
      schema: {
        operationId: 'myPhone',
        tags: ['me'],
        summary: 'Credentials of my browser phone',
        response: { 200: MyPhone, ...refusals(401, 403) },
      },
    },
    async (request) => phoneOf(context, accountOf(request)),
  )

  app.put(
    '/api/me/state',
    {
      config: agentOnly,
      schema: {
        operationId: 'setMyState',
        tags: ['me'],
        summary: 'Set my state: ready, or paused with a reason',
        body: SetState,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request)
      const { state, reason = firstReason(context) } = request.body
      if (systemReasons.includes(reason)) throw new Refused('reserved-reason')
      const command: DeskCommand =
        state === 'ready' ? { do: 'ready', agent: id } : { do: 'pause', agent: id, reason }
      const answer = await signedInFirst(desk, command)
      if (!answer.ok && answer.refusal === 'paused by a supervisor')
        throw pausedBySupervisor(context.hub.state.agent(id)?.imposed ?? null)
      return view(granted(answer))
    },
  )

  app.put(
    '/api/me/device',
    {
      config: agentOnly,
      schema: {
        operationId: 'setMyDevice',
        tags: ['me'],
        summary: 'Choose my phone; null: the browser’s if it is reachable, else the desk phone',
        body: SetDevice,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request)
      const { device } = request.body
      return view(granted(await signedInFirst(desk, { do: 'chooseDevice', agent: id, device })))
    },
  )

  app.put(
    '/api/me/page',
    {
      config: agentOnly,
      schema: {
        operationId: 'claimPage',
        tags: ['me'],
        summary: 'Make this page the active one; the older page is superseded',
        body: ClaimPage,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      const { id } = accountOf(request)
      const { instance } = request.body
      await context.pages.claim(id, instance)
      await desk.perform({ do: 'pageOpened', agent: id, instance })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/me/call',
    {
      config: withPhone,
      schema: {
        operationId: 'actOnMyCall',
        tags: ['me'],
        summary: 'Perform an action on my present call',
        body: CallAction,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => view(granted(await desk.perform(commandOf(accountOf(request).id, request.body)))),
  )
}

/** Of a pause without a reason. */
const firstReason = ({ deps: { directory } }: RouteContext): PauseReason =>
  directory.pauses().offered[0]?.id ?? 'break'

/**
 * Signs the agent in to the ACD first where that is missing: a supervisor signed them out, or the ACD was not
 * available when their session began.
 */
async function signedInFirst(desk: Desk, command: DeskCommand): Promise<DeskAnswer> {
  const first = await desk.perform(command)
  if (first.ok || first.refusal !== 'not signed in') return first
  const signedIn = await desk.perform({ do: 'signIn', agent: command.agent })
  return signedIn.ok ? desk.perform(command) : signedIn
}

/** Names who set the pause and when, as far as the live state has it already. */
function pausedBySupervisor(imposed: ImposedPause | null): Refused {
  const name = imposed?.by?.name
  if (imposed === null || name === undefined) return new Refused('paused-by-supervisor')
  const { hour, minute } = wallClockAt(imposed.since)
  const at = `${hour}:${String(minute).padStart(2, '0')}`
  return new Refused('paused-by-supervisor', null, [], {
    ro: `Pauza a fost pusă de ${name} la ${at}; numai un supervizor o ridică.`,
    en: `${name} set this pause at ${at}; only a supervisor lifts it.`,
  })
}

async function phoneOf(context: RouteContext, account: Account): Promise<Static<typeof MyPhone>> {
  const { domain, echo } = context.deps.settings.phone
  return { ...(await phoneAccountOf(context, account, 'web')), domain, path: '/sip', echo }
}
