/** The record of everybody's part in a call: written by each step, read when the call is over. */
import type { Call, ExternalLeg, Leg, LiveCall, OtherLeg, OwnRole } from './call.ts'
import { isExternal, type External } from './contact.ts'
import type { Millis } from './ids.ts'
import type { Offer } from './offer.ts'

/** The call with its legs as they are after a change: whoever takes part is there and up, every other one is over. */
export function legged(call: Call, now: Millis): Call {
  const legs = legsOf(call.legs, servingOf(call, now), now)
  const others = legsOf(call.others, othersOf(call, now), now)
  return legs === call.legs && others === call.others ? call : { ...call, legs, others }
}

type AnyLeg = Leg | ExternalLeg

/** `present`: as they begin now, of whom some are there already. */
function legsOf<One extends AnyLeg>(
  legs: readonly One[],
  present: readonly One[],
  now: Millis,
): readonly One[] {
  const isOver = (leg: One): boolean => leg.until === null && !present.some(({ id }) => id === leg.id)
  const closed = legs.some(isOver) ? legs.map((leg) => (isOver(leg) ? { ...leg, until: now } : leg)) : legs
  const come = present.filter((leg) => !closed.some(({ id }) => id === leg.id))
  return come.length === 0 ? closed : [...closed, ...come]
}

const legOf = <Role extends OwnRole>(role: Role, { id, agent, device }: Offer, from: Millis): Leg<Role> => ({
  id,
  role,
  agent,
  device,
  from,
  until: null,
})

const externalLegOf = ({ id, contact }: External, from: Millis): ExternalLeg => ({
  id,
  role: 'external',
  contact: contact.id,
  name: contact.name,
  from,
  until: null,
})

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
export const closedLegs = <One extends AnyLeg>(legs: readonly One[], endedAt: Millis): readonly One[] =>
  legs.map((leg) => ({ ...leg, until: leg.until ?? endedAt }))

const servingOf = (call: Call, now: Millis): readonly Leg<'agent'>[] =>
  call.phase === 'talking' || call.phase === 'held' ? [legOf('agent', call.offer, now)] : []

function othersOf(call: Call, now: Millis): readonly OtherLeg[] {
  const { consult, supervisions } = call
  const asked = consult === null || consult.seat === 'ringing' ? null : consult.offer
  return [
    ...(asked === null
      ? []
      : [isExternal(asked) ? externalLegOf(asked, now) : legOf('consulted', asked, now)]),
    ...(call.phase === 'transferred' ? [externalLegOf(call.external, now)] : []),
    ...supervisions.flatMap(({ offer, isUp }) => (isUp ? [legOf('supervisor', offer, now)] : [])),
  ]
}

/** The agents whom the call engages: the one who serves or is rung, and the colleague who is consulted. */
export function engagedIn(call: LiveCall): readonly { readonly offer: Offer; readonly rings: boolean }[] {
  const { consult } = withLegs(call)
  return [
    ...('offer' in call ? [{ offer: call.offer, rings: call.phase === 'ringing' }] : []),
    ...(consult === null || isExternal(consult.offer)
      ? []
      : [{ offer: consult.offer, rings: consult.seat === 'ringing' }]),
  ]
}

/** The attempt to reach an external party, or their leg, that the call has; null: none. */
export function externalOf(call: Call): External | null {
  if (call.phase === 'transferring' || call.phase === 'transferred') return call.external
  const asked = call.consult?.offer ?? null
  return asked !== null && isExternal(asked) ? asked : null
}

/**
 * The external party who is put through, and whether they hear the caller; null: none. In a consultation aside they hear
 * the agent alone, or music.
 */
export function externalIn(call: Call): { readonly external: External; readonly isInRoom: boolean } | null {
  const external = externalOf(call)
  if (external === null || call.phase === 'transferring' || call.consult?.seat === 'ringing') return null
  return { external, isInRoom: call.phase === 'transferred' || call.consult?.seat === 'room' }
}
