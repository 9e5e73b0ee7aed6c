/** A consultation that the colleague, or the contact, has ended, so that the agent learns of it and the caller is not forgotten. */
import type { LiveCallView } from '../../../http/live/wire.ts'
import { createStore } from '../../shared/store.ts'

export interface ConsultEnd {
  readonly call: string
  readonly name: string
  readonly why: 'unanswered' | 'busy' | 'declined' | 'unreachable' | 'left'
  /** The caller hears music. */
  readonly waits: boolean
  /** When the stage of the call began: the end is told until the next one. */
  readonly since: string
}

export const consultEnd = createStore<ConsultEnd | null>(null)

type Seen = Pick<LiveCallView, 'id' | 'phase' | 'since' | 'consult' | 'agent' | 'unreached'>

/** `known`: what is told now. `byMe`: the agent has ended the consultation. */
export function endOf(
  before: Seen | null,
  after: Seen | null,
  { me, known, byMe }: { readonly me: string; readonly known: ConsultEnd | null; readonly byMe: boolean },
): ConsultEnd | null {
  if (after === null || after.consult !== null || after.agent?.id !== me) return null
  const consult = before?.id === after.id ? before.consult : null
  if (consult === null)
    return known !== null && known.call === after.id && known.since === after.since ? known : null
  if (byMe || (!consult.external && consult.with.id === me)) return null
  return {
    call: after.id,
    name: consult.with.name,
    why: consult.seat === 'ringing' ? unansweredBy(after, consult.with.id) : 'left',
    waits: after.phase === 'held',
    since: after.since,
  }
}

/** A colleague's own reason is not told. */
function unansweredBy({ unreached }: Seen, contact: string): ConsultEnd['why'] {
  if (unreached?.id !== contact || unreached.why === 'no answer') return 'unanswered'
  return unreached.why
}

/** The conversation whose consultation the agent is ending. */
export const endedByMe = createStore<string | null>(null)
