/** Why an offer ended without a conversation, as the agent understands it. */
import type { EndedBy } from '../call.ts'
import { completeList } from '../complete-list.ts'
import type { OfferEnd } from '../offer.ts'

/**
 * `not connected`: the agent answered, and the bridge was not completed. `withdrawn`: the agent was signed out
 * meanwhile, by themselves or by a supervisor.
 * `ended by supervisor`: the whole call. `interrupted`: by a fault of the system.
 */
export type UnansweredReason =
  | 'declined'
  | 'no answer'
  | 'busy'
  | 'did not ring'
  | 'not connected'
  | 'caller hung up'
  | 'ended by supervisor'
  | 'withdrawn'
  | 'interrupted'

export const unansweredReasons = completeList<UnansweredReason>()([
  'declined',
  'no answer',
  'busy',
  'did not ring',
  'not connected',
  'caller hung up',
  'ended by supervisor',
  'withdrawn',
  'interrupted',
])

interface Circumstances {
  /** The agent had answered. */
  readonly picked: boolean
  /** The party that ended the call; null: it went on without this agent. */
  readonly callEndedBy: EndedBy | null
}

const withdrawnWithCall: Readonly<Record<EndedBy, UnansweredReason>> = {
  caller: 'caller hung up',
  supervisor: 'ended by supervisor',
  agent: 'interrupted',
  external: 'interrupted',
  system: 'interrupted',
}

export function unansweredReason(end: OfferEnd, { picked, callEndedBy }: Circumstances): UnansweredReason {
  switch (end) {
    case 'declined':
    case 'busy':
    case 'no answer':
      return end
    case 'expired':
      return picked ? 'not connected' : 'no answer'
    case 'unreachable':
    case 'did not ring':
      return picked ? 'not connected' : 'did not ring'
    case 'withdrawn':
      return callEndedBy === null ? 'withdrawn' : withdrawnWithCall[callEndedBy]
    case 'cut':
      return 'interrupted'
  }
}
