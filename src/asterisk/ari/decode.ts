/** Turns ARI events into events of the port. An event without a meaning for the ACD is null; the caller counts it. */
import { menuKeys } from '../../core/configuration/menu.ts'
import {
  BridgeId,
  CallId,
  ChannelId,
  isEar,
  offerOfLeg,
  PlaybackId,
  type Millis,
  type PbxName,
} from '../../core/ids.ts'
import { cityLine } from '../../core/phone-number.ts'
import type { LegEnd, PbxEvent } from '../../acd/ports.ts'
import { fieldsIn, integerIn, listIn, textIn, type Fields } from '../ami/fields.ts'
import { secondLineArg } from '../config/dialplan-words.ts'
import { phoneOfChannel } from '../config/phones-file.ts'

export type Arrived = Extract<PbxEvent, { type: 'CallArrived' }>

/** No name of an account or a queue is longer. */
const dialledMax = 80

/** Null for an event without a meaning for the ACD. */
export function decodeAri(frame: Fields, pbx: PbxName, now: Millis): PbxEvent | null {
  const channel = fieldsIn(frame, 'channel')
  const id = ChannelId(textIn(channel, 'id'))
  // It comes and goes with a leg.
  if (isEar(id)) return null
  switch (textIn(frame, 'type')) {
    case 'StasisStart':
      if (offerOfLeg(id) !== null) return { type: 'LegUp', channel: id }
      if (listIn(frame, 'args')[0] === secondLineArg) return secondLine(channel)
      if (listIn(frame, 'args')[0] === 'outbound') return { type: 'CallerUp', channel: id }
      return listIn(frame, 'args')[0] === 'inbound'
        ? arrivedCall(channel, factsOf(channel, listIn(frame, 'args')), pbx, now)
        : null
    case 'StasisEnd':
      // For a caller who hangs up it follows `LegGone`, and is ignored by then.
      return offerOfLeg(id) === null ? { type: 'CallerTaken', channel: id } : null
    case 'ChannelHangupRequest': {
      if (frame['soft'] === true) return softHangup(id, integerIn(frame, 'cause') ?? 0)
      const up = isUp(channel)
      return { type: 'LegGone', channel: id, end: up ? 'hung up' : endOf(integerIn(frame, 'cause'), up) }
    }
    case 'ChannelDestroyed':
      return { type: 'LegGone', channel: id, end: endOf(integerIn(frame, 'cause'), isUp(channel)) }
    case 'ChannelHold':
      return { type: 'LegHeld', channel: id, held: true }
    case 'ChannelUnhold':
      return { type: 'LegHeld', channel: id, held: false }
    case 'ChannelTransfer':
      return transferAsked(frame)
    case 'ChannelEnteredBridge': {
      const bridge = fieldsIn(frame, 'bridge')
      if (listIn(bridge, 'channels').length < 2) return null
      return { type: 'BridgeFull', bridge: BridgeId(textIn(bridge, 'id')) }
    }
    case 'ChannelDtmfReceived': {
      const key = menuKeys.find((one) => one === textIn(frame, 'digit'))
      // Of an agent's phone they are for the other side.
      return key === undefined || offerOfLeg(id) !== null ? null : { type: 'KeyPressed', channel: id, key }
    }
    case 'PlaybackFinished':
      return { type: 'PlaybackEnded', playback: PlaybackId(textIn(fieldsIn(frame, 'playback'), 'id')) }
    default:
      return null
  }
}

/** The text is what the phone has sent: it is compared with names, and becomes part of nothing. */
function secondLine(channel: Fields): PbxEvent | null {
  const phone = phoneOfChannel(textIn(channel, 'name'))
  const dialled = textIn(fieldsIn(channel, 'dialplan'), 'exten').slice(0, dialledMax)
  return phone && { type: 'SecondLine', channel: ChannelId(textIn(channel, 'id')), dialled, ...phone }
}

/**
 * A phone's REFER. With a state the event reports our own answer. With the id of a SIP dialog the phone wants to connect
 * the caller with another call of its own.
 */
function transferAsked(frame: Fields): PbxEvent | null {
  if ('state' in frame) return null
  const channel = ChannelId(textIn(fieldsIn(fieldsIn(frame, 'referred_by'), 'source_channel'), 'id'))
  const wanted = fieldsIn(fieldsIn(frame, 'refer_to'), 'requested_destination')
  if (!('protocol_id' in wanted))
    return {
      type: 'TransferAsked',
      channel,
      to: textIn(wanted, 'destination').slice(0, dialledMax),
      other: null,
    }
  const other = textIn(fieldsIn(fieldsIn(frame, 'refer_to'), 'destination_channel'), 'id')
  return { type: 'TransferAsked', channel, to: null, other: other === '' ? null : ChannelId(other) }
}

/**
 * A soft hang-up carries flags in place of the cause. For an agent's leg the real cause follows some milliseconds
 * later with ChannelDestroyed; a caller's channel has left the application by then, and no such event comes.
 */
function softHangup(channel: ChannelId, flags: number): PbxEvent | null {
  const redirected = (flags & 2) !== 0
  if (redirected || offerOfLeg(channel) !== null) return null
  return { type: 'LegGone', channel, end: flags === 1 ? 'no audio' : 'hung up' }
}

/** Channel variables that hold what the dialplan knows of a call; `Stasis` has them as arguments, in this order. */
export const factNames = ['LINIA_LINE', 'LINIA_ARRIVED', 'LINIA_QUEUED'] as const

/** From the arguments of `Stasis`, `inbound` first. An Asterisk that an earlier release set up sends them as `channelvars`. */
export function factsOf(channel: Fields, args: readonly unknown[]): Fields {
  const [, ...facts] = args
  if (facts.length === 0) return fieldsIn(channel, 'channelvars')
  return Object.fromEntries(factNames.map((name, index) => [name, facts[index]]))
}

/** A caller's channel as an arrival. */
export function arrivedCall(channel: Fields, facts: Fields, pbx: PbxName, now: Millis): Arrived | null {
  const id = textIn(channel, 'id')
  if (id === '') return null
  const caller = fieldsIn(channel, 'caller')
  return {
    type: 'CallArrived',
    pbx,
    call: CallId(id),
    line: textIn(facts, 'LINIA_LINE') || cityLine,
    callerNumber: clean(textIn(caller, 'number'), 32),
    callerName: clean(textIn(caller, 'name'), 80),
    arrivedAt: integerIn(facts, 'LINIA_ARRIVED') ?? now,
    queuedAt: integerIn(facts, 'LINIA_QUEUED'),
    answered: isUp(channel),
  }
}

export const isUp = (channel: Fields): boolean => textIn(channel, 'state') === 'Up'

/** The dialplan filters as well; this covers texts that do not pass through it. */
function clean(text: string, charactersMax: number): string {
  return text.replace(/\p{C}/gu, '').slice(0, charactersMax).toWellFormed().trim()
}

/** Maps a Q.850 cause. A leg that was up has "hung up", with any cause but that of lost audio. */
export function endOf(cause: number | null, wasUp: boolean): LegEnd {
  // res_pjsip_sdp_rtp ends a leg after its RTP timeout with "requested channel not available".
  if (cause === 44) return 'no audio'
  if (wasUp) return 'hung up'
  switch (cause) {
    case 16:
      return 'hung up'
    case 17:
      return 'busy'
    case 21:
      return 'declined'
    case 0:
    case 18:
    case 19:
    case 102:
      return 'no answer'
    case 1:
    case 3:
    case 20:
    case 22:
    case 27:
      return 'unreachable'
    case null:
    default:
      return 'failed'
  }
}
