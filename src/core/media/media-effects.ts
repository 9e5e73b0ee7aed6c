/** The commands that lead from one media plan to another. */
import type { LiveCall } from '../call.ts'
import type { Effect } from '../effect.ts'
import type { ChannelId } from '../ids.ts'
import { mediaPlan, type CallerLeg, type MediaPlan } from './media-plan.ts'

/**
 * In the order in which they are performed: what is over goes first, the agent's leg before all else. Without wrap-up the
 * agent's phone is rung again in the same moment, and must not be busy with this call. `seen`: a leg of the call that
 * exists, whatever the plan before was.
 */
export function effectsBetween(before: MediaPlan, after: MediaPlan, seen?: ChannelId): Effect[] {
  return [
    ...removals(before, after, seen),
    ...(before.caller === null || after.caller === null
      ? []
      : [
          ...lineEffects(before.caller, after.caller),
          ...seatEffects(before, after, before.caller, after.caller),
        ]),
    ...ofAgent(before, after),
  ]
}

function removals(before: MediaPlan, after: MediaPlan, seen: ChannelId | undefined): Effect[] {
  const effects: Effect[] = []
  for (const leg of new Set([before.agent?.channel, seen]))
    if (leg !== undefined && leg !== after.agent?.channel)
      effects.push({ do: 'HangUp', channel: leg, as: 'normal' })
  if (before.room !== null && before.room !== after.room)
    effects.push({ do: 'DestroyBridge', bridge: before.room })
  if (before.caller !== null && after.caller === null) {
    // A caller who has heard why is not told "busy" as well: a network may try elsewhere.
    const heard = after.release === 'busy' && before.caller.line !== 'idle'
    effects.push({ do: 'HangUp', channel: before.caller.channel, as: heard ? 'normal' : after.release })
  }
  return effects
}

function lineEffects(before: CallerLeg, { channel, line }: CallerLeg): Effect[] {
  if (line === before.line) return []
  return [line === 'answered' ? { do: 'AnswerCaller', channel } : { do: 'SignalProgress', channel }]
}

function seatEffects(before: MediaPlan, after: MediaPlan, from: CallerLeg, to: CallerLeg): Effect[] {
  const { channel, seat } = to
  switch (seat.at) {
    case 'nowhere':
      return []
    case 'prompt': {
      if (from.seat.at === 'prompt' && from.seat.playback === seat.playback) return []
      const play: Effect = { do: 'Play', channel, playback: seat.playback, prompt: seat.prompt }
      return from.seat.at === 'music' ? [{ do: 'StopMusic', channel }, play] : [play]
    }
    case 'music':
      if (from.seat.at === 'room' && from.seat.room === after.room)
        return [{ do: 'Hold', bridge: from.seat.room, caller: channel }]
      // Early media ends with the answer, and the music with it. A hold that could not be carried out is not repeated
      // once its room is gone.
      return from.seat.at === 'music' && from.line === to.line && before.room === after.room
        ? []
        : [{ do: 'StartMusic', channel }]
    case 'room':
      if (seat.room !== before.room)
        return [{ do: 'Connect', bridge: seat.room, caller: channel, agent: seat.beside }]
      return from.seat.at === 'room' ? [] : [{ do: 'Resume', bridge: seat.room, caller: channel }]
  }
}

function ofAgent(before: MediaPlan, { agent }: MediaPlan): Effect[] {
  if (agent === null) return []
  if (before.agent?.channel !== agent.channel) return agent.dial === null ? [] : [agent.dial]
  if (agent.muted === null || agent.muted === before.agent.muted) return []
  return [{ do: 'Mute', channel: agent.channel, muted: agent.muted }]
}

/**
 * Whether an effect that could not be performed when it was decided should be performed now. Effects that end something are
 * final; every other one is wanted only while the plan asks for it. `call`: the one that the effect concerns, or undefined
 * when it is over.
 */
export function isStillWanted(effect: Effect, call: LiveCall | undefined): boolean {
  const plan = call === undefined ? null : mediaPlan(call)
  const seat = plan?.caller?.seat
  switch (effect.do) {
    case 'HangUp':
    case 'DestroyBridge':
    case 'FinishRecording':
    case 'AnswerCaller':
    case 'SignalProgress':
      return true
    case 'RingAgent':
      return plan?.agent?.dial?.offer === effect.offer
    case 'Play':
      return seat?.at === 'prompt' && seat.playback === effect.playback
    case 'StartMusic':
      return seat?.at === 'music'
    case 'StopMusic':
      return seat?.at === 'prompt'
    case 'Connect':
      return call?.phase === 'connecting' && plan?.room === effect.bridge
    case 'Hold':
      return seat?.at === 'music' && plan?.room === effect.bridge
    case 'Resume':
      // A room that is still to be built is joined by `Connect`.
      return call?.phase === 'talking' && plan?.room === effect.bridge
    case 'Mute':
      return plan?.agent?.channel === effect.channel && plan.agent.muted === effect.muted
  }
}
