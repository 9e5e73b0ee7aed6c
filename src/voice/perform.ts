/** Does one effect in the world and says what its outcome means for the call, if anything. */
import type { CallEvent } from '../core/call-event.ts'
import type { Effect } from '../core/effect.ts'
import type { CallId, OfferId } from '../core/ids.ts'
import { offerOfLeg } from '../core/ids.ts'
import { PbxAway, type Pbx, type RecordingJobs, type VoiceMeter } from './ports.ts'
import type { Logger } from 'pino'

export interface Outcome {
  readonly offer: OfferId
  readonly event: CallEvent
}

export interface Performer {
  perform(call: CallId, effect: Effect): Promise<Outcome | null>
}

export function performer(
  pbx: Pbx,
  recordings: RecordingJobs,
  meter: VoiceMeter,
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
        return performed === 'done' ? null : consequence(effect)
      } catch (error) {
        meter.alarm('effect failed')
        // While the PBX is away nothing can be done; `reconcile` does what is then still right.
        const away = error instanceof PbxAway
        log[away ? 'warn' : 'error']({ call, effect: effect.do, err: error }, 'effect not performed')
        return away ? null : consequence(effect)
      } finally {
        meter.performed(effect.do, monotonic() - startedAt)
      }
    },
  }
}

/** An effect that could not be done, as an event of the call. Most need none: the leg's end tells. */
function consequence(effect: Effect): Outcome | null {
  if (effect.do === 'RingAgent') {
    return { offer: effect.offer, event: { type: 'OfferEnded', offer: effect.offer, end: 'unreachable' } }
  }
  if (effect.do === 'Connect') {
    // One of the two legs is gone. If it was the caller's, CallerHungUp comes as well.
    const offer = offerOfLeg(effect.agent)
    return offer === null ? null : { offer, event: { type: 'OfferEnded', offer, end: 'declined' } }
  }
  return null
}
