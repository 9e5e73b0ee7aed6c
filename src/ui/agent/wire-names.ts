/** The wire's words that the desk speaks, named. */
import type { Static } from 'typebox'
import type { CallAction } from '../../http/session/wire.ts'
import type { PauseReason } from '../../http/wire.ts'

export type { AgentView } from '../../http/agents/wire.ts'
export type CallActionName = Static<typeof CallAction>['action']
export type PauseReasonName = Static<typeof PauseReason>

/** The reasons that an agent can choose; the others are set by the system. */
export const chosenReasons = [
  'break',
  'meal',
  'paperwork',
  'meeting',
  'training',
  'technical',
] as const satisfies readonly PauseReasonName[]
