/** A transfer as the wire has it. */
import type { Call, CallFacts, Transfer } from '../../core/call.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { Static } from 'typebox'
import type { TransferredBy, TransferView } from './wire.ts'

/** Null: the call was never sent on. */
export function transferView(call: Call, names: Names): TransferView | null {
  const { transfer } = call
  if (transfer === null) return null
  const { to } = transfer
  const taken = takenIn(call, transfer)
  const state = stateOf(call, transfer, taken !== null)
  const agent = taken?.agent ?? (state === 'ringing' && 'offer' in call ? call.offer.agent : null)
  return {
    callId: call.id,
    to: 'queue' in to ? names.queue(to.queue) : names.agent(to.agent),
    toQueue: 'queue' in to,
    state,
    agent: agent === null ? null : names.agent(agent),
    since: iso(taken !== null && call.phase !== 'ended' ? taken.from : call.since),
  }
}

/**
 * The part of who took the caller. Holds, and a second agent after that one, are no part of what became of the transfer. A
 * colleague who was asked has the caller at once.
 */
const takenIn = ({ legs }: Pick<CallFacts, 'legs'>, { at, by }: Transfer) =>
  legs.find(({ from, agent }) => from > at || (from === at && agent !== by)) ?? null

function stateOf({ phase }: Call, { state }: Transfer, taken: boolean): TransferView['state'] {
  if (phase === 'ended') return taken ? 'over' : 'left'
  if (taken) return 'taken'
  if (state === 'failed') return 'returning'
  return phase === 'ringing' || phase === 'connecting' ? 'ringing' : 'waiting'
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
