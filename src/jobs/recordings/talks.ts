/** When each agent talked with the caller, from the call's events. */
import { agentLegOf, type AgentId, type CallId, type ChannelId, type Millis } from '../../core/ids.ts'
import { upcastCall } from '../../core/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { bridgedStretches, type Stretch } from './manifest.ts'

export interface Talk {
  readonly agent: AgentId
  readonly stretches: readonly Stretch[]
}

export interface Talks {
  /** Of the whole call, whoever talked. */
  readonly all: readonly Stretch[]
  readonly byLeg: ReadonlyMap<ChannelId, Talk>
}

export async function talksOf(db: Database, call: CallId, endedAt: Millis): Promise<Talks> {
  const rows = await db
    .selectFrom('call_events')
    .select(['at', 'after'])
    .where('call', '=', call)
    .orderBy('seq')
    .execute()
  const events = rows.map(({ at, after }) => {
    const state = upcastCall(after)
    const offer = state.phase === 'talking' ? state.offer : null
    // When the ACD missed the end of the call, its event is later than the end.
    return { at: Math.min(at, endedAt), offer }
  })
  const stretchesIn = (isTheirs: (leg: ChannelId) => boolean): Stretch[] =>
    bridgedStretches(
      events.map(({ at, offer }) => ({ at, isTalking: offer !== null && isTheirs(agentLegOf(offer.id)) })),
      endedAt,
    )
  const byLeg = new Map<ChannelId, Talk>()
  for (const { offer } of events) {
    const leg = offer === null ? null : agentLegOf(offer.id)
    if (offer === null || leg === null || byLeg.has(leg)) continue
    byLeg.set(leg, { agent: offer.agent, stretches: stretchesIn((other) => other === leg) })
  }
  return { all: stretchesIn(() => true), byLeg }
}
