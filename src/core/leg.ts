/** The record of everybody's part in a call: written by each step, read when the call is over. */
import type { Call, Leg, LegRole, LiveCall } from './call.ts'
import type { Millis } from './ids.ts'
import type { Offer } from './offer.ts'

/** The call with its legs as they are after a change: whoever takes part is there and up, every other one is over. */
export function legged(call: Call, now: Millis): Call {
  const legs = legsOf<'agent'>(call.legs, servingOf(call), now)
  const others = legsOf<'consulted' | 'supervisor'>(call.others, othersOf(call), now)
  return legs === call.legs && others === call.others ? call : { ...call, legs, others }
}

interface Present<Role extends LegRole> {
  readonly role: Role
  readonly offer: Offer
}

function legsOf<Role extends LegRole>(
  legs: readonly Leg<Role>[],
  present: readonly Present<Role>[],
  now: Millis,
): readonly Leg<Role>[] {
  const isOver = (leg: Leg): boolean =>
    leg.until === null && !present.some(({ offer }) => offer.id === leg.id)
  const closed = legs.some(isOver) ? legs.map((leg) => (isOver(leg) ? { ...leg, until: now } : leg)) : legs
  const come = present.filter(({ offer }) => !closed.some(({ id }) => id === offer.id))
  if (come.length === 0) return closed
  return [
    ...closed,
    ...come.map(({ role, offer: { id, agent, device } }) => ({
      id,
      role,
      agent,
      device,
      from: now,
      until: null,
    })),
  ]
}

/** A call that is quarantined may have been read in part, without its legs; the ledger keeps a list. */
export const withLegs = (call: LiveCall): LiveCall => ({
  ...call,
  legs: listOf(call.legs),
  others: listOf(call.others),
  supervisions: listOf(call.supervisions),
  consult: orNull(call.consult),
})

const orNull = <Value>(value: Value | null | undefined): Value | null => value ?? null

const listOf = <Item>(list: readonly Item[]): readonly Item[] => (Array.isArray(list) ? list : [])

/** As they are when the call has ended. */
export const closedLegs = <Role extends LegRole>(
  legs: readonly Leg<Role>[],
  endedAt: Millis,
): readonly Leg<Role>[] => legs.map((leg) => ({ ...leg, until: leg.until ?? endedAt }))

function servingOf(call: Call): readonly Present<'agent'>[] {
  return call.phase === 'talking' || call.phase === 'held' ? [{ role: 'agent', offer: call.offer }] : []
}

function othersOf({ consult, supervisions }: Call): readonly Present<'consulted' | 'supervisor'>[] {
  return [
    ...(consult === null || consult.seat === 'ringing'
      ? []
      : [{ role: 'consulted' as const, offer: consult.offer }]),
    ...supervisions.flatMap(({ offer, isUp }) => (isUp ? [{ role: 'supervisor' as const, offer }] : [])),
  ]
}

/** The agents whom the call engages: the one who serves or is rung, and the colleague who is consulted. */
export function engagedIn(call: LiveCall): readonly { readonly offer: Offer; readonly rings: boolean }[] {
  const { consult } = withLegs(call)
  return [
    ...('offer' in call ? [{ offer: call.offer, rings: call.phase === 'ringing' }] : []),
    ...(consult === null ? [] : [{ offer: consult.offer, rings: consult.seat === 'ringing' }]),
  ]
}
