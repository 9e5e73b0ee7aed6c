/** How a call to a citizen begins: the phone of the agent who asked for it is rung first. */
import type { Summoning } from '../call.ts'
import type { CallId, Millis, PbxName } from '../ids.ts'
import { effectsBetween } from '../media/media-effects.ts'
import { mediaPlan, unplaced } from '../media/media-plan.ts'
import type { Offer } from '../offer.ts'
import type { Queue } from '../queue.ts'
import { nothingYet } from './new-call.ts'
import type { Stepped } from './next.ts'

export interface CallOut {
  readonly id: CallId
  readonly pbx: PbxName
  /** The city's number, which the citizen sees. */
  readonly line: string
  /** E.164, or a short number. */
  readonly number: string
  /** Where the citizen waits if they are transferred, or the agent is lost. */
  readonly queue: Queue
  /** To the agent's own phone. */
  readonly offer: Offer
}

export function placed(out: CallOut, now: Millis): Stepped {
  const call: Summoning = {
    ...nothingYet,
    phase: 'summoning',
    id: out.id,
    direction: 'outbound',
    callback: null,
    pbx: out.pbx,
    line: out.line,
    caller: { number: out.number, name: null },
    language: 'ro',
    queue: out.queue.id,
    priority: out.queue.priority,
    arrivedAt: now,
    waitUntil: now,
    queuedAt: now,
    offeredAt: now,
    // There is nothing to tell a network that has not called.
    lineAnswered: true,
    lastAgent: out.offer.agent,
    offer: out.offer,
    since: now,
  }
  return {
    call,
    effects: effectsBetween(unplaced, mediaPlan(call)),
    agents: [{ agent: out.offer.agent, event: { type: 'CallTaken', call: out.id, offer: out.offer } }],
  }
}
