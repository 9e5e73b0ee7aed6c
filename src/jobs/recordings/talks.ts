/** When each leg was heard by somebody, from the call's events. */
import { agentLegOf, type AgentId, type CallId, type ChannelId, type Millis } from '../../core/ids.ts'
import { isOnSecondLine } from '../../core/media/media-plan.ts'
import { isExternal } from '../../core/contact.ts'
import type { Offer } from '../../core/offer.ts'
import { upcastCall } from '../../core/versions.ts'
import type { CallWithoutCaller } from '../../ledger/calls/tables.ts'
import type { Database } from '../../ledger/database.ts'
import { bridgedStretches, type Stretch } from './manifest.ts'

export interface Talk {
  readonly agent: AgentId
  /** Whether it was the serving agent's leg; otherwise that of a colleague who was consulted. */
  readonly served: boolean
  /** While the leg was in a bridge: with the caller, or with the colleague alone. */
  readonly stretches: readonly Stretch[]
}

export interface Talks {
  /** When the caller was heard, whoever talked. */
  readonly all: readonly Stretch[]
  /** Of supervisors only those who served: the others' legs are not recorded. */
  readonly byLeg: ReadonlyMap<ChannelId, Talk>
}

export async function talksOf(db: Database, call: CallId, endedAt: Millis): Promise<Talks> {
  const rows = await db
    .selectFrom('call_events')
    .select(['at', 'after'])
    .where('call', '=', call)
    .orderBy('seq')
    .execute()
  const states = rows.map(({ at, after }) => ({
    // When the ACD missed the end of the call, its event is later than the end.
    at: Math.min(at, endedAt),
    ...bridgedIn(upcastCall<CallWithoutCaller>(after)),
  }))
  const stretchesOf = (isTalking: (state: Bridged) => boolean): Stretch[] =>
    bridgedStretches(
      states.map((state) => ({ at: state.at, isTalking: isTalking(state) })),
      endedAt,
    )
  const byLeg = new Map<ChannelId, Talk>()
  for (const { id, agent } of states.flatMap(({ legs }) => legs)) {
    if (byLeg.has(agentLegOf(id))) continue
    const stretches = stretchesOf(({ legs }) => legs.some((leg) => leg.id === id))
    byLeg.set(agentLegOf(id), { agent, served: states.some(({ serving }) => serving?.id === id), stretches })
  }
  return { all: stretchesOf(({ isHeard }) => isHeard), byLeg }
}

interface Bridged {
  readonly isHeard: boolean
  readonly serving: Offer | null
  /** Those whose recorders go on. */
  readonly legs: readonly Offer[]
}

function bridgedIn(call: CallWithoutCaller): Bridged {
  const { consult } = call
  const isAside = call.phase === 'held' && consult?.seat === 'side'
  const serving = call.phase === 'talking' ? call.offer : null
  const asked = consult !== null && (isAside || consult.seat === 'room') ? consult.offer : null
  // Of a phone with two lines the one with the caller is then in no bridge.
  const isByFirstLine = !isOnSecondLine(call)
  const legs = [
    ...(serving !== null && isByFirstLine ? [serving] : []),
    ...(isAside && isByFirstLine ? [call.offer] : []),
    ...(asked !== null && !isExternal(asked) ? [asked] : []),
  ]
  return { isHeard: serving !== null, serving, legs }
}
