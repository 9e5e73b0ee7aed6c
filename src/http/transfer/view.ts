/** A transfer as the wire has it. */
import type { Call, CallFacts, Transfer } from '../../core/call.ts'
import { iso } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { Static } from 'typebox'
import type { TransferredBy, TransferView } from './wire.ts'

/** Null: the call was never sent on. */
export function transferView(call: Call, names: Names): TransferView | null {
  const { transfer } = call
  if (transfer === null) return null
  const { to } = transfer
  const agent = 'offer' in call ? names.agent(call.offer.agent) : null
  return {
    callId: call.id,
    to: 'queue' in to ? names.queue(to.queue) : names.agent(to.agent),
    toQueue: 'queue' in to,
    state: stateOf(call, transfer),
    agent,
    since: iso(call.since),
  }
}

function stateOf({ phase }: Call, { state }: Transfer): TransferView['state'] {
  if (phase === 'ended') return state === 'taken' ? 'over' : 'left'
  if (state === 'failed') return 'returning'
  if (state === 'taken') return 'taken'
  return phase === 'ringing' || phase === 'connecting' ? 'ringing' : 'waiting'
}

export function transferredBy({ transfer }: CallFacts, names: Names): Static<typeof TransferredBy> | null {
  if (transfer === null) return null
  const { by, from, state } = transfer
  return {
    by: names.agent(by),
    from: names.queue(from),
    underWay: state === 'under way',
    failed: state === 'failed',
  }
}
