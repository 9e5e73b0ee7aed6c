/**
 * Takes callers out of an application that is dead or hung: nothing inside Asterisk can. Needs nothing
 * but AMI and runs as a process of its own (`node src/asterisk/watchdog.ts`), so that whatever stops the
 * server does not stop it. When the beat is older than 30 s it redirects every caller's channel that
 * talks with nobody to the fallback queue and hangs up agents' legs that are left alone.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { offerOfLeg } from '../core/ids.ts'
import { AmiConnection, AmiRefusal, type AmiOptions } from './ami.ts'
import { integerIn, textIn, type Fields } from './fields.ts'

export interface WatchdogOptions {
  readonly ami: Omit<AmiOptions, 'log'>
  readonly log: Logger
  readonly now: () => number
  /** How old the beat may become. */
  readonly beatAgeMaxMs?: number
}

const lookEveryMs = 1_000
const beatAgeMaxMs = 30_000

export interface Rescue {
  readonly callers: readonly string[]
  readonly legs: readonly string[]
}

/** Watches until the signal aborts. */
export async function watch(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
  const { log, now } = options
  const ageMaxMs = options.beatAgeMaxMs ?? beatAgeMaxMs
  const ami = new AmiConnection(
    { ...options.ami, log },
    { connected: ignore, disconnected: ignore, event: ignore },
  )
  signal.addEventListener('abort', () => ami.stop(), { once: true })
  await ami.start()
  while (!signal.aborted) {
    try {
      const beatAt = await beatOf(ami)
      if (now() - beatAt > ageMaxMs) await rescue(ami, log)
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'watchdog could not look')
    }
    await delay(lookEveryMs, undefined, { signal }).catch(ignore)
  }
}

/** Epoch ms; 0 when the application has never beaten since Asterisk started. */
async function beatOf(ami: AmiConnection): Promise<number> {
  const answer = await ami.action({ action: 'Getvar', variable: 'LINIA_BEAT' })
  return (integerIn(answer, 'value') ?? 0) * 1000
}

async function rescue(ami: AmiConnection, log: Logger): Promise<void> {
  const { callers, legs } = strandedIn(await ami.list({ action: 'CoreShowChannels' }))
  let rescued = 0
  for (const channel of callers)
    rescued += await tried(
      ami.action({ action: 'Redirect', channel, context: 'linia-rescued', exten: 's', priority: '1' }),
    )
  for (const channel of legs) await tried(ami.action({ action: 'Hangup', channel, cause: '16' }))
  if (rescued > 0) log.warn({ callers: rescued, legs: legs.length }, 'callers taken out of the application')
}

/**
 * Callers in the application who are bridged with nobody, and agents' legs that are not bridged with a
 * caller (ringing for one, or left alone by one on hold).
 */
export function strandedIn(channels: readonly Fields[]): Rescue {
  const inBridge = new Map<string, number>()
  for (const channel of channels) {
    const bridge = textIn(channel, 'bridgeid')
    if (bridge !== '') inBridge.set(bridge, (inBridge.get(bridge) ?? 0) + 1)
  }
  const alone = channels.filter((channel) => (inBridge.get(textIn(channel, 'bridgeid')) ?? 0) < 2)
  return {
    callers: alone
      .filter((channel) => !isLeg(channel) && textIn(channel, 'application') === 'Stasis')
      .map((channel) => textIn(channel, 'channel')),
    legs: alone.filter(isLeg).map((channel) => textIn(channel, 'channel')),
  }
}

const isLeg = (channel: Fields) => offerOfLeg(textIn(channel, 'uniqueid')) !== null

/** 1 when done, 0 when the channel was gone already. */
async function tried(action: Promise<unknown>): Promise<0 | 1> {
  try {
    await action
    return 1
  } catch (error) {
    if (error instanceof AmiRefusal) return 0
    throw error
  }
}

const ignore = (): void => undefined
