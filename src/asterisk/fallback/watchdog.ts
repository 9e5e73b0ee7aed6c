/**
 * Takes callers out of an application that is dead or hung; nothing inside Asterisk can do that. It needs only AMI and
 * runs as a process of its own (`src/watchdog.ts`), so that a failure of the server does not affect it. When the
 * heartbeat has not changed for 30 s, it redirects every caller who is not in a conversation to the fallback queue
 * and hangs up agents' legs that are alone. An application that only takes no new calls (Redis is away) still sends
 * a sign of life: then agents' legs and their callers, of whom some are on hold, stay.
 */
import type { Logger } from 'pino'
import { isAside, isEar, offerOfLeg } from '../../core/ids.ts'
import { AmiConnection, AmiRefusal, type AmiOptions } from '../ami/ami-connection.ts'
import { repeat } from '../../repeat.ts'
import { textIn, type Fields } from '../ami/fields.ts'
import { secondLineArg, speaksNow, speaksVariable } from '../config/dialplan-words.ts'

export interface WatchdogOptions {
  readonly ami: Omit<AmiOptions, 'log'>
  readonly log: Logger
  /** Monotonic clock in milliseconds: a correction of the wall clock must not trigger a rescue. */
  readonly monotonic: () => number
  /** How long heartbeat and sign of life may stay unchanged. */
  readonly silenceMaxMs?: number
}

const lookEveryMs = 1_000
const silenceMaxMs = 30_000

/** Callers and agents' legs, each as AMI lists it. */
export interface Stranded {
  readonly callers: readonly Fields[]
  readonly legs: readonly Fields[]
}

/** How long a sampled value has stayed unchanged. */
export class Stillness {
  #value: string | null = null
  #since = 0

  ms(value: string, now: number): number {
    if (value !== this.#value) {
      this.#value = value
      this.#since = now
    }
    return now - this.#since
  }
}

/** Watches until the signal aborts. */
export async function watch(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
  const { log, monotonic } = options
  const maxMs = options.silenceMaxMs ?? silenceMaxMs
  const beat = new Stillness()
  const life = new Stillness()
  const ami = new AmiConnection(
    { ...options.ami, log, events: false },
    { connected: ignore, disconnected: ignore, event: ignore },
  )
  signal.addEventListener('abort', () => ami.stop(), { once: true })
  await ami.start()
  const look = async () => {
    const serves = beat.ms(await globalOf(ami, 'LINIA_BEAT'), monotonic()) <= maxMs
    const lives = life.ms(await globalOf(ami, 'LINIA_ALIVE'), monotonic()) <= maxMs
    if (!serves) await rescue(ami, log, lives)
  }
  await repeat(look, {
    everyMs: lookEveryMs,
    signal,
    failed: (err) => log.warn({ err }, 'the watchdog could not read the heartbeat'),
  })
}

async function globalOf(ami: AmiConnection, variable: string): Promise<string> {
  return textIn(await ami.action({ action: 'Getvar', variable }), 'value')
}

async function rescue(ami: AmiConnection, log: Logger, lives: boolean): Promise<void> {
  const stranded = strandedIn(await ami.list({ action: 'CoreShowChannels' }))
  const { callers, legs } = lives ? await withoutHeldCalls(ami, stranded) : stranded
  let rescued = 0
  for (const caller of callers) {
    const channel = textIn(caller, 'channel')
    if (await speaks(ami, channel)) continue
    rescued += await tried(
      ami.action({ action: 'Redirect', channel, context: 'linia-rescued', exten: 's', priority: '1' }),
    )
  }
  for (const leg of legs)
    await tried(ami.action({ action: 'Hangup', channel: textIn(leg, 'channel'), cause: '16' }))
  if (rescued > 0) log.warn({ callers: rescued, legs: legs.length }, 'callers taken out of the application')
}

/** Whether the caller leaves a message: Asterisk records it and bounds it, and the fallback queue would cut it off. */
async function speaks(ami: AmiConnection, channel: string): Promise<boolean> {
  let value = ''
  const asked = ami.action({ action: 'Getvar', channel, variable: speaksVariable })
  await tried(asked.then((answer) => (value = textIn(answer, 'value'))))
  return value === speaksNow
}

/** Each agent's leg carries its call in `LINIA_CALL`. */
async function withoutHeldCalls(ami: AmiConnection, { callers, legs }: Stranded): Promise<Stranded> {
  const held = new Set<string>()
  for (const leg of legs) {
    const call = ami.action({ action: 'Getvar', channel: textIn(leg, 'channel'), variable: 'LINIA_CALL' })
    await tried(call.then((answer) => held.add(textIn(answer, 'value'))))
  }
  return { callers: callers.filter((caller) => !held.has(textIn(caller, 'uniqueid'))), legs: [] }
}

/**
 * Callers in the application without a conversation, by arrival, and agents' legs without a caller: ringing, alone while
 * the caller is on hold, or with a colleague or beside a supervisor's.
 */
export function strandedIn(channels: readonly Fields[]): Stranded {
  const inBridge = new Map<string, number>()
  for (const channel of channels) {
    const bridge = textIn(channel, 'bridgeid')
    if (bridge !== '' && !isAside(bridge)) inBridge.set(bridge, (inBridge.get(bridge) ?? 0) + 1)
  }
  const alone = channels.filter((channel) => (inBridge.get(textIn(channel, 'bridgeid')) ?? 0) < 2)
  return {
    // AMI lists channels in no order; the queue keeps the order in which they enter.
    callers: alone
      .filter((channel) => !isLeg(channel) && textIn(channel, 'application') === 'Stasis')
      .sort((a, b) => byArrival(textIn(a, 'uniqueid'), textIn(b, 'uniqueid'))),
    legs: alone.filter(isLeg),
  }
}

/** A channel's id is `pbx1-<epoch>.<serial>`, both numbers. */
function byArrival(a: string, b: string): number {
  const [aEpoch = 0, aSerial = 0] = numbersIn(a)
  const [bEpoch = 0, bSerial = 0] = numbersIn(b)
  return aEpoch - bEpoch || aSerial - bSerial
}
const numbersIn = (id: string): readonly number[] =>
  id
    .slice(id.lastIndexOf('-') + 1)
    .split('.')
    .map(Number)

function isLeg(channel: Fields): boolean {
  const id = textIn(channel, 'uniqueid')
  const isSecondLine = textIn(channel, 'applicationdata') === `linia,${secondLineArg}`
  return offerOfLeg(id) !== null || isEar(id) || isSecondLine
}

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
