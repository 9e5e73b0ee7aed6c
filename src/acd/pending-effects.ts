/**
 * Whether an effect that could not be done when it was decided should be done now. Ends are final; all the
 * rest only while the state stands that asked for it.
 */
import type { Effect } from '../core/effect.ts'
import type { LiveCall } from '../core/call.ts'
import { bridgeOf, CallId, offerOfLeg, OfferId, type BridgeId, type ChannelId } from '../core/ids.ts'
import type { AcdState } from './acd-state.ts'

export function isStillPending(effect: Effect, acdState: AcdState): boolean {
  switch (effect.do) {
    case 'HangUp':
    case 'DestroyBridge':
    case 'FinishRecording':
    case 'AnswerCaller':
    case 'SignalProgress':
      return true
    case 'RingAgent': {
      const call = acdState.call(effect.call)?.value
      return (call?.phase === 'ringing' || call?.phase === 'reconnecting') && call.offer.id === effect.offer
    }
    case 'Play': {
      const call = ofCaller(effect.channel, acdState)
      return call !== undefined && 'playback' in call && call.playback === effect.playback
    }
    case 'StartMusic': {
      const phase = ofCaller(effect.channel, acdState)?.phase
      return phase === 'waiting' || phase === 'ringing' || phase === 'reconnecting' || phase === 'held'
    }
    case 'StopMusic':
      return ofCaller(effect.channel, acdState)?.phase === 'dismissing'
    case 'Connect':
      return inBridge(effect.bridge, acdState)?.phase === 'connecting'
    case 'Hold':
      return inBridge(effect.bridge, acdState)?.phase === 'held'
    case 'Resume':
      return inBridge(effect.bridge, acdState)?.phase === 'talking'
    case 'Mute': {
      const offer = offerOfLeg(effect.channel)
      const call = offer === null ? undefined : inBridge(bridgeOf(offer), acdState)
      return call?.phase === 'talking' && call.muted === effect.muted
    }
  }
}

const ofCaller = (channel: ChannelId, acdState: AcdState): LiveCall | undefined =>
  acdState.call(CallId(channel))?.value

/** The call whose present offer this bridge is for. */
function inBridge(bridge: BridgeId, acdState: AcdState): LiveCall | undefined {
  const id = acdState.callOfOffer(OfferId(bridge.slice('bridge-'.length)))
  const call = id === undefined ? undefined : acdState.call(id)?.value
  return call !== undefined && 'offer' in call && bridgeOf(call.offer.id) === bridge ? call : undefined
}
