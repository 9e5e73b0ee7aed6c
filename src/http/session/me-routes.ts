/** The agent's own seat: state, phone, page, and what he does with his call. */
import { phoneUser } from '../../people/phones.ts'
import type { Account } from '../../people/accounts.ts'
import type { Agent } from '../../core/agent.ts'
import { OfferId, type AgentId } from '../../core/ids.ts'
import type { Static } from 'typebox'
import type { Command, DeskCommands } from '../../acd/ports.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { meView } from './me-view.ts'
import { agentView } from '../shell/presenters.ts'
import { Refused, granted } from '../shell/problem.ts'
import { accountOf } from './session.ts'
import { AgentView } from '../agents/wire.ts'
import { CallAction, ClaimPage, Me, MyPhone, SetDevice, SetState } from './wire.ts'

const extendByMs = 30_000
/** An agent cannot say these of himself. */
const reservedReasons: readonly string[] = ['sign-in', 'missed', 'supervisor']
const agentOnly = { access: ['agent'] } as const

export function meRoutes(app: App, context: RouteContext): void {
  const { desk } = context.deps
  const view = (agent: Agent) => agentView(agent, context.names)

  app.get(
    '/api/me',
    {
      schema: {
        operationId: 'me',
        tags: ['me'],
        summary: 'Who I am',
        response: { 200: Me, ...refusals(401, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      return meView(context, account, context.hub.line.agent(account.id) ?? null)
    },
  )

  app.get(
    '/api/me/phone',
    {
      config: agentOnly,
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
        summary: 'Ready, or paused with a reason',
        body: SetState,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request)
      const { state, reason = 'break' } = request.body
      if (reservedReasons.includes(reason)) throw new Refused('reserved-reason')
      const set = () => (state === 'ready' ? desk.ready(id) : desk.pause(id, reason))
      return view(granted(await joined(desk, id, set)))
    },
  )

  app.put(
    '/api/me/device',
    {
      config: agentOnly,
      schema: {
        operationId: 'setMyDevice',
        tags: ['me'],
        summary: 'Which phone rings; null: the browser if it is reachable, else the desk phone',
        body: SetDevice,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request)
      return view(granted(await joined(desk, id, () => desk.chooseDevice(id, request.body.device))))
    },
  )

  app.put(
    '/api/me/page',
    {
      config: agentOnly,
      schema: {
        operationId: 'claimPage',
        tags: ['me'],
        summary: 'This page is the one in use; the older is told',
        body: ClaimPage,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      const { id } = accountOf(request)
      await context.pages.claim(id, request.body.instance)
      await desk.pageOpened(id, request.body.instance)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/me/call',
    {
      config: agentOnly,
      schema: {
        operationId: 'actOnMyCall',
        tags: ['me'],
        summary: 'What I do with the present call',
        body: CallAction,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => view(granted(await act(desk, accountOf(request).id, request.body))),
  )
}

/** Someone whom a supervisor signed out, or who signed in while the line was away, joins by asking for a state. */
async function joined(
  desk: DeskCommands,
  agent: AgentId,
  set: () => Promise<Command<Agent>>,
): Promise<Command<Agent>> {
  const first = await set()
  if (first.ok || first.refusal !== 'not signed in') return first
  const signedIn = await desk.signIn(agent)
  return signedIn.ok ? set() : signedIn
}

function act(
  desk: DeskCommands,
  agent: AgentId,
  { action, offerId }: Static<typeof CallAction>,
): Promise<Command<Agent>> {
  const offer = offerId === undefined ? undefined : OfferId(offerId)
  switch (action) {
    case 'hang-up':
      return desk.hangUp(agent, offer)
    case 'hold':
      return desk.hold(agent, offer)
    case 'resume':
      return desk.resume(agent, offer)
    case 'mute':
      return desk.mute(agent, true, offer)
    case 'unmute':
      return desk.mute(agent, false, offer)
    case 'decline':
      return desk.decline(agent, offer)
    case 'end-wrap-up':
      return desk.endWrapUp(agent)
    case 'extend-wrap-up':
      return desk.extendWrapUp(agent, extendByMs)
  }
}

function phoneOf({ deps }: RouteContext, account: Account): Static<typeof MyPhone> {
  const username = phoneUser(account.username, 'web')
  const { domain, echo } = deps.settings.phone
  return { username, password: deps.phonePassword(username), domain, path: '/sip', echo }
}
