/** Names for the API types that the desk uses. */
import type { Static } from 'typebox'
import { completeList } from '../../core/complete-list.ts'
import type { PauseReason } from '../../http/wire.ts'

export type { AgentView } from '../../http/agents/wire.ts'
export type { CallOut } from '../../http/outbound/wire.ts'
export type { CallAction } from '../../http/session/wire.ts'
export type PauseReasonName = Static<typeof PauseReason>

/** The reasons that an agent can choose, in the order of the menu; the system sets the others. */
export const chosenReasons = completeList<
  Exclude<PauseReasonName, 'sign-in' | 'missed' | 'phone' | 'supervisor'>
>()(['break', 'meal', 'paperwork', 'meeting', 'training', 'technical'])
