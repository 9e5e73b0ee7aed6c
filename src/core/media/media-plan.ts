/**
 * The plan of a call in Asterisk: its legs, where each sits, and the bridges in which they hear each other. A step
 * says what a call is and no more; its media commands are the difference of two plans (`effectsBetween`), and so is
 * recovery: the difference between what Asterisk has and the plan.
 */
import { isUncalled } from '../call.ts'
import type {
  Call,
  Closed,
  Consult,
  Dialling,
  Dismissing,
  Ended,
  Greeting,
  Held,
  InMenu,
  InSurvey,
  LiveCall,
  Ringing,
  Supervision,
  Talking,
  Voicemail,
  Waiting,
} from '../call.ts'
import { soundAt } from '../configuration/menu.ts'
import { isExternal, type External } from '../contact.ts'
import type { EffectOf, HangUpAs, Prompt } from '../effect.ts'
import {
  agentLegOf,
  bridgeOf,
  callerLegOf,
  earOf,
  secondEarOf,
  sideOf,
  tapOf,
  type BridgeId,
  type CallId,
  type ChannelId,
  type Millis,
  type PlaybackId,
  type QueueId,
} from '../ids.ts'
import { withLegs } from '../leg.ts'
import type { Offer } from '../offer.ts'
import { dialledForm } from '../phone-number.ts'
import { bounds } from '../rules.ts'

export interface MediaPlan {
  /** Null: the caller is let go, as `release` says. */
  readonly caller: CallerLeg | null
  readonly release: HangUpAs
  /** Everybody's but the caller's; the serving agent's is the first one. */
  readonly legs: readonly PlannedLeg[]
  /** The bridge of the conversation. */
  readonly room: BridgeId | null
  /**
   * The bridges of a colleague and of supervisors, and the room that is ready for whoever picks up. Like the room they stay
   * while nobody sits in them: Asterisk may still be removing one when another of the same name is made.
   */
  readonly besides: readonly BridgeId[]
}

/** `nowhere`: in silence; where an arrival or an inventory finds a leg of which nothing else is known. */
export type LegSeat =
  | { readonly at: 'nowhere' | 'ringback' }
  /** Of the queue. */
  | { readonly at: 'music'; readonly queue: QueueId }
  /** Hearing and heard by everybody else in this bridge. */
  | { readonly at: 'room'; readonly room: BridgeId }
  /** Beside the leg `heard`, which alone hears this one. */
  | { readonly at: 'tap'; readonly room: BridgeId; readonly ear: ChannelId; readonly heard: ChannelId }

export type CallerSeat =
  | LegSeat
  /** Recorded: the caller leaves a message, after the tone that is played once the recorder runs; null: it has been heard. */
  | { readonly at: 'voicemail'; readonly maxMs: Millis; readonly tone: PlaybackId | null }
  | { readonly at: 'prompt'; readonly playback: PlaybackId; readonly prompt: Prompt }

export interface CallerLeg {
  readonly channel: ChannelId
  /** `idle`: neither early media nor an answer has been signalled to the network. */
  readonly line: 'idle' | 'early' | 'answered'
  /** How a citizen is called; null: they have called, or have been called. */
  readonly dial: EffectOf<'DialCaller'> | null
  readonly seat: CallerSeat
}

export interface PlannedLeg {
  readonly channel: ChannelId
  /** How its phone is rung; null once it has been picked up. */
  readonly dial: EffectOf<'RingAgent' | 'DialExternal'> | null
  readonly seat: LegSeat
  /** Null: left as it is. */
  readonly muted: boolean | null
  /** `paused`: the recorder keeps silence. */
  readonly recorder: 'none' | 'on' | 'paused'
}

export function mediaPlan(call: Call): MediaPlan {
  const caller = (seat: CallerSeat): CallerLeg => ({
    channel: callerLegOf(call.id),
    line: call.lineAnswered ? 'answered' : 'early',
    dial: null,
    seat,
  })
  const plan = {
    release: 'normal',
    room: roomOf(call),
    besides: besidesOf(call),
    legs: legsOf(call),
  } as const
  switch (call.phase) {
    case 'greeting':
      return {
        ...plan,
        caller: caller(greetingSeat(call)),
      }
    case 'dismissing':
      return { ...plan, caller: caller(dismissalSeat(call)) }
    case 'menu':
      return { ...plan, caller: caller(menuSeat(call)) }
    case 'survey':
      return { ...plan, caller: caller(surveySeat(call)) }
    case 'closed':
      return { ...plan, caller: caller(closedSeat(call)) }
    case 'voicemail':
      return { ...plan, caller: caller(voicemailSeat(call)) }
    case 'promised':
    case 'summoning':
      return { ...plan, caller: null }
    case 'dialling':
      return { ...plan, caller: { ...caller({ at: 'nowhere' }), dial: dialOf(call) } }
    case 'waiting':
      return { ...plan, caller: caller(waitingSeat(call)) }
    case 'ringing':
      return { ...plan, caller: isUncalled(call) ? null : caller(waitingSeat(call)) }
    case 'held':
    case 'transferring':
      return { ...plan, caller: caller(musicOf(call)) }
    case 'connecting':
    case 'talking':
    case 'transferred':
      return { ...plan, caller: caller({ at: 'room', room: call.room }) }
    case 'reconnecting':
      return {
        ...plan,
        caller: caller(plan.room === null ? musicOf(call) : { at: 'room', room: plan.room }),
      }
    case 'ended':
      return { ...plan, caller: null, release: releaseOf(call) }
  }
}

const greetingSeat = ({ playback, words }: Greeting): CallerSeat => ({
  at: 'prompt',
  playback,
  prompt: words === null ? { say: 'greeting' } : { say: 'greeting', words },
})

function menuSeat({ isReading, playback, place }: InMenu): CallerSeat {
  if (!isReading) return { at: 'nowhere' }
  return {
    at: 'prompt',
    playback,
    prompt: { say: 'menu', sound: soundAt(place), isWrongKey: place.isWrongKey },
  }
}

/** A caller has chosen a language before: those who are turned away at their arrival hear Romanian. */
function dismissalSeat({ language, playback, prompt }: Dismissing): CallerSeat {
  const isChosen =
    language === 'en' && (prompt.say === 'waited too long' || prompt.say === 'callback promised')
  return { at: 'prompt', playback, prompt: isChosen ? { ...prompt, language } : prompt }
}

function surveySeat({ isReading, playback, sounds }: InSurvey): CallerSeat {
  if (!isReading) return { at: 'nowhere' }
  return { at: 'prompt', playback, prompt: { say: 'announcement', sounds } }
}

const closedSeat = ({ isReading, playback, prompt }: Closed): CallerSeat =>
  isReading ? { at: 'prompt', playback, prompt } : { at: 'nowhere' }

function voicemailSeat({ playback, prompt, since, until }: Voicemail): CallerSeat {
  if (prompt !== null && prompt.say !== 'tone') return { at: 'prompt', playback, prompt }
  return { at: 'voicemail', maxMs: until - since, tone: prompt === null ? null : playback }
}

const musicOf = ({ queue }: LiveCall): LegSeat => ({ at: 'music', queue })

function waitingSeat(call: Waiting | Ringing): CallerSeat {
  if (call.announcement === null) return musicOf(call)
  const { playback, sounds } = call.announcement
  return { at: 'prompt', playback, prompt: { say: 'announcement', sounds } }
}

/** Whether somebody else than the agent is in the room with the caller: the conversation goes on without the agent. */
export const isShared = ({ consult, supervisions }: Call): boolean =>
  consult?.seat === 'room' || supervisions.some(isInRoom)

/** Whether the agent speaks by the other line of their phone. */
export const isOnSecondLine = ({ consult }: Pick<Call, 'consult'>): boolean =>
  consult?.secondLine?.isActive === true

/** Whether only a key of the phone takes the agent back to the caller: it holds the caller's line, or all three talk by the other. */
export const isAwayAtPhone = (call: Call): boolean =>
  call.phase === 'held'
    ? call.byPhone && call.consult?.secondLine != null
    : call.phase === 'talking' && isOnSecondLine(call)

/** Whether the supervisor has joined: in the room, once there is one. */
export const isInRoom = ({ isUp, mode }: Supervision): boolean => isUp && mode === 'barge'

function roomOf(call: Call): BridgeId | null {
  switch (call.phase) {
    case 'connecting':
    case 'talking':
    case 'held':
    case 'transferred':
      return call.room
    case 'reconnecting':
      return isShared(call) ? call.room : null
    case 'greeting':
    case 'menu':
    case 'promised':
    case 'summoning':
    case 'dialling':
    case 'waiting':
    case 'ringing':
    case 'transferring':
    case 'survey':
    case 'closed':
    case 'voicemail':
    case 'dismissing':
    case 'ended':
      return null
  }
}

const besidesOf = (call: Call): readonly BridgeId[] => [
  ...(call.phase === 'ringing' || call.phase === 'dialling' ? [bridgeOf(call.offer.id)] : []),
  ...besidesOfOthers(call),
]

const besidesOfOthers = ({ consult, supervisions }: Call): readonly BridgeId[] => [
  ...(consult === null || consult.seat === 'ringing' ? [] : [sideOf(consult.offer.id)]),
  ...supervisions.flatMap(({ offer, isUp }) => (isUp ? [tapOf(offer.id)] : [])),
]

function legsOf(call: Call): readonly PlannedLeg[] {
  if (call.phase === 'ended') return []
  return [
    ...servingLegs(call),
    ...(call.consult === null ? [] : [consultedLeg(call, call.consult)]),
    ...call.supervisions.map((supervision) => supervisorLeg(call, supervision)),
  ]
}

function servingLegs(call: LiveCall): readonly PlannedLeg[] {
  switch (call.phase) {
    case 'greeting':
    case 'menu':
    case 'promised':
    case 'waiting':
    case 'survey':
    case 'closed':
    case 'voicemail':
    case 'dismissing':
      return []
    case 'transferring':
      return [dialledExternal(call, call.external)]
    case 'transferred':
      return [externalLeg(call.external, { at: 'room', room: call.room })]
    case 'ringing':
      return [ringing(call, call.offer, { marginMs: bounds.offerMarginMs })]
    case 'summoning':
      return [ringing(call, call.offer, { marginMs: bounds.offerMarginMs, autoAnswer: true })]
    case 'dialling':
      return [leg(call, call.offer, ringingTone, false)]
    case 'reconnecting':
      return call.invited ? [ringing(call, call.offer, { autoAnswer: true })] : []
    case 'connecting':
      return [leg(call, call.offer, { at: 'room', room: call.room }, false)]
    case 'talking':
      return linesOf(call, { at: 'room', room: call.room }, call.muted)
    case 'held':
      if (call.consult?.seat === 'side')
        return linesOf(call, { at: 'room', room: sideOf(call.consult.offer.id) }, false)
      // The agent hears that a number outside is dialled. A colleague's phone is seen to ring.
      if (call.consult?.seat === 'ringing' && isExternal(call.consult.offer))
        return [leg(call, call.offer, ringingTone, false)]
      // An agent who was muted can answer a supervisor who whispers.
      return linesOf(call, { at: 'nowhere' }, call.supervisions.some(({ isUp }) => isUp) ? false : null)
  }
}

/** The agent's lines: the one by which they speak has the seat. The second one is not recorded: the colleague's leg is. */
function linesOf(call: Talking | Held, seat: LegSeat, muted: boolean | null): readonly PlannedLeg[] {
  const second = call.consult?.secondLine
  if (!second) return [leg(call, call.offer, seat, muted)]
  const nowhere: LegSeat = { at: 'nowhere' }
  const [first, other] = second.isActive ? [nowhere, seat] : [seat, nowhere]
  return [
    leg(call, call.offer, first, second.isActive ? null : muted),
    {
      channel: second.channel,
      dial: null,
      seat: call.consult.seat === 'ringing' ? ringingTone : other,
      muted: second.isActive ? (muted ?? false) : null,
      recorder: 'none',
    },
  ]
}

function consultedLeg(call: LiveCall, { offer, seat }: Consult): PlannedLeg {
  if (seat === 'ringing')
    return isExternal(offer)
      ? dialledExternal(call, offer)
      : ringing(call, offer, { marginMs: bounds.offerMarginMs })
  const at = seat === 'room' ? inRoomOf(call) : seatBeside(call, offer, seat)
  return isExternal(offer) ? externalLeg(offer, at) : leg(call, offer, at, false)
}

const ringingTone: LegSeat = { at: 'ringback' }

const seatBeside = (call: LiveCall, { id }: Offer | External, seat: 'side' | 'music'): LegSeat =>
  seat === 'side' ? { at: 'room', room: sideOf(id) } : musicOf(call)

/** Not recorded: their voice is in the recording of the agent's leg, while there is one. */
const externalLeg = ({ id }: External, seat: LegSeat): PlannedLeg => ({
  channel: agentLegOf(id),
  dial: null,
  seat,
  muted: null,
  recorder: 'none',
})

function dialledExternal(call: LiveCall, external: External): PlannedLeg {
  const { id, contact, madeAt, expiresAt } = external
  return {
    ...externalLeg(external, { at: 'nowhere' }),
    dial: {
      do: 'DialExternal',
      call: call.id,
      channel: agentLegOf(id),
      number: dialledForm(contact.number),
      ringTimeoutMs: expiresAt - madeAt - bounds.dialMarginMs,
    },
  }
}

/** Not recorded: what is heard is in the agent's recording, and what is whispered belongs to no conversation. */
function supervisorLeg(call: LiveCall, supervision: Supervision): PlannedLeg {
  const { offer, mode, isUp } = supervision
  if (!isUp) return { ...ringing(call, offer, { marginMs: bounds.offerMarginMs }), recorder: 'none' }
  const room = isInRoom(supervision) ? inRoomOf(call) : null
  const seat = room?.at === 'room' ? room : tapAt(call, offer)
  return { ...leg(call, offer, seat, mode === 'monitor'), recorder: 'none' }
}

const inRoomOf = (call: LiveCall): LegSeat => {
  const room = call.phase === 'held' ? null : roomOf(call)
  return room === null ? { at: 'nowhere' } : { at: 'room', room }
}

/** At the line by which the serving agent speaks; in silence while there is none. */
function tapAt(call: LiveCall, supervisor: Offer): LegSeat {
  if (call.phase !== 'connecting' && call.phase !== 'talking' && call.phase !== 'held')
    return { at: 'nowhere' }
  const room = tapOf(supervisor.id)
  if (call.consult?.secondLine && isOnSecondLine(call)) {
    const ear = secondEarOf(supervisor.id, call.consult.offer.id)
    return { at: 'tap', room, ear, heard: call.consult.secondLine.channel }
  }
  const { id } = call.offer
  return { at: 'tap', room, ear: earOf(supervisor.id, id), heard: agentLegOf(id) }
}

function leg(call: LiveCall, { id }: Offer, seat: LegSeat, muted: boolean | null): PlannedLeg {
  const recorder = call.recordingPause === null ? 'on' : 'paused'
  return { channel: agentLegOf(id), dial: null, seat, muted, recorder }
}

/** `marginMs`: how much longer than the phone rings the offer stands. */
function ringing(
  call: LiveCall,
  offer: Offer,
  { marginMs = 0, autoAnswer = false }: { readonly marginMs?: Millis; readonly autoAnswer?: boolean },
): PlannedLeg {
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
      isRecorded: call.supervisions.every((supervision) => supervision.offer.id !== offer.id),
    },
    seat: { at: 'nowhere' },
    muted: false,
    recorder: 'on',
  }
}

function dialOf({ id, caller }: Dialling): EffectOf<'DialCaller'> {
  return {
    do: 'DialCaller',
    channel: callerLegOf(id),
    number: dialledForm(caller.number ?? ''),
    ringTimeoutMs: bounds.dialMs,
  }
}

/** The cause that the network gets when the call ends; where it was answered, only its end is heard. */
function releaseOf({ outcome, lineAnswered }: Ended): HangUpAs {
  if (outcome === 'failed') return 'congestion'
  return outcome === 'rejected' && !lineAnswered ? 'busy' : 'normal'
}

/** Everything that may exist for the call, whatever its stage: nothing of it is a stray, and all of it is to go at its end. */
export function widestPlan(live: LiveCall): MediaPlan {
  const call = withLegs(live)
  const nowhere = { dial: null, seat: { at: 'nowhere' }, muted: null, recorder: 'on' } as const
  const arriving = isUncalled(call) ? unplaced : arrivingPlan(call.id, call.lineAnswered)
  const second = call.consult?.secondLine
  const [first] = 'offer' in call ? [call.offer] : 'external' in call ? [call.external] : []
  const serving = [
    ...(first === undefined ? [] : [{ ...nowhere, channel: agentLegOf(first.id) }]),
    ...(second ? [{ ...nowhere, channel: second.channel }] : []),
  ]
  const room = 'room' in call ? call.room : 'offer' in call ? bridgeOf(call.offer.id) : null
  const besides = [
    ...(call.consult === null ? [] : [{ id: call.consult.offer.id, in: sideOf(call.consult.offer.id) }]),
    ...call.supervisions.map(({ offer: { id } }) => ({ id, in: tapOf(id) })),
  ]
  const beside = besides.map((one) => ({ ...nowhere, channel: agentLegOf(one.id) }))
  return { ...arriving, legs: [...serving, ...beside], room, besides: besides.map((one) => one.in) }
}

/** Before a caller is taken in: the channel exists, answered by the dialplan or not. */
export function arrivingPlan(call: CallId, answered: boolean): MediaPlan {
  return {
    caller: {
      channel: callerLegOf(call),
      line: answered ? 'answered' : 'idle',
      dial: null,
      seat: { at: 'nowhere' },
    },
    release: 'normal',
    legs: [],
    room: null,
    besides: [],
  }
}

/** Before a citizen is called nothing exists. */
export const unplaced: MediaPlan = { caller: null, release: 'normal', legs: [], room: null, besides: [] }

/** The bridges that exist under the plan, each with who sits in it. */
export function bridgesOf(plan: MediaPlan): ReadonlyMap<BridgeId, readonly ChannelId[]> {
  const bridges = new Map<BridgeId, readonly ChannelId[]>()
  for (const bridge of [...(plan.room === null ? [] : [plan.room]), ...plan.besides]) bridges.set(bridge, [])
  for (const { channel, seat } of [...(plan.caller === null ? [] : [plan.caller]), ...plan.legs])
    if (seat.at === 'room' || seat.at === 'tap')
      bridges.set(seat.room, [...(bridges.get(seat.room) ?? []), channel])
  return bridges
}

/** The channels through which supervisors hear. */
export const earsOf = (plan: MediaPlan): readonly ChannelId[] =>
  plan.legs.flatMap(({ seat }) => (seat.at === 'tap' ? [seat.ear] : []))
