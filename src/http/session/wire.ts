/** Sign-in, and what an agent asks for at their own desk. */
import { Type, type Static } from 'typebox'
import { Device, Instance, Nullable, PauseReason, roles } from '../wire.ts'
import { AgentView } from '../agents/wire.ts'

export const SignIn = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
})

export const Me = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  roles: Type.Array(Type.Enum([...roles])),
  employer: Type.String(),
  agent: Nullable(AgentView),
  demo: Type.Boolean(),
})
export type Me = Static<typeof Me>

export const MyPhone = Type.Object({
  username: Type.String(),
  password: Type.String(),
  domain: Type.String(),
  /** Path of the WebSocket on this site. */
  path: Type.String(),
  /** What to dial for the echo test. */
  echo: Type.String(),
})

export const SetState = Type.Object({
  state: Type.Enum(['ready', 'paused']),
  reason: Type.Optional(PauseReason),
})

export const SetDevice = Type.Object({ device: Nullable(Device) })

/** `POST /api/me/call` — what the agent does with the call that he sees; without `offerId`, with the present one. */
export const CallAction = Type.Object({
  offerId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  action: Type.Enum([
    'hang-up',
    'hold',
    'resume',
    'mute',
    'unmute',
    'decline',
    'end-wrap-up',
    'extend-wrap-up',
  ]),
})

/** `PUT /api/me/page`: the person at this page takes over from the agent's other pages. */
export const ClaimPage = Type.Object({ instance: Instance })
