/** The two other parties of a consultation, each with what it hears, for the agent who asks. */
import type { LiveCallView } from '../../../http/live/wire.ts'

export type PartyState = 'rings' | 'talk' | 'music' | 'room'

export interface Parties {
  readonly caller: PartyState
  readonly colleague: PartyState
}

/** Null: no colleague is asked. An agent whose phone is mended has left the other two as they were. */
export function partiesOf({ phase, consult }: Pick<LiveCallView, 'phase' | 'consult'>): Parties | null {
  if (consult === null) return null
  if (consult.seat === 'room' && phase !== 'held') return { caller: 'room', colleague: 'room' }
  const caller = phase === 'talking' ? 'talk' : 'music'
  if (consult.seat === 'ringing') return { caller, colleague: 'rings' }
  return { caller, colleague: phase === 'held' && consult.seat === 'side' ? 'talk' : 'music' }
}
