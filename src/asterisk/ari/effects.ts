/** Performs one effect through ARI, with few round trips; in parallel where the order does not matter. */
import type { AriClient } from 'ari-client'
import type { AmiConnection } from '../ami/ami-connection.ts'
import { isRecord, textIn } from '../ami/fields.ts'
import type { Effect, EffectOf } from '../../core/effect.ts'
import { agentLegOf, offerOfLeg, type AgentId, type BridgeId, type ChannelId } from '../../core/ids.ts'
import { callable, cityLine } from '../../core/phone-number.ts'
import { PbxUnavailable, type Performed } from '../../acd/ports.ts'
import { AriRefusal, AriSilence } from './ari-transport.ts'
import { canHavePhone, endpointOf } from '../config/phones-file.ts'
import type { ChannelRegistry } from './channel-registry.ts'
import { mediaOf } from '../config/prompts.ts'

export interface EffectContext {
  readonly ami: Pick<AmiConnection, 'action'>
  /** Read again before each further step: it throws once the ownership is lost. */
  readonly client: AriClient
  readonly soundsDir: string
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

async function attempt(effect: PbxEffect, context: EffectContext): Promise<Performed> {
  const { channels, bridges } = context.client
  switch (effect.do) {
    case 'AnswerCaller':
      await answer(effect.channel, context)
      return 'done'
    case 'SignalProgress':
      await channels.progress({ channelId: effect.channel })
      return 'done'
    case 'Play': {
      const media = mediaOf(effect.prompt, context.now(), context.soundsDir)
      await channels.playWithId({ channelId: effect.channel, playbackId: effect.playback, media })
      return 'done'
    }
    case 'StartMusic':
      await channels.startMoh({ channelId: effect.channel })
      return 'done'
    case 'StopMusic':
      await channels.stopMoh({ channelId: effect.channel })
      return 'done'
    case 'RingAgent':
      return ringAgent(effect, context)
    case 'DialCaller':
      return dialCaller(effect, context)
    case 'StartRingback':
      await channels.ring({ channelId: effect.channel })
      return 'done'
    case 'StopRingback':
      await channels.ringStop({ channelId: effect.channel })
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

/**
 * Through a Local channel, which keeps its name whichever exit of the provider the dialplan reaches (`outbound.conf`). It is
 * handed to the application once the citizen has picked up and heard the announcement.
 */
async function dialCaller(effect: EffectOf<'DialCaller'>, context: EffectContext): Promise<Performed> {
  const { channel, number } = effect
  // The dialplan holds by itself: this is an answer at once.
  if (!/^\d+$/.test(number) || !callable(number, context.callable).ok) return 'refused'
  if (context.legs.isGone(channel)) return 'already gone'
  try {
    await context.client.channels.originateWithId({
      channelId: channel,
      // "n": the two halves stay, so that the name stays.
      endpoint: `Local/${number}@linia-callout/n`,
      context: 'linia-called',
      extension: 's',
      priority: 1,
      // The dialplan bounds the ringing, and the ACD the attempt.
      timeout: -1,
      callerId: cityLine,
      variables: {
        LINIA_CALL: channel,
        LINIA_LINE: cityLine,
        LINIA_ARRIVED: String(context.now()),
        LINIA_RING_S: String(Math.max(1, Math.round(effect.ringTimeoutMs / 1000))),
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

async function connect(effect: EffectOf<'Connect'>, context: EffectContext): Promise<Performed> {
  const { bridges } = context.client
  const callers = effect.channels.filter(isCaller)
  // An answered caller saves a request. Stopping music that does not play is harmless.
  const [created, ...answered] = await Promise.allSettled([
    bridges.createWithId({ bridgeId: effect.bridge, type: 'mixing' }),
    ...callers.map((caller) => (context.legs.isAnswered(caller) ? undefined : answer(caller, context))),
    ...callers.map((channelId) => context.client.channels.stopMoh({ channelId })),
  ])
  if (created.status === 'rejected' && !isConflict(created.reason)) throw created.reason
  try {
    for (const one of answered.slice(0, callers.length)) if (one.status === 'rejected') throw one.reason
    if ((await add(effect, context)) > 1) return 'done'
  } catch (error) {
    // A leg that is gone is reported with 400, too.
    if (!(error instanceof AriRefusal)) throw error
  }
  // Nobody is left to talk with, and no later step would destroy the bridge.
  if (created.status === 'fulfilled') await bridges.destroy({ bridgeId: effect.bridge })
  return 'already gone'
}

async function join(effect: EffectOf<'Join'>, context: EffectContext): Promise<void> {
  for (const channelId of effect.channels.filter(isCaller))
    await context.client.channels.stopMoh({ channelId })
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

/** With the options that the dialplan has prepared for the leg. Nothing happens to a leg whose recorder runs. */
async function record(channel: ChannelId, { client, ami }: EffectContext): Promise<Performed> {
  const valueOf = async (variable: string): Promise<string> => {
    const answered = await client.channels.getChannelVar({ channelId: channel, variable })
    return isRecord(answered) ? textIn(answered, 'value') : ''
  }
  const options = await valueOf('LINIA_RECORDER')
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
