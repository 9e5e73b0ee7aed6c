/**
 * The stages of a caller whom an agent has sent to a contact outside: the contact is dialled, then the two talk. A contact
 * who does not answer gives the caller back to the sender, as a colleague does.
 */
import type { Connecting, Held, InConversation, Talking, Transferred, Transferring } from '../call.ts'
import type { CallEvent, CallEventOf } from '../call-event.ts'
import type { External } from '../contact.ts'
import { bridgeOf, type BridgeId, type Millis } from '../ids.ts'
import { bounds, type Rules } from '../rules.ts'
import {
  becomes,
  end,
  heldUntil,
  leftBy,
  toFront,
  withoutAgent,
  type Handlers,
  type Leaving,
  type Next,
} from './next.ts'
import { sentBack } from './transfer.ts'

/** An agent sends the caller to the contact and leaves the call. */
export function sentOut(call: Talking | Held, external: External, now: Millis, rules: Rules): Next {
  const { agent, id: offer } = call.offer
  return {
    call: transferringFrom({ ...call, heldMs: heldUntil(call, now) }, external, now),
    agents: [{ agent, event: { type: 'CallEnded', offer, wrapUpMs: rules.wrapUpMs } }],
  }
}

/** The caller hears music: no supervisor stays beside them. */
export function transferringFrom(
  call: (InConversation | Connecting) & { readonly answeredAt: Millis },
  external: External,
  now: Millis,
): Transferring {
  return {
    ...withoutAgent(call),
    supervisions: [],
    phase: 'transferring',
    queuedAt: call.queuedAt,
    answeredAt: call.answeredAt,
    external,
    transfer: {
      by: call.offer.agent,
      from: call.queue,
      to: { contact: external.contact.id },
      at: now,
      state: 'under way',
    },
    since: now,
  }
}

export const transferredFrom = (call: Transferring, room: BridgeId, now: Millis): Transferred => ({
  ...call,
  phase: 'transferred',
  transfer: call.transfer && { ...call.transfer, state: 'taken' },
  room,
  until: now + bounds.transferredMs,
  since: now,
})

export const transferring: Handlers<'transferring'> = {
  AgentAnswered: (call, { offer }, now) =>
    offer === call.external.id ? becomes(transferredFrom(call, bridgeOf(offer), now)) : becomes(call),
  OfferEnded: notTaken,
  AgentHungUp: notTaken,
  AgentLegLost: notTaken,
  DeadlinePassed: (call, _event, now, rules) =>
    now >= call.external.expiresAt ? returned(call, now, rules) : becomes(call),
  ...endings(),
}

export const transferred: Handlers<'transferred'> = {
  OfferEnded: externalLeft,
  AgentHungUp: externalLeft,
  // Nobody saw it end: the caller is still there, and whether they were served is not known.
  AgentLegLost: (call, event, now, rules) =>
    event.offer === call.external.id && event.cause === 'restart'
      ? becomes(toFront(call, now, rules))
      : externalLeft(call, event, now),
  DeadlinePassed: (call, _event, now) =>
    now >= call.until ? end(call, 'answered', 'system', now) : becomes(call),
  ...endings(),
}

type OfLeg = CallEventOf<'OfferEnded' | 'AgentHungUp' | 'AgentLegLost'>

function notTaken(call: Transferring, { offer }: OfLeg, now: Millis, rules: Rules): Next {
  return offer === call.external.id ? returned(call, now, rules) : becomes(call)
}

function returned(call: Transferring, now: Millis, rules: Rules): Next {
  const { transfer } = call
  const waiting = toFront(call, now, rules)
  return transfer === null ? becomes(waiting) : sentBack(waiting, transfer, now, rules)
}

function externalLeft(call: Transferred, { offer }: OfLeg, now: Millis): Next {
  return offer === call.external.id ? end(call, 'answered', 'external', now) : becomes(call)
}

function endings(): Handlers<'transferring'> & Handlers<'transferred'> {
  return {
    CallEndedBySupervisor: (call: Transferring | Transferred, _event: CallEvent, now: Millis): Next =>
      end(call, 'answered', 'supervisor', now),
    CallerHungUp: left,
    CallerLost: left,
  }
}

function left(call: Transferring | Transferred, event: Leaving, now: Millis): Next {
  return end(call, 'answered', leftBy(event), now)
}
