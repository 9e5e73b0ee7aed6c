/** The wrap-up of a call by agent: each of them states what their own part was about. */
import type { WrapUpVersion } from '../../http/calls/wire.ts'
import type { Detail } from './use-calls.ts'

export interface Part {
  readonly agent: { readonly id: string; readonly name: string }
  /** Null: the agent has left none. */
  readonly form: WrapUpVersion | null
  /** Newest first. */
  readonly earlier: readonly WrapUpVersion[]
  /** Whether it is the form that counts for the call. */
  readonly counts: boolean
}

/** In the order of the agents' first words. A call that is rung, or served without a record of legs, has its agent alone. */
export function partsOf({
  legs,
  agent,
  answeredAt,
  wrapUps,
}: Pick<Detail, 'legs' | 'agent' | 'answeredAt' | 'wrapUps'>): Part[] {
  const served = agent !== null && answeredAt !== null && legs.length === 0 ? [agent] : []
  const agents = [...legs, ...wrapUps].map((one) => one.agent)
  const each = new Map([...agents, ...served].map((one) => [one.id, one]))
  return Array.from(each.values(), (one) => {
    const own = wrapUps.find((form) => form.agent.id === one.id)
    return {
      agent: one,
      form: own?.current ?? null,
      earlier: own?.earlier ?? [],
      counts: own !== undefined && own === wrapUps[0],
    }
  })
}

/** The form of this agent, as it is on record; null: none. */
export const ownWrapUp = ({ wrapUps }: Pick<Detail, 'wrapUps'>, me: string): WrapUpVersion | null =>
  wrapUps.find(({ agent }) => agent.id === me)?.current ?? null
