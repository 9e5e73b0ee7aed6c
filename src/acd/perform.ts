/** Performs one effect and translates its outcome into an event of the call, if it needs one. */
import type { CallEvent } from '../core/call-event.ts'
import type { Effect } from '../core/effect.ts'
import { offerOfLeg, type CallId } from '../core/ids.ts'
import { PbxUnavailable, type Pbx, type Performed, type RecordingJobs, type AcdMeter } from './ports.ts'
import type { Logger } from 'pino'

/** Null: nothing follows; else an event for the call; `not done`: the PBX or the jobs are away. */
export type Outcome = CallEvent | 'not done' | null

export interface Performer {
  perform(call: CallId, effect: Effect): Promise<Outcome>
}

export function performer(
  pbx: Pbx,
  recordings: RecordingJobs,
  meter: AcdMeter,
  log: Logger,
  monotonic: () => number,
): Performer {
  return {
    async perform(call, effect) {
      const startedAt = monotonic()
      try {
        if (effect.do === 'FinishRecording') {
          await recordings.finish(effect.call)
          return null
        }
        const performed = await pbx.perform(effect)
        return performed === 'done' ? null : consequence(effect, performed)
      } catch (error) {
        meter.alarm('effect failed')
        const away = error instanceof PbxUnavailable
        log[away ? 'warn' : 'error']({ call, effect: effect.do, err: error }, 'effect not performed')
        return away || effect.do === 'FinishRecording' ? 'not done' : consequence(effect, 'refused')
      } finally {
        meter.performed(effect.do, monotonic() - startedAt)
      }
    },
  }
}

/** The event that follows from a failed effect. Most need none: the leg's own end is an event. */
function consequence(effect: Effect, performed: Exclude<Performed, 'done'>): CallEvent | null {
  if (effect.do === 'RingAgent') {
    return { type: 'OfferEnded', offer: effect.offer, end: 'unreachable' }
  }
  if (effect.do === 'DialExternal') {
    const offer = offerOfLeg(effect.channel)
    return offer === null ? null : { type: 'OfferEnded', offer, end: 'unreachable' }
  }
  if (effect.do === 'RecordVoicemail' && performed === 'refused') return { type: 'RecorderFailed' }
  if (effect.do === 'DialCaller') return { type: 'CallerUnreached', why: 'failed' }
  if (effect.do === 'Connect') {
    // One of the two legs is gone. If it was the caller's, CallerHungUp comes as well.
    const offers = effect.channels.map(offerOfLeg)
    const offer = offers.find((one) => one !== null)
    // Of two agents in a room of their own each one's end is an event.
    return offer === undefined || !offers.includes(null)
      ? null
      : { type: 'OfferEnded', offer, end: 'declined' }
  }
  if (effect.do === 'Play' && performed === 'refused') {
    // A message that cannot be played (its file is missing) counts as over: its end would never come.
    return { type: 'PlaybackEnded', playback: effect.playback }
  }
  return null
}
