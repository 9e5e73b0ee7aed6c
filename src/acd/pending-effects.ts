/**
 * Whether an effect that could not be done when it was decided should be done now. Ends are final; all the
 * rest only while the state stands that asked for it.
 */
import type { Effect } from '../core/effect.ts'
import type { LiveCall } from '../core/call.ts'
import { bridgeOf, CallId, offerOfLeg, OfferId, type BridgeId, type ChannelId } from '../core/ids.ts'
import type { Mirror } from './acd-state.ts'

export function stillRight(effect: Effect, mirror: Mirror): boolean {
  switch (effect.do) {
    case 'HangUp':
    case 'DestroyBridge':
    case 'FinishRecording':
    case 'AnswerCaller':
    case 'SignalProgress':
      return true
    case 'RingAgent': {
      const call = mirror.call(effect.call)?.value
      return (call?.phase === 'ringing' || call?.phase === 'reconnecting') && call.offer.id === effect.offer
    }
    case 'Play': {
      const call = ofCaller(effect.channel, mirror)
      return call !== undefined && 'playback' in call && call.playback === effect.playback
    }
    case 'StartMusic': {
      const phase = ofCaller(effect.channel, mirror)?.phase
      return phase === 'waiting' || phase === 'ringing' || phase === 'reconnecting' || phase === 'held'
    }
    case 'StopMusic':
      return ofCaller(effect.channel, mirror)?.phase === 'dismissing'
    case 'Connect':
      return inBridge(effect.bridge, mirror)?.phase === 'connecting'
    case 'Hold':
      return inBridge(effect.bridge, mirror)?.phase === 'held'
    case 'Resume':
      return inBridge(effect.bridge, mirror)?.phase === 'talking'
    case 'Mute': {
      const offer = offerOfLeg(effect.channel)
      const call = offer === null ? undefined : inBridge(bridgeOf(offer), mirror)
      return call?.phase === 'talking' && call.muted === effect.muted
    }
  }
}

const ofCaller = (channel: ChannelId, mirror: Mirror): LiveCall | undefined =>
  mirror.call(CallId(channel))?.value

/** The call whose present offer this bridge is for. */
function inBridge(bridge: BridgeId, mirror: Mirror): LiveCall | undefined {
  const id = mirror.callOfOffer(OfferId(bridge.slice('bridge-'.length)))
  const call = id === undefined ? undefined : mirror.call(id)?.value
  return call !== undefined && 'offer' in call && bridgeOf(call.offer.id) === bridge ? call : undefined
}
