/** A consultation that the colleague has ended, so that the agent learns of it and the caller is not forgotten. */
import type { LiveCallView } from '../../../http/live/wire.ts'
import { createStore } from '../../shared/store.ts'

export interface ConsultEnd {
  readonly call: string
  readonly name: string
  readonly why: 'unanswered' | 'left'
  /** The caller hears music. */
  readonly waits: boolean
  /** When the stage of the call began: the end is told until the next one. */
  readonly since: string
}

export const consultEnd = createStore<ConsultEnd | null>(null)

type Seen = Pick<LiveCallView, 'id' | 'phase' | 'since' | 'consult' | 'agent'>

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
  if (byMe || consult.with.id === me) return null
  return {
    call: after.id,
    name: consult.with.name,
    why: consult.seat === 'ringing' ? 'unanswered' : 'left',
    waits: after.phase === 'held',
    since: after.since,
  }
}

/** The conversation whose consultation the agent is ending. */
export const endedByMe = createStore<string | null>(null)
