/** The parts of the colleagues who had the call before, for the agent who has it now. */
import type { WrapUpVersion } from '../../../http/calls/wire.ts'
import type { Detail } from '../../calls/use-calls.ts'

export interface EarlierPart {
  readonly agent: { readonly id: string; readonly name: string }
  /** From the first word to the last. */
  readonly from: string
  /** Null: still in the call. */
  readonly until: string | null
  /** Notes with a text, oldest first. */
  readonly notes: readonly string[]
  /** Null: none yet. */
  readonly form: WrapUpVersion | null
}

/** In the order of their last words. Empty for the first agent of a call. */
export function earlierParts(
  { legs, notes, wrapUps }: Pick<Detail, 'legs' | 'notes' | 'wrapUps'>,
  me: string,
): EarlierPart[] {
  const mine = legs.findLastIndex(({ agent }) => agent.id === me)
  const before = mine === -1 ? legs : legs.slice(0, mine)
  const parts = new Map<string, EarlierPart>()
  for (const { agent, from, until } of before) {
    if (agent.id === me) continue
    const known = parts.get(agent.id)
    parts.delete(agent.id)
    parts.set(agent.id, {
      agent,
      from: known?.from ?? from,
      until,
      notes: notes
        .filter(({ authorId, text }) => authorId === agent.id && text !== '')
        .map(({ text }) => text),
      form: wrapUps.find((form) => form.agent.id === agent.id)?.current ?? null,
    })
  }
  return [...parts.values()]
}
