/**
 * Ids are branded so that a channel can never be passed where a call is meant.
 * They are made where text enters the program (decoding, database rows) and nowhere else.
 */
declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/**
 * The citizen's channel id in Asterisk (`pbx1-1764025000.12`); it carries the Asterisk's name. We name that of a citizen who is
 * called (`outboundCallIn`).
 */
export type CallId = Branded<'CallId'>
/** A channel in Asterisk. We name those of agents' legs. */
export type ChannelId = Branded<'ChannelId'>
/** A bridge in Asterisk, named by us (`bridgeOf`); an id is never used twice. */
export type BridgeId = Branded<'BridgeId'>
/** A playback in Asterisk, named by us. */
export type PlaybackId = Branded<'PlaybackId'>
/** One attempt to connect one call with one agent, named as its leg. Timers and answers carry it. */
export type OfferId = Branded<'OfferId'>
/** An account's id in `people`, also the agent's. */
export type AgentId = Branded<'AgentId'>
export type QueueId = Branded<'QueueId'>
/** An entry of the city's contacts (`contact.ts`). */
export type ContactId = Branded<'ContactId'>
/** The name of one Asterisk (`systemname` in asterisk.conf). */
export type PbxName = Branded<'PbxName'>

export const CallId = (text: string): CallId => text as CallId
export const ChannelId = (text: string): ChannelId => text as ChannelId
export const BridgeId = (text: string): BridgeId => text as BridgeId
export const PlaybackId = (text: string): PlaybackId => text as PlaybackId
export const OfferId = (text: string): OfferId => text as OfferId
export const AgentId = (text: string): AgentId => text as AgentId
export const QueueId = (text: string): QueueId => text as QueueId
export const ContactId = (text: string): ContactId => text as ContactId
export const PbxName = (text: string): PbxName => text as PbxName

/** Milliseconds since the epoch, UTC. Every time in `core/` is one. */
export type Millis = number

// ---- names of ours in Asterisk: built and parsed here alone ----------------------------------------

const leg = 'leg-'
const room = 'room-'
const side = 'side-'
const tap = 'tap-'
const ear = 'ear-'
/** Of a Local channel. */
const farHalf = ';2'
const out = '-out-'
const page = '-page-'
const pageUniqueLength = 16
/** Names of releases up to state version 3, which an update takes over with the calls that are up. */
const olderLeg = 'offer-'
const olderRoom = 'bridge-'

/**
 * The id of an offer is the name of its leg: `leg-<call>-<unique>`, so that a name alone tells whose the leg is. `unique` is
 * never used twice: a number could be, once Redis has lost its state.
 */
export const offerIn = (call: CallId, unique: string): OfferId => OfferId(`${leg}${call}-${unique}`)
export const agentLegOf = (offer: OfferId): ChannelId =>
  ChannelId(offer.startsWith(leg) ? offer : `${olderLeg}${offer}`)
/** `room-<call>-<unique>` */
export const bridgeOf = (offer: OfferId): BridgeId =>
  BridgeId(offer.startsWith(leg) ? `${room}${offer.slice(leg.length)}` : `${olderRoom}${offer}`)
/** `side-<call>-<unique>`: where an agent talks with the colleague of this offer, unheard by the caller. */
export const sideOf = (consulted: OfferId): BridgeId => BridgeId(side + consulted.slice(leg.length))
/** `tap-<call>-<unique>`: where the supervisor of this offer hears a leg. */
export const tapOf = (supervisor: OfferId): BridgeId => BridgeId(tap + supervisor.slice(leg.length))
/** `ear-<call>-<unique>-<heard>`: the channel that carries what is heard at a leg to a supervisor, and back what they whisper. */
export const earOf = (supervisor: OfferId, heard: OfferId): ChannelId =>
  ChannelId(`${ear}${supervisor.slice(leg.length)}-${uniqueIn(heard)}`)
/** The same at the other line of the agent's phone, by which they have asked the colleague of this offer. */
export const secondEarOf = (supervisor: OfferId, consulted: OfferId): ChannelId =>
  ChannelId(`${earOf(supervisor, consulted)}-second`)
/** `<pbx>-out-<seconds>.<unique>`: the call to a citizen, and the channel of their leg. */
export const outboundCallIn = (pbx: PbxName, at: Millis, unique: string): CallId =>
  CallId(`${pbx}${out}${Math.floor(at / 1000)}.${unique.replaceAll('-', '')}`)
/** `<pbx>-out-<call>r<attempt>`: one attempt to call back the citizen of a call, to whom it was promised then. */
export const callbackOf = (pbx: PbxName, call: CallId, attempt: number): CallId =>
  CallId(`${pbx}${out}${withoutPbx(pbx, call).replaceAll('-', '')}r${attempt}`)
/**
 * `<pbx>-page-<seconds>.<unique>`: in the place of the call in which a callback was promised, of one that was asked for on the public
 * page. No call has it. Asterisk takes names of 149 characters, and those of legs and ears contain it.
 */
export const askedOnPageIn = (pbx: PbxName, at: Millis, unique: string): CallId =>
  CallId(`${pbx}${page}${Math.floor(at / 1000)}.${unique.replaceAll('-', '').slice(-pageUniqueLength)}`)
export const isAskedOnPage = (pbx: PbxName, call: CallId): boolean => call.startsWith(`${pbx}${page}`)
const withoutPbx = (pbx: PbxName, call: CallId): string =>
  isCallOf(pbx, call) ? call.slice(pbx.length + 1) : call
/** Whether the citizen of this channel was called by us. Its far half, which Asterisk names itself, is none: it goes with this one. */
export const isOutbound = (channel: string): boolean =>
  channel.includes(out) && !channel.endsWith(farHalf) && offerOfLeg(channel) === null && !isEar(channel)
export const isEar = (channel: string): boolean => channel.startsWith(ear)
/** Whether it is a bridge beside the conversation, in which no caller ever is. */
export const isAside = (bridge: string): boolean => bridge.startsWith(side) || bridge.startsWith(tap)
export const callerLegOf = (call: CallId): ChannelId => ChannelId(call)
export const greetingOf = (call: CallId): PlaybackId => PlaybackId(`greeting-${call}`)
/** `menu<n>-<call>`: a menu, read for the n-th time in this call. */
export const menuReadingOf = (call: CallId, nth: number): PlaybackId => PlaybackId(`menu${nth}-${call}`)
/** `survey<n>-<call>`: the n-th part of the survey. */
export const surveyReadingOf = (call: CallId, nth: number): PlaybackId => PlaybackId(`survey${nth}-${call}`)
/** `announcement<n>-<call>`: the n-th one in this call. */
export const announcementOf = (call: CallId, nth: number): PlaybackId =>
  PlaybackId(`announcement${nth}-${call}`)
/** `closed<n>-<call>`: the n-th one that the caller of a closed number hears. */
export const closedReadingOf = (call: CallId, nth: number): PlaybackId => PlaybackId(`closed${nth}-${call}`)
/** How a caller may leave a message. */
export const voicemailPromptOf = (call: CallId): PlaybackId => PlaybackId(`voicemail-${call}`)
/** The tone after which they speak. */
export const toneOf = (call: CallId): PlaybackId => PlaybackId(`tone-${call}`)
/** The message that says why the caller is not served. */
export const dismissalOf = (call: CallId): PlaybackId => PlaybackId(`dismiss-${call}`)

/**
 * The offer that a leg belongs to, or null for any other channel. The far half of an external party's leg, which Asterisk
 * names itself (`leg-…;2`), is none: it goes with the half that is ours.
 */
export const offerOfLeg = (channel: string): OfferId | null =>
  channel.endsWith(farHalf)
    ? null
    : channel.startsWith(leg)
      ? OfferId(channel)
      : afterOlder(olderLeg, channel)
/** The offer that a bridge of ours was built for, or null for any other bridge. */
export function offerOfBridge(bridge: string): OfferId | null {
  const kind = [room, side, tap].find((prefix) => bridge.startsWith(prefix))
  return kind === undefined ? afterOlder(olderRoom, bridge) : OfferId(leg + bridge.slice(kind.length))
}
/** The call that a playback of ours is heard in. */
export const callOfPlayback = (playback: PlaybackId): CallId =>
  CallId(playback.slice(playback.indexOf('-') + 1))
/** The call of a caller's channel. */
export const callOfCaller = (channel: ChannelId): CallId => CallId(channel)
/** Whether the call came in by the Asterisk of this name, which begins its channels' ids. */
export const isCallOf = (pbx: string, call: CallId): boolean => call.startsWith(`${pbx}-`)

/** Of the length of a UUID, so that a name stays below Asterisk's bound of 149 characters. */
const uniqueIn = (offer: OfferId): string => offer.slice(-uniqueLength)
const uniqueLength = 36

const afterOlder = (prefix: string, name: string): OfferId | null =>
  name.startsWith(prefix) ? OfferId(name.slice(prefix.length)) : null
