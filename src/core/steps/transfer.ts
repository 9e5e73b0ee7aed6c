/**
 * Transfers: an agent sends the caller on, to a queue or to one colleague, and leaves the call. A caller whom nobody takes
 * goes back to that agent, once; after that any agent of the queue from which they came is offered them.
 */
import type { Held, Ringing, Connecting, Talking, Transfer, TransferTarget, Waiting } from '../call.ts'
import type { AgentId, Millis } from '../ids.ts'
import { bounds, type Rules } from '../rules.ts'
import { becomes, toFront, type Next } from './next.ts'

export function transferred(call: Talking | Held, to: TransferTarget, now: Millis, rules: Rules): Next {
  const { agent: by, id: offer } = call.offer
  return {
    call: {
      ...toFront(call, now, rules),
      queue: 'queue' in to ? to.queue : call.queue,
      waitUntil: now + Math.min(rules.waitMaxMs, bounds.sentOnMs),
      transfer: { by, from: call.queue, to, at: now, state: 'under way' },
      reservedFor: 'agent' in to ? { agent: to.agent, until: now + bounds.reservedMs } : null,
    },
    agents: [{ agent: by, event: { type: 'CallEnded', offer, wrapUpMs: rules.wrapUpMs } }],
  }
}

/** The transfer once an agent and the caller hear each other. */
export function takenBy(transfer: Transfer | null, agent: AgentId): Transfer | null {
  if (transfer?.state !== 'under way') return transfer
  return { ...transfer, state: agent === transfer.by ? 'failed' : 'taken' }
}

/** After an offer or a connection that failed: the caller waits again, or goes back to whoever sent them. */
export function waitsAgain(
  { transfer, offer }: Ringing | Connecting,
  waiting: Waiting,
  now: Millis,
  rules: Rules,
): Next<Waiting> {
  return transfer?.state === 'under way' && 'agent' in transfer.to && transfer.to.agent === offer.agent
    ? sentBack(waiting, transfer, now, rules)
    : becomes(waiting)
}

/** The caller has waited as long as they should for one agent, or for anybody; null: neither. */
export function waitedInVain(call: Waiting, now: Millis, rules: Rules): Next<Waiting> | null {
  const { transfer, reservedFor } = call
  const isNotTaken = reservedFor !== null && now >= reservedFor.until
  if (transfer?.state === 'under way' && (isNotTaken || now >= call.waitUntil))
    return sentBack(call, transfer, now, rules)
  return isNotTaken ? becomes({ ...call, reservedFor: null }) : null
}

/** The caller goes back to the one who sent them on. */
export function sentBack(call: Waiting, transfer: Transfer, now: Millis, rules: Rules): Next<Waiting> {
  const { by, from } = transfer
  return {
    call: {
      ...call,
      queue: from,
      transfer: { ...transfer, state: 'failed' },
      reservedFor: { agent: by, until: now + bounds.reservedMs },
      waitUntil: Math.max(call.waitUntil, now + rules.waitMaxMs),
      since: now,
    },
    agents: [{ agent: by, event: { type: 'CallReturned', call: call.id } }],
  }
}
