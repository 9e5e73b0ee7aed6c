/** Performs one effect through ARI, with few round trips; in parallel where the order does not matter. */
import type { AriClient } from 'ari-client'
import { AmiRefusal, type AmiConnection } from '../ami/ami-connection.ts'
import { isRecord, textIn } from '../ami/fields.ts'
import type { Effect, EffectOf } from '../../core/effect.ts'
import {
  agentLegOf,
  offerOfLeg,
  type AgentId,
  type BridgeId,
  type ChannelId,
  type QueueId,
} from '../../core/ids.ts'
import { callable, callableContact, cityLine } from '../../core/phone-number.ts'
import { PbxUnavailable, type Performed } from '../../acd/ports.ts'
import { AriRefusal, AriSilence } from './ari-transport.ts'
import { canHavePhone, endpointOf } from '../config/phones-file.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import { musicClassOf } from '../config/music-classes.ts'
import { mediaOf } from '../config/prompts.ts'
import { speaksNow, speaksVariable } from '../config/dialplan-words.ts'

export interface EffectContext {
  readonly ami: Pick<AmiConnection, 'action'>
  /** Read again before each further step: it throws once the ownership is lost. */
  readonly client: AriClient
  readonly soundsDir: string
  readonly textsDir: string
  /** Whether the queue has a piece of its own, which Asterisk can play. */
  readonly hasMusic: (queue: QueueId) => boolean
  /** The numbers that agents may call (`CallOutRules`). */
  readonly callable: readonly string[]
  readonly usernameOf: (agent: AgentId) => string | undefined
  readonly legs: ChannelRegistry
  readonly now: () => number
}

export type PbxEffect = Exclude<Effect, { do: 'FinishRecording' }>

/** Throws `PbxUnavailable` when Asterisk does not answer. */
export async function performEffect(effect: PbxEffect, context: EffectContext): Promise<Performed> {
  try {
    return await attempt(effect, context)
  } catch (error) {
    if (error instanceof AriRefusal) return refusal(error)
    if (error instanceof AriSilence) throw new PbxUnavailable(error.message)
    throw error
  }
}

/** 404, 409, 412 and 422: the channel or bridge is gone, going, or no longer ours. */
const goneStatuses = new Set([404, 409, 412, 422])
const refusal = (error: AriRefusal): Performed =>
  goneStatuses.has(error.status) ? 'already gone' : 'refused'

/** Without a class Asterisk plays the line's music, and goes on with it where it was; of an unknown one it warns. */
const classOf = (queue: QueueId | undefined, { hasMusic }: EffectContext) =>
  queue !== undefined && hasMusic(queue) ? { mohClass: musicClassOf(queue) } : {}

async function attempt(effect: PbxEffect, context: EffectContext): Promise<Performed> {
  const { channels, bridges, playbacks } = context.client
  switch (effect.do) {
    case 'AnswerCaller':
      await answer(effect.channel, context)
      return 'done'
    case 'SignalProgress':
      await channels.progress({ channelId: effect.channel })
      return 'done'
    case 'Play': {
      const media = mediaOf(effect.prompt, context.now(), context)
      await channels.playWithId({ channelId: effect.channel, playbackId: effect.playback, media })
      return 'done'
    }
    case 'StopPlaying':
      await playbacks.stop({ playbackId: effect.playback })
      return 'done'
    case 'StartMusic':
      await channels.startMoh({ channelId: effect.channel, ...classOf(effect.queue, context) })
      return 'done'
    case 'StopMusic':
      await channels.stopMoh({ channelId: effect.channel })
      return 'done'
    case 'RingAgent':
      return ringAgent(effect, context)
    case 'DialCaller':
      return dialCaller(effect, context)
    case 'DialExternal':
      return dialExternal(effect, context)
    case 'StartRingback':
      await channels.ring({ channelId: effect.channel })
      return 'done'
    case 'StopRingback':
      await channels.ringStop({ channelId: effect.channel })
      return 'done'
    case 'BuildBridge':
      await buildBridge(effect.bridge, context)
      return 'done'
    case 'Connect':
      return connect(effect, context)
    case 'Join':
      await join(effect, context)
      return 'done'
    case 'Leave':
      await Promise.all(effect.channels.map((channel) => removeFrom(effect.bridge, channel, context)))
      return 'done'
    case 'Tap':
      return tap(effect, context)
    case 'RecordVoicemail':
      return recordVoicemail(effect, context)
    case 'Record':
      return record(effect.channel, context)
    case 'PauseRecording':
      await context.ami.action({
        action: 'MixMonitorMute',
        channel: effect.channel,
        direction: 'both',
        state: effect.paused ? '1' : '0',
      })
      return 'done'
    case 'Mute': {
      const direction = { channelId: effect.channel, direction: 'in' }
      await (effect.muted ? channels.mute(direction) : channels.unmute(direction))
      return 'done'
    }
    case 'AnswerTransferKey':
      await channels.transfer_progress({
        channelId: effect.channel,
        states: effect.isSentOn ? 'channel_answered' : 'channel_declined',
      })
      return 'done'
    case 'DestroyBridge':
      await bridges.destroy({ bridgeId: effect.bridge })
      return 'done'
    case 'HangUp':
      // Most conversations end with the leg's own hang-up: this saves a request before the next call.
      if (context.legs.isGone(effect.channel)) return 'already gone'
      context.legs.hangingUp(effect.channel)
      await channels.hangup({ channelId: effect.channel, reason: effect.as })
      return 'done'
  }
}

async function ringAgent(effect: EffectOf<'RingAgent'>, context: EffectContext): Promise<Performed> {
  const username = context.usernameOf(effect.agent)
  if (username === undefined || !canHavePhone(username)) return 'refused'
  const leg = agentLegOf(effect.offer)
  // The leg has ended: a repeated effect would ring for a caller who may be with another agent.
  if (context.legs.isGone(leg)) return 'already gone'
  await context.legs.turnOf(effect.agent, leg)
  try {
    await context.client.channels.originateWithId({
      channelId: leg,
      endpoint: `PJSIP/${endpointOf(username, effect.device)}`,
      // The dialplan starts the leg's recorder before the application gets it. Until then its events come by the
      // subscription to all channels (`ari-connection.ts`).
      context: 'linia-leg',
      extension: effect.isRecorded ? 'agent' : 'supervisor',
      priority: 1,
      timeout: Math.max(1, Math.round(effect.ringTimeoutMs / 1000)),
      callerId: callerIdOf(effect.callerNumber),
      variables: headersOf(effect),
    })
    return 'done'
  } catch (error) {
    if (!isConflict(error)) throw error
    // Either the leg exists already, because the effect was repeated, or the phone cannot be reached: once an HTTP
    // thread of Asterisk has seen a real conflict, it answers 409 for unreachable phones, too.
    return (await exists(leg, context)) ? 'done' : 'refused'
  }
}

async function dialCaller(effect: EffectOf<'DialCaller'>, context: EffectContext): Promise<Performed> {
  const { channel, number } = effect
  // The dialplan holds by itself: this is an answer at once.
  if (!/^\d+$/.test(number) || !callable(number, context.callable).ok) return 'refused'
  const variables = {
    LINIA_CALL: channel,
    LINIA_LINE: cityLine,
    LINIA_ARRIVED: String(context.now()),
  }
  return dial(effect, { through: 'linia-callout', into: 'linia-called', variables }, context)
}

async function dialExternal(effect: EffectOf<'DialExternal'>, context: EffectContext): Promise<Performed> {
  const { call, number } = effect
  if (!/^\d+$/.test(number) || !callableContact(number, context.callable).ok) return 'refused'
  // For the watchdog, which sees only channels.
  const variables = { LINIA_CALL: call }
  return dial(effect, { through: 'linia-contact', into: 'linia-external', variables }, context)
}

/**
 * Through a Local channel, which keeps its name whichever exit of the provider the dialplan reaches (`outbound.conf`). It is
 * handed to the application once the citizen has picked up and heard the announcement.
 */
async function dial(
  { channel, number, ringTimeoutMs }: EffectOf<'DialCaller' | 'DialExternal'>,
  way: {
    /** The contexts of its two halves: the one that dials, and the one that is handed over. */
    readonly through: string
    readonly into: string
    readonly variables: Readonly<Record<string, string>>
  },
  context: EffectContext,
): Promise<Performed> {
  if (context.legs.isGone(channel)) return 'already gone'
  try {
    await context.client.channels.originateWithId({
      channelId: channel,
      // "n": the two halves stay, so that the name stays.
      endpoint: `Local/${number}@${way.through}/n`,
      context: way.into,
      extension: 's',
      priority: 1,
      // The dialplan bounds the ringing, and the ACD the attempt.
      timeout: -1,
      callerId: cityLine,
      // As every leg (decision 0045). Without it the two halves have linear sound, and the provider's side a translator, which
      // falls silent when another speaker's numbers begin lower.
      formats: 'alaw',
      variables: {
        ...way.variables,
        LINIA_RING_S: String(Math.max(1, Math.round(ringTimeoutMs / 1000))),
      },
    })
    return 'done'
  } catch (error) {
    if (!isConflict(error)) throw error
    return (await exists(channel, context)) ? 'done' : 'refused'
  }
}

async function exists(channel: ChannelId, context: EffectContext): Promise<boolean> {
  try {
    await context.client.channels.get({ channelId: channel })
    return true
  } catch (error) {
    if (error instanceof AriRefusal && error.status === 404) return false
    throw error
  }
}

/** Only digits reach a phone's display; a withheld number is shown as such by every phone. */
const callerIdOf = (number: string | null): string => {
  const digits = (number ?? '').replace(/[^+\d*#]/g, '')
  return digits === '' ? 'anonymous' : digits
}

/** Headers for the phones: the browser phone reads the X headers, desk phones understand `answer-after`. */
function headersOf(effect: EffectOf<'RingAgent'>): Record<string, string> {
  const named = {
    // Names the folder of the leg's recording; and for the watchdog, which sees only channels.
    LINIA_CALL: effect.call,
    'PJSIP_HEADER(add,X-Linia-Call)': effect.call,
    'PJSIP_HEADER(add,X-Linia-Offer)': effect.offer,
  }
  if (!effect.autoAnswer) return named
  return {
    ...named,
    'PJSIP_HEADER(add,X-Linia-Auto-Answer)': '1',
    'PJSIP_HEADER(add,Call-Info)': '<sip:linia>;answer-after=0',
    'PJSIP_HEADER(add,Alert-Info)': '<sip:linia>;info=alert-autoanswer',
  }
}

/** Resolves with whether it was made now: false for a bridge that exists. */
async function buildBridge(bridge: BridgeId, { client }: EffectContext): Promise<boolean> {
  try {
    await client.bridges.createWithId({ bridgeId: bridge, type: 'mixing' })
    return true
  } catch (error) {
    if (!isConflict(error)) throw error
    return false
  }
}

async function connect(effect: EffectOf<'Connect'>, context: EffectContext): Promise<Performed> {
  const { client, legs } = context
  const callers = effect.channels.filter(isCaller)
  for (const caller of callers) if (!legs.isAnswered(caller)) await answer(caller, context)
  // Together: the time between a phone's answer and the first word. Asterisk performs a channel's commands in turn, and a
  // caller whose music ends a moment after they are in the bridge misses nothing. Stopping music that does not play is harmless.
  const silenced = Promise.all(callers.map((channelId) => client.channels.stopMoh({ channelId })))
  const connected = connectIn(effect, context)
  await Promise.allSettled([silenced, connected])
  await silenced
  return connected
}

/** In the bridge that was made while the phone rang, or in a new one. */
async function connectIn(effect: EffectOf<'Connect'>, context: EffectContext): Promise<Performed> {
  const { bridges } = context.client
  let made = false
  try {
    const inside = await add(effect, context).catch(async (error: unknown) => {
      if (!(error instanceof AriRefusal) || error.status !== 404) throw error
      made = await buildBridge(effect.bridge, context)
      return add(effect, context)
    })
    if (inside > 1) return 'done'
  } catch (error) {
    // A leg that is gone is reported with 400, too.
    if (!(error instanceof AriRefusal)) throw error
  }
  // Nobody is left to talk with, and no later step would destroy the bridge.
  if (made) await bridges.destroy({ bridgeId: effect.bridge })
  return 'already gone'
}

async function join(effect: EffectOf<'Join'>, context: EffectContext): Promise<void> {
  for (const channelId of effect.channels.filter(isCaller)) {
    // An agent's second line may not be: a colleague answered while nobody looked.
    if (!context.legs.isAnswered(channelId)) await answer(channelId, context)
    await context.client.channels.stopMoh({ channelId })
  }
  await add(effect, context)
}

/**
 * Resolves with how many are in. One of several who is gone does not keep the others out: Asterisk refuses them all, and the
 * leg's own end is an event. Of two a conversation is left to nobody. @throws {AriRefusal} when none is in.
 */
async function add(
  { bridge, channels }: Pick<EffectOf<'Join'>, 'bridge' | 'channels'>,
  { client }: EffectContext,
): Promise<number> {
  const addThese = (these: readonly ChannelId[]): Promise<unknown> =>
    client.bridges.addChannel({
      bridgeId: bridge,
      channel: these.join(','),
      inhibitConnectedLineUpdates: true,
    })
  try {
    await addThese(channels)
    return channels.length
  } catch (error) {
    if (!(error instanceof AriRefusal) || channels.length < 3) throw error
    let there = 0
    for (const one of channels)
      try {
        await addThese([one])
        there += 1
      } catch (refused) {
        if (!(refused instanceof AriRefusal)) throw refused
      }
    if (there === 0) throw error
    return there
  }
}

/** A caller, or an agent's second line: a call that came in, which is answered once somebody is to be heard. */
const isCaller = (channel: ChannelId): boolean => offerOfLeg(channel) === null

/**
 * A snoop channel carries both directions of the leg to the supervisor, and the supervisor's voice to that leg alone. It
 * gets the voices before what is whispered is mixed in, as the leg's recorder does.
 */
async function tap(effect: EffectOf<'Tap'>, context: EffectContext): Promise<Performed> {
  const { client, legs } = context
  const entered = legs.entering(effect.ear)
  const [created, snoop] = await Promise.allSettled([
    client.bridges.createWithId({ bridgeId: effect.bridge, type: 'mixing' }),
    client.channels.snoopChannelWithId({
      channelId: effect.heard,
      snoopId: effect.ear,
      spy: 'both',
      whisper: 'out',
      app: 'linia',
      appArgs: 'ear',
    }),
  ])
  if (created.status === 'rejected' && !isConflict(created.reason)) throw created.reason
  // For a name that is taken Asterisk answers 500.
  if (snoop.status === 'rejected' && !(await exists(effect.ear, context))) throw snoop.reason
  // Until then Asterisk refuses to put it into a bridge.
  if (snoop.status === 'fulfilled') await entered
  await add({ bridge: effect.bridge, channels: [effect.ear, effect.channel] }, context)
  return 'done'
}

/**
 * With the options that the dialplan has prepared. The channel's own limit ends a message that no server ends. The mark comes
 * last: by it the watchdog leaves the caller where they speak, and a repeat knows that nothing is left to do. A repeat
 * that finds none begins anew, and the recorder appends.
 */
async function recordVoicemail(
  { channel, maxMs }: EffectOf<'RecordVoicemail'>,
  context: EffectContext,
): Promise<Performed> {
  const { client, ami } = context
  const options = await variableOf(channel, speaksVariable, context)
  if (options === speaksNow) return 'done'
  if (options === '') return 'refused'
  const limitS = Math.ceil(maxMs / 1000) + limitMarginS
  const set = (variable: string, value: string): Promise<unknown> =>
    client.channels.setChannelVar({ channelId: channel, variable, value })
  await set('TIMEOUT(absolute)', String(limitS))
  try {
    // Refused where none runs.
    await ami.action({ action: 'StopMixMonitor', channel }).catch(unlessRefused)
    await ami.action({ action: 'MixMonitor', channel, file: '', options })
  } catch (error) {
    if (!(error instanceof AmiRefusal)) throw error
    return (await exists(channel, context)) ? 'refused' : 'already gone'
  }
  await set(speaksVariable, speaksNow)
  return 'done'
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof AmiRefusal)) throw error
}

/** Later than the ACD's own bound. */
const limitMarginS = 15

async function variableOf(
  channel: ChannelId,
  variable: string,
  { client }: Pick<EffectContext, 'client'>,
): Promise<string> {
  const answered = await client.channels.getChannelVar({ channelId: channel, variable })
  return isRecord(answered) ? textIn(answered, 'value') : ''
}

/** With the options that the dialplan has prepared for the leg. Nothing happens to a leg whose recorder runs. */
async function record(channel: ChannelId, context: EffectContext): Promise<Performed> {
  const { client, ami } = context
  const options = await variableOf(channel, 'LINIA_RECORDER', context)
  if (options === '') return 'refused'
  await client.channels.setChannelVar({ channelId: channel, variable: 'LINIA_RECORDER', value: '' })
  await ami.action({ action: 'MixMonitor', channel, file: '', options })
  return 'done'
}

/** Harmless for a caller who is answered already. */
async function answer(caller: ChannelId, { client, legs }: EffectContext): Promise<void> {
  await client.channels.answer({ channelId: caller })
  legs.answered(caller)
}

const isConflict = (error: unknown): boolean => error instanceof AriRefusal && error.status === 409

/** Tolerates a channel that is not in the bridge: a repeated hold still starts the music. */
async function removeFrom(bridge: BridgeId, channel: ChannelId, context: EffectContext): Promise<void> {
  try {
    await context.client.bridges.removeChannel({ bridgeId: bridge, channel })
  } catch (error) {
    if (!(error instanceof AriRefusal) || error.status === 404) throw error
  }
}
