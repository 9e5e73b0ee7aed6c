/** The commands that lead from one media plan to another. */
import type { LiveCall } from '../call.ts'
import type { Effect, EffectOf, Prompt } from '../effect.ts'
import type { BridgeId, ChannelId } from '../ids.ts'
import {
  bridgesOf,
  earsOf,
  mediaPlan,
  type CallerLeg,
  type CallerSeat,
  type MediaPlan,
  type PlannedLeg,
} from './media-plan.ts'

/**
 * In the order in which they are performed: what is over goes first, an agent's leg before all else. Without wrap-up the
 * agent's phone is rung again in the same moment, and must not be busy with this call. `seen`: a leg of the call that
 * exists, whatever the plan before was.
 */
export function effectsBetween(before: MediaPlan, after: MediaPlan, seen?: ChannelId): Effect[] {
  const left = leftForOthers(before, after)
  const others = new Set([...bridgesOf(before).keys()].filter((bridge) => !left.has(bridge)))
  return [
    ...hangUps(before, after, seen),
    // A bridge from which a leg goes on into another one is destroyed once the leg is there: Asterisk takes the channels of
    // a destroyed bridge out of it a moment later.
    ...destroyed(before, after, others),
    ...callersEnd(before, after),
    ...interruptions(before, after),
    ...(before.caller === null || after.caller === null ? [] : lineEffects(before.caller, after.caller)),
    ...recorders(before, after),
    // Muted before the change of seats and unmuted after it: nobody is heard where they should not be.
    ...mutes(before, after).filter(({ muted }) => muted),
    ...seatEffects(before, after),
    ...destroyed(before, after, left),
    ...dials(before, after),
    ...built(before, after),
    ...mutes(before, after).filter(({ muted }) => !muted),
  ]
}

/** The bridges from which a leg goes on into another one. */
function leftForOthers(before: MediaPlan, after: MediaPlan): ReadonlySet<BridgeId> {
  const then = bridgesOf(after)
  const goesOn = (channel: ChannelId): boolean => [...then.values()].some((there) => there.includes(channel))
  return new Set([...bridgesOf(before)].flatMap(([bridge, there]) => (there.some(goesOn) ? [bridge] : [])))
}

const destroyed = (before: MediaPlan, after: MediaPlan, which: ReadonlySet<BridgeId>): Effect[] =>
  [...bridgesOf(before).keys()].flatMap((bridge) =>
    which.has(bridge) && !bridgesOf(after).has(bridge) ? [{ do: 'DestroyBridge', bridge }] : [],
  )

/** The bridges in which nobody sits yet. */
const built = (before: MediaPlan, after: MediaPlan): Effect[] =>
  [...bridgesOf(after)].flatMap(([bridge, there]) =>
    there.length > 0 || bridgesOf(before).has(bridge) ? [] : [{ do: 'BuildBridge', bridge }],
  )

function hangUps(before: MediaPlan, after: MediaPlan, seen: ChannelId | undefined): Effect[] {
  const stays = new Set<ChannelId>([...after.legs.map(({ channel }) => channel), ...earsOf(after)])
  const were = [...before.legs.map(({ channel }) => channel), ...earsOf(before)]
  return [...new Set([...were, ...(seen === undefined ? [] : [seen])])].flatMap((channel) =>
    stays.has(channel) ? [] : [{ do: 'HangUp', channel, as: 'normal' }],
  )
}

function callersEnd(before: MediaPlan, after: MediaPlan): Effect[] {
  if (before.caller === null || after.caller !== null) return []
  // A caller who has heard why is not told "busy" as well: a network may try elsewhere.
  const heard = after.release === 'busy' && before.caller.line !== 'idle'
  return [{ do: 'HangUp', channel: before.caller.channel, as: heard ? 'normal' : after.release }]
}

/**
 * A menu, an announcement or a question that is left while it is read, or of which the end was not reported: Asterisk lets whatever follows on
 * the channel wait until it has been read, also an answer. Of a reading that has ended nothing is stopped. Other prompts are heard
 * to their end.
 */
function interruptions({ caller }: MediaPlan, after: MediaPlan): Effect[] {
  if (caller === null || after.caller === null || caller.seat.at !== 'prompt') return []
  const { playback, prompt } = caller.seat
  const goesOn = after.caller.seat.at === 'prompt' && after.caller.seat.playback === playback
  if (goesOn || !interruptible.has(prompt.say)) return []
  return [{ do: 'StopPlaying', channel: caller.channel, playback }]
}

const interruptible: ReadonlySet<Prompt['say']> = new Set(['menu', 'announcement', 'callback question'])

function lineEffects(before: CallerLeg, { channel, line }: CallerLeg): Effect[] {
  if (line === before.line) return []
  return [line === 'answered' ? { do: 'AnswerCaller', channel } : { do: 'SignalProgress', channel }]
}

/** Before the seats change: nothing that is said there is missed. */
function recorders(before: MediaPlan, after: MediaPlan): Effect[] {
  return after.legs.flatMap(({ channel, recorder }): Effect[] => {
    const was = legIn(before, channel)?.recorder ?? recorder
    if (was === recorder || recorder === 'none') return []
    if (was === 'none') return [{ do: 'Record', channel }]
    return [{ do: 'PauseRecording', channel, paused: recorder === 'paused' }]
  })
}

function seatEffects(before: MediaPlan, after: MediaPlan): Effect[] {
  const seats = [
    ...(before.caller === null || after.caller === null
      ? []
      : [{ channel: after.caller.channel, from: before.caller.seat, to: after.caller.seat }]),
    ...after.legs.map(({ channel, seat }) => ({
      channel,
      from: legIn(before, channel)?.seat ?? ({ at: 'nowhere' } as const),
      to: seat,
    })),
  ]
  return [
    ...leaving(seats, after),
    ...seats.flatMap(({ channel, from, to }) => sounds(channel, from, to, before, after)),
    ...joining(seats, before, after),
    ...tapping(seats),
  ]
}

interface Move {
  readonly channel: ChannelId
  readonly from: CallerSeat
  readonly to: CallerSeat
}

/** Into silence or music. A leg that goes to another bridge is taken out of the old one by joining it. */
function leaving(seats: readonly Move[], after: MediaPlan): Effect[] {
  return [...bridgesOf(after).keys()].flatMap((bridge): Effect[] => {
    const channels = seats.flatMap(({ channel, from, to }) =>
      isIn(from, bridge) && to.at !== 'room' && to.at !== 'tap' ? [channel] : [],
    )
    return channels.length === 0 ? [] : [{ do: 'Leave', bridge, channels }]
  })
}

function joining(seats: readonly Move[], before: MediaPlan, after: MediaPlan): Effect[] {
  const sat = bridgesOf(before)
  return [...bridgesOf(after).keys()].flatMap((bridge): Effect[] => {
    const channels = seats.flatMap(({ channel, from, to }) =>
      to.at === 'room' && to.room === bridge && !isIn(from, bridge) ? [channel] : [],
    )
    if (channels.length === 0) return []
    const isEmpty = (sat.get(bridge) ?? []).length === 0
    return [{ do: isEmpty ? 'Connect' : 'Join', bridge, channels }]
  })
}

function tapping(seats: readonly Move[]): Effect[] {
  return seats.flatMap(({ channel, from, to }): Effect[] => {
    if (to.at !== 'tap' || (from.at === 'tap' && from.ear === to.ear)) return []
    return [{ do: 'Tap', bridge: to.room, channel, heard: to.heard, ear: to.ear }]
  })
}

/** The music and the prompts of a leg. */
function sounds(
  channel: ChannelId,
  from: CallerSeat,
  to: CallerSeat,
  before: MediaPlan,
  after: MediaPlan,
): Effect[] {
  switch (to.at) {
    case 'room':
    case 'tap':
      // The caller's music stops with `Connect` and `Join`.
      return channel === after.caller?.channel ? [] : silences(channel, from)
    case 'nowhere':
      return silences(channel, from)
    case 'ringback':
      return from.at === 'ringback' ? [] : [{ do: 'StartRingback', channel }]
    case 'voicemail':
      return from.at === 'voicemail' ? [] : recorded(channel, to)
    case 'prompt': {
      if (from.at === 'prompt' && from.playback === to.playback) return []
      const play: Effect = { do: 'Play', channel, playback: to.playback, prompt: to.prompt }
      // From the room too: a hold that was over at once may have left its music behind.
      return from.at === 'music' || from.at === 'room' ? [{ do: 'StopMusic', channel }, play] : [play]
    }
    case 'music': {
      // Early media ends with the answer, and the music with it. A hold that could not be carried out is not repeated
      // once its room is gone.
      const isCaller = channel === after.caller?.channel
      const plays = !isCaller || (before.caller?.line === after.caller.line && before.room === after.room)
      const isHeard = from.at === 'music' && from.queue === to.queue && plays
      return isHeard ? [] : [{ do: 'StartMusic', channel, queue: to.queue }]
    }
  }
}

/** The tone invites to speak: nobody hears it before the recorder runs. */
function recorded(channel: ChannelId, { maxMs, tone }: Extract<CallerSeat, { at: 'voicemail' }>): Effect[] {
  const record: Effect = { do: 'RecordVoicemail', channel, maxMs }
  return tone === null ? [record] : [record, { do: 'Play', channel, playback: tone, prompt: { say: 'tone' } }]
}

function silences(channel: ChannelId, from: CallerSeat): Effect[] {
  if (from.at === 'ringback') return [{ do: 'StopRingback', channel }]
  return from.at === 'music' ? [{ do: 'StopMusic', channel }] : []
}

function dials(before: MediaPlan, after: MediaPlan): Effect[] {
  const citizen = before.caller === null && after.caller?.dial ? [after.caller.dial] : []
  const agents = after.legs.flatMap(({ channel, dial }): Effect[] =>
    dial === null || legIn(before, channel) !== undefined ? [] : [dial],
  )
  return [...citizen, ...agents]
}

function mutes(before: MediaPlan, after: MediaPlan): readonly EffectOf<'Mute'>[] {
  return after.legs.flatMap(({ channel, muted }): readonly EffectOf<'Mute'>[] => {
    const was = legIn(before, channel)
    if (was === undefined || muted === null || muted === was.muted) return []
    return [{ do: 'Mute', channel, muted }]
  })
}

const isIn = (seat: CallerSeat, bridge: string): boolean => seat.at === 'room' && seat.room === bridge

const legIn = ({ legs }: MediaPlan, channel: ChannelId): PlannedLeg | undefined =>
  legs.find((leg) => leg.channel === channel)

/**
 * Whether an effect that could not be performed when it was decided should be performed now. Effects that end something are
 * final; every other one is wanted only while the plan asks for it. `call`: the one that the effect concerns, or undefined
 * when it is over.
 */
export function isStillWanted(effect: Effect, call: LiveCall | undefined): boolean {
  const plan = call === undefined ? null : mediaPlan(call)
  const seatOf = (channel: ChannelId): CallerSeat | undefined =>
    plan?.caller?.channel === channel
      ? plan.caller.seat
      : (plan?.legs.find((leg) => leg.channel === channel)?.seat ?? undefined)
  const legOf = (channel: ChannelId): PlannedLeg | undefined =>
    plan === null ? undefined : legIn(plan, channel)
  switch (effect.do) {
    case 'HangUp':
    case 'DestroyBridge':
    case 'FinishRecording':
    case 'AnswerCaller':
    case 'SignalProgress':
    case 'StopPlaying':
      return true
    case 'RingAgent':
      return plan?.legs.some(({ dial }) => dial?.do === 'RingAgent' && dial.offer === effect.offer) === true
    case 'DialCaller':
      return plan?.caller?.dial?.channel === effect.channel
    case 'DialExternal':
      return legOf(effect.channel)?.dial?.do === 'DialExternal'
    case 'StartRingback':
      return seatOf(effect.channel)?.at === 'ringback'
    case 'StopRingback': {
      const at = seatOf(effect.channel)?.at
      return at !== undefined && at !== 'ringback'
    }
    case 'Play': {
      const seat = seatOf(effect.channel)
      if (seat?.at === 'voicemail') return seat.tone === effect.playback
      return seat?.at === 'prompt' && seat.playback === effect.playback
    }
    case 'StartMusic':
      return seatOf(effect.channel)?.at === 'music'
    case 'StopMusic': {
      const at = seatOf(effect.channel)?.at
      return at !== undefined && at !== 'music'
    }
    case 'BuildBridge':
      return plan !== null && bridgesOf(plan).has(effect.bridge)
    case 'Connect':
    case 'Join':
      return effect.channels.every((channel) => isIn(seatOf(channel) ?? { at: 'nowhere' }, effect.bridge))
    case 'Leave':
      return (
        plan !== null &&
        bridgesOf(plan).has(effect.bridge) &&
        effect.channels.every((channel) => !isIn(seatOf(channel) ?? { at: 'nowhere' }, effect.bridge))
      )
    case 'Tap': {
      const seat = seatOf(effect.channel)
      return seat?.at === 'tap' && seat.ear === effect.ear
    }
    case 'RecordVoicemail':
      return seatOf(effect.channel)?.at === 'voicemail'
    case 'Record':
      return legOf(effect.channel)?.recorder === 'on'
    case 'PauseRecording':
      return legOf(effect.channel)?.recorder === (effect.paused ? 'paused' : 'on')
    case 'Mute':
      return legOf(effect.channel)?.muted === effect.muted
    case 'AnswerTransferKey':
      // The phone has given up, or the agent has pressed the key again.
      return false
  }
}
