/**
 * The plan of a call in Asterisk: its legs, where each sits, and the room in which they hear each other. A step
 * says what a call is and no more; its media commands are the difference of two plans (`effectsBetween`), and so is
 * recovery: the difference between what Asterisk has and the plan.
 */
import type { Call, Ended, LiveCall } from '../call.ts'
import type { EffectOf, HangUpAs, Prompt } from '../effect.ts'
import {
  agentLegOf,
  bridgeOf,
  callerLegOf,
  type BridgeId,
  type CallId,
  type ChannelId,
  type PlaybackId,
} from '../ids.ts'
import type { Offer } from '../offer.ts'
import { bounds } from '../rules.ts'

export interface MediaPlan {
  /** Null: the caller is let go, as `release` says. */
  readonly caller: CallerLeg | null
  readonly release: HangUpAs
  readonly agent: AgentLeg | null
  /** The bridge in which the agent's leg is, with the caller or waiting for them. */
  readonly room: BridgeId | null
}

/** `nowhere`: where an arrival or an inventory finds a caller of whom nothing else is known. */
export type CallerSeat =
  | { readonly at: 'nowhere' | 'music' }
  | { readonly at: 'prompt'; readonly playback: PlaybackId; readonly prompt: Prompt }
  /** Hearing and heard by the leg `beside`. */
  | { readonly at: 'room'; readonly room: BridgeId; readonly beside: ChannelId }

export interface CallerLeg {
  readonly channel: ChannelId
  /** `idle`: neither early media nor an answer has been signalled to the network. */
  readonly line: 'idle' | 'early' | 'answered'
  readonly seat: CallerSeat
}

export interface AgentLeg {
  readonly channel: ChannelId
  /** How its phone is rung; null once the agent has picked up. */
  readonly dial: EffectOf<'RingAgent'> | null
  /** Null: left as it is. */
  readonly muted: boolean | null
}

export function mediaPlan(call: Call): MediaPlan {
  const nothing = { release: 'normal', agent: null, room: null } as const
  const callerAt = (seat: CallerSeat): CallerLeg => ({
    channel: callerLegOf(call.id),
    line: call.lineAnswered ? 'answered' : 'early',
    seat,
  })
  const waiting = { ...nothing, caller: callerAt({ at: 'music' }) }
  const withAgent = ({ id }: Offer, muted: boolean | null) => ({
    ...nothing,
    agent: { channel: agentLegOf(id), dial: null, muted },
    room: bridgeOf(id),
  })
  switch (call.phase) {
    case 'greeting':
      return {
        ...nothing,
        caller: callerAt({ at: 'prompt', playback: call.playback, prompt: { say: 'greeting' } }),
      }
    case 'dismissing':
      return {
        ...nothing,
        caller: callerAt({ at: 'prompt', playback: call.playback, prompt: call.prompt }),
      }
    case 'waiting':
      return waiting
    case 'ringing':
      return { ...waiting, agent: ringing(call, bounds.offerMarginMs, false) }
    case 'reconnecting':
      return { ...waiting, agent: call.invited ? ringing(call, 0, true) : null }
    case 'connecting':
      return { ...withAgent(call.offer, false), caller: callerAt(seatBeside(call.offer)) }
    case 'talking':
      return { ...withAgent(call.offer, call.muted), caller: callerAt(seatBeside(call.offer)) }
    case 'held':
      return { ...withAgent(call.offer, null), caller: callerAt({ at: 'music' }) }
    case 'ended':
      return { ...nothing, caller: null, release: releaseOf(call) }
  }
}

export function seatBeside({ id }: Offer): CallerSeat {
  return { at: 'room', room: bridgeOf(id), beside: agentLegOf(id) }
}

/** The cause that the network gets when the call ends; where it was answered, only its end is heard. */
function releaseOf({ outcome, lineAnswered }: Ended): HangUpAs {
  if (outcome === 'failed') return 'congestion'
  return outcome === 'rejected' && !lineAnswered ? 'busy' : 'normal'
}

/** Everything that may exist for the call, whatever its stage: nothing of it is a stray, and all of it is to go at its end. */
export function widestPlan(call: LiveCall): MediaPlan {
  const plan = arrivingPlan(call.id, call.lineAnswered)
  if (!('offer' in call)) return plan
  const { id } = call.offer
  return { ...plan, agent: { channel: agentLegOf(id), dial: null, muted: null }, room: bridgeOf(id) }
}

/** Before a caller is taken in: the channel exists, answered by the dialplan or not. */
export function arrivingPlan(call: CallId, answered: boolean): MediaPlan {
  return {
    caller: { channel: callerLegOf(call), line: answered ? 'answered' : 'idle', seat: { at: 'nowhere' } },
    release: 'normal',
    agent: null,
    room: null,
  }
}

/** `marginMs`: how much longer than the phone rings the offer stands. */
function ringing(call: Extract<Call, { offer: Offer }>, marginMs: number, autoAnswer: boolean): AgentLeg {
  const { offer } = call
  return {
    channel: agentLegOf(offer.id),
    dial: {
      do: 'RingAgent',
      call: call.id,
      offer: offer.id,
      agent: offer.agent,
      device: offer.device,
      callerNumber: call.caller.number,
      ringTimeoutMs: offer.expiresAt - offer.madeAt - marginMs,
      autoAnswer,
    },
    muted: false,
  }
}
