/** Sign-in, the signed-in account, and the commands of an agent's desk. */
import { Type, type Static } from 'typebox'
import type { DeskCommand, DeskCommandOf } from '../../core/desk-command.ts'
import { supervisionModes } from '../../core/call.ts'
import { recordingPauseReasons } from '../../core/media/recording-pause.ts'
import { OfferId, type AgentId, type CallId, type QueueId } from '../../core/ids.ts'
import { Described, Call, Device, Id, Instance, Nullable, Offer, PauseReason, roles } from '../wire.ts'
import { AgentView } from '../agents/wire.ts'
import { ConsultTarget, TransferTarget } from '../transfer/wire.ts'

export const SignIn = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
  code: Type.Optional(
    Described(
      'Of the authenticator app, or a recovery code; after `code-needed`.',
      Type.String({ minLength: 1, maxLength: 40 }),
    ),
  ),
})
export type SignIn = Static<typeof SignIn>

export const Me = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  roles: Type.Array(Type.Enum([...roles])),
  employer: Type.String(),
  agent: Nullable(AgentView),
  servesQueue: Described(
    'Whether calls of a queue may ring at this agent: false without the skill of any queue, at its level, and for other roles.',
    Type.Boolean(),
  ),
  demo: Type.Boolean(),
  mustEnrol: Described(
    'A role requires a second factor that this session lacks: everything but enrolling one is refused.',
    Type.Boolean(),
  ),
  throughProvider: Described(
    'Signed in through the identity provider: sign-out goes by it, too.',
    Type.Boolean(),
  ),
  holdReminderMs: Described(
    'A caller who has been on hold for so long is a forgotten one, again each time that it passes.',
    Type.Integer(),
  ),
})
export type Me = Static<typeof Me>

export const MyPhone = Type.Object({
  username: Type.String(),
  password: Type.String(),
  domain: Type.String(),
  path: Described('Path of the SIP WebSocket on this site.', Type.String()),
  echo: Described('Number to dial for the echo test.', Type.String()),
})

/**
 * Where the gate (`asterisk/security/admissions.ts`) asks whether a session may have the phone's WebSocket, with the
 * headers of the answer, and, once it has ended, whether its agent's call may go on.
 */
export const phoneSocket = {
  path: '/api/me/phone/socket',
  accountHeader: 'linia-account',
  untilHeader: 'linia-session-until',
  callPath: '/api/me/phone/socket/call',
} as const

export const SetState = Type.Object({
  state: Type.Enum(['ready', 'paused']),
  reason: Described('Without it the first one that is offered.', Type.Optional(PauseReason)),
})

export const SetDevice = Type.Object({ device: Nullable(Device) })

const onAgent = { agent: Type.Unsafe<AgentId>(Id) }
const Supervisor = Type.Object({ id: Type.Unsafe<AgentId>(Id), name: Type.String() })
const onCall = { ...onAgent, offer: Type.Optional(Type.Unsafe<OfferId>(Offer)) }

export const DeskCommandBody = Described(
  'A command of a desk, as a node sends it to the owner.',
  Type.Union([
    Type.Object({ do: Type.Literal('signIn'), ...onAgent }),
    Type.Object({ do: Type.Literal('signOut'), ...onAgent }),
    Type.Object({ do: Type.Literal('ready'), ...onAgent }),
    Type.Object({ do: Type.Literal('pause'), ...onAgent, reason: PauseReason }),
    Type.Object({ do: Type.Literal('imposePause'), ...onAgent, by: Supervisor }),
    Type.Object({ do: Type.Literal('liftPause'), ...onAgent, by: Supervisor }),
    Type.Object({ do: Type.Literal('chooseDevice'), ...onAgent, device: Nullable(Device) }),
    Type.Object({
      do: Type.Literal('callOut'),
      ...onAgent,
      isSupervisor: Type.Boolean(),
      number: Nullable(Type.String({ maxLength: 40 })),
      returns: Nullable(
        Type.Union([
          Type.Object({ call: Type.Unsafe<CallId>(Call) }),
          Type.Object({ request: Type.String({ maxLength: 40 }) }),
        ]),
      ),
      queue: Type.Optional(Type.Unsafe<QueueId>(Id)),
      isOwnWord: Type.Optional(Type.Boolean()),
    }),
    Type.Object({ do: Type.Literal('hangUp'), ...onCall }),
    Type.Object({ do: Type.Literal('hold'), ...onCall }),
    Type.Object({ do: Type.Literal('resume'), ...onCall }),
    Type.Object({ do: Type.Literal('mute'), ...onCall, muted: Type.Boolean() }),
    Type.Object({ do: Type.Literal('transfer'), ...onCall, to: TransferTarget }),
    Type.Object({ do: Type.Literal('consult'), ...onCall, to: ConsultTarget, joins: Type.Boolean() }),
    Type.Object({ do: Type.Literal('joinConsult'), ...onCall }),
    Type.Object({ do: Type.Literal('completeConsult'), ...onCall }),
    Type.Object({ do: Type.Literal('cancelConsult'), ...onCall }),
    Type.Object({ do: Type.Literal('askForHelp'), ...onCall, wanted: Type.Boolean() }),
    Type.Object({
      do: Type.Literal('pauseRecording'),
      ...onCall,
      reason: Type.Enum([...recordingPauseReasons]),
    }),
    Type.Object({ do: Type.Literal('resumeRecording'), ...onCall }),
    Type.Object({
      do: Type.Literal('supervise'),
      ...onAgent,
      call: Type.Unsafe<CallId>(Call),
      mode: Type.Enum([...supervisionModes]),
    }),
    Type.Object({ do: Type.Literal('stopSupervising'), ...onAgent }),
    Type.Object({ do: Type.Literal('takeOver'), ...onAgent }),
    Type.Object({
      do: Type.Literal('moveCall'),
      ...onAgent,
      call: Type.Unsafe<CallId>(Call),
      queue: Type.Unsafe<QueueId>(Id),
      toFront: Type.Boolean(),
    }),
    Type.Object({ do: Type.Literal('promiseCallback'), ...onAgent, call: Type.Unsafe<CallId>(Call) }),
    Type.Object({ do: Type.Literal('cancelCallback'), ...onAgent, call: Type.Unsafe<CallId>(Call) }),
    Type.Object({ do: Type.Literal('endCall'), ...onAgent, call: Type.Unsafe<CallId>(Call) }),
    Type.Object({ do: Type.Literal('decline'), ...onCall }),
    Type.Object({ do: Type.Literal('extendWrapUp'), ...onAgent, byMs: Type.Integer({ minimum: 0 }) }),
    Type.Object({ do: Type.Literal('endWrapUp'), ...onAgent }),
    Type.Object({ do: Type.Literal('pageOpened'), ...onAgent, instance: Instance }),
  ]),
)
/** Compiles only while the schema and the union in `core` are the same. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<Static<typeof DeskCommandBody>, DeskCommand>

/** How much `extend-wrap-up` adds. */
export const extendByMs = 30_000

/** Each `action` of `POST /api/me/call`, and the command that it stands for. */
const callActions = {
  'hang-up': (target) => ({ do: 'hangUp', ...target }),
  hold: (target) => ({ do: 'hold', ...target }),
  resume: (target) => ({ do: 'resume', ...target }),
  mute: (target) => ({ do: 'mute', muted: true, ...target }),
  unmute: (target) => ({ do: 'mute', muted: false, ...target }),
  decline: (target) => ({ do: 'decline', ...target }),
  'join-consult': (target) => ({ do: 'joinConsult', ...target }),
  'complete-consult': (target) => ({ do: 'completeConsult', ...target }),
  'cancel-consult': (target) => ({ do: 'cancelConsult', ...target }),
  'ask-for-help': (target) => ({ do: 'askForHelp', wanted: true, ...target }),
  'no-help': (target) => ({ do: 'askForHelp', wanted: false, ...target }),
  'resume-recording': (target) => ({ do: 'resumeRecording', ...target }),
  'end-wrap-up': ({ agent }) => ({ do: 'endWrapUp', agent }),
  'extend-wrap-up': ({ agent }) => ({ do: 'extendWrapUp', agent, byMs: extendByMs }),
} satisfies Record<string, (target: Omit<DeskCommandOf<'hold'>, 'do'>) => DeskCommand>

export const CallAction = Described(
  '`POST /api/me/call`: what the agent does with the call on the screen; without `offerId`, with the present one.',
  Type.Object({
    offerId: Type.Optional(Offer),
    action: Type.Enum(Object.keys(callActions) as (keyof typeof callActions)[]),
  }),
)
export type CallAction = Static<typeof CallAction>

export function commandOf(agent: AgentId, { action, offerId }: CallAction): DeskCommand {
  return callActions[action]({ agent, ...(offerId === undefined ? {} : { offer: OfferId(offerId) }) })
}

export const ClaimPage = Described(
  "`PUT /api/me/page`: this page becomes the agent's active page.",
  Type.Object({ instance: Instance }),
)
