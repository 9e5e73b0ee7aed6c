/** A transfer as the wire has it. */
import type { Call, CallFacts, ExternalLeg, Transfer, TransferTarget } from '../../core/call.ts'
import { externalOf } from '../../core/leg.ts'
import { contactName } from '../contacts/view.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { Static } from 'typebox'
import type { LiveCallView } from '../live/wire.ts'
import type { TransferredBy, TransferView } from './wire.ts'

/** Null: the call was never sent on. */
export function transferView(
  call: Call,
  names: Names,
  unreached: LiveCallView['unreached'] = null,
): TransferView | null {
  const { transfer } = call
  if (transfer === null) return null
  const { to } = transfer
  const taken = takenIn(call, transfer)
  const external = 'contact' in to
  const state = stateOf(call, transfer, taken !== null)
  const agent = taken?.agent ?? (state === 'ringing' && 'offer' in call ? call.offer.agent : null)
  return {
    callId: call.id,
    to: namedIn(call, to, names),
    toQueue: 'queue' in to,
    external,
    why: state === 'returning' && external && unreached?.id === to.contact ? unreached.why : null,
    state,
    agent: agent === null ? null : names.agent(agent),
    since: iso(taken !== null && call.phase !== 'ended' ? taken.from : call.since),
  }
}

function namedIn(call: Call, to: TransferTarget, names: Names): { id: string; name: string } {
  if ('queue' in to) return names.queue(to.queue)
  if ('agent' in to) return names.agent(to.agent)
  // As it was then: a contact may have been renamed or closed since.
  const external = externalOf(call)
  if (external?.contact.id === to.contact) return contactName(external)
  const parties = call.others.filter((leg): leg is ExternalLeg => leg.role === 'external')
  const leg = parties.findLast(({ contact }) => contact === to.contact)
  return leg === undefined ? names.contact(to.contact) : { id: leg.contact, name: leg.name }
}

/**
 * The part of who took the caller. Holds, and a second agent after that one, are no part of what became of the transfer. A
 * colleague who was asked has the caller at once.
 */
const takenIn = ({ legs }: Pick<CallFacts, 'legs'>, { at, by }: Transfer) =>
  legs.find(({ from, agent }) => from > at || (from === at && agent !== by)) ?? null

function stateOf({ phase }: Call, { state, to }: Transfer, byAgent: boolean): TransferView['state'] {
  const taken = byAgent || ('contact' in to && state === 'taken')
  if (phase === 'ended') return taken ? 'over' : 'left'
  if (taken) return 'taken'
  if (state === 'failed') return 'returning'
  return phase === 'ringing' || phase === 'connecting' || phase === 'transferring' ? 'ringing' : 'waiting'
}

export function transferredBy(call: CallFacts, names: Names): Static<typeof TransferredBy> | null {
  const { transfer } = call
  if (transfer === null) return null
  const { by, from, state } = transfer
  return {
    by: names.agent(by),
    from: names.queue(from),
    at: iso(transfer.at),
    takenAt: isoOrNull(takenIn(call, transfer)?.from ?? null),
    underWay: state === 'under way',
    failed: state === 'failed',
  }
}
