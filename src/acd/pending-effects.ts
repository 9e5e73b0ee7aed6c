/** Whether an effect that could not be performed when it was decided should be performed now. */
import type { Effect } from '../core/effect.ts'
import { isStillWanted } from '../core/media/media-effects.ts'
import type { LiveCall } from '../core/call.ts'
import { callOfCaller, offerOfBridge, offerOfLeg, type OfferId } from '../core/ids.ts'
import type { AcdState } from './acd-state.ts'

export const isStillPending = (effect: Effect, acdState: AcdState): boolean =>
  isStillWanted(effect, callOf(effect, acdState))

/** The call that an effect concerns, by whatever the effect names. */
function callOf(effect: Effect, acdState: AcdState): LiveCall | undefined {
  if ('call' in effect) return acdState.call(effect.call)?.value
  if ('bridge' in effect) return callOfOffer(offerOfBridge(effect.bridge), acdState)
  const offer = offerOfLeg(effect.channel)
  return offer === null ? acdState.call(callOfCaller(effect.channel))?.value : callOfOffer(offer, acdState)
}

function callOfOffer(offer: OfferId | null, acdState: AcdState): LiveCall | undefined {
  const id = offer === null ? undefined : acdState.callOfOffer(offer)
  return id === undefined ? undefined : acdState.call(id)?.value
}
