/**
 * The connection to Redis and the scripts. The client never sends a command twice and never queues one
 * while Redis is away: a late or doubled command would act on calls that have moved on. With ioredis's
 * defaults a script ran twice after a broken connection, and 3.5 s late after an outage.
 */
import { readFileSync } from 'node:fs'
import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'

/** Each script with its number of keys. */
export const scripts = {
  commitChange: { file: 'commit.lua', keys: 6 },
  overwriteStates: { file: 'overwrite.lua', keys: 5 },
  snapshotStates: { file: 'snapshot.lua', keys: 2 },
  acknowledgeEffects: { file: 'acknowledge.lua', keys: 2 },
  takeLease: { file: 'lease-take.lua', keys: 4 },
  renewLease: { file: 'lease-renew.lua', keys: 4 },
  releaseLease: { file: 'lease-release.lua', keys: 2 },
  countProgram: { file: 'program-count.lua', keys: 2 },
} as const

/** How often a Redis that is loading its data is asked whether it is ready. */
const loadingAskMs = 50

type Script<Result> = (...keysAndArguments: (string | number)[]) => Promise<Result>
/** The commands that lease and store use. The simulator implements them, too. */
export interface AcdCommands {
  readonly status: string
  readonly commitChange: Script<[code: number, detail: string | number]>
  readonly overwriteStates: Script<[saved: number, ...effects: string[]]>
  readonly acknowledgeEffects: Script<number>
  readonly takeLease: Script<[token: string, holder: string, nowMs: number, lastSeenAt: string]>
  readonly renewLease: Script<[held: number, standby: string]>
  readonly releaseLease: Script<number>
  hgetall(key: string): Promise<Record<string, string>>
  xrange(key: string, from: string, to: string): Promise<[id: string, fields: string[]][]>
  info(section: string): Promise<string>
  on(event: 'ready' | 'close', listener: () => void): unknown
  disconnect(): void
}

export interface AcdRedis extends Redis {
  commitChange: Script<[code: number, detail: string | number]>
  overwriteStates: Script<[saved: number, ...effects: string[]]>
  snapshotStates: Script<string[]>
  acknowledgeEffects: Script<number>
  takeLease: Script<[token: string, holder: string, nowMs: number, lastSeenAt: string]>
  renewLease: Script<[held: number, standby: string]>
  releaseLease: Script<number>
  countProgram: Script<[count: number, endsInMs: number]>
}

/** `commandTimeoutMs` bounds every command but a blocking read, which has a connection of its own. */
export function connectRedis(
  url: string,
  log: Logger,
  options: { commandTimeoutMs?: number } = {},
): AcdRedis {
  const settings = {
    protocol: 2,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: false,
    connectTimeout: 2_000,
    // While it loads, Redis estimates the remaining time in whole seconds, and the client would wait for up to ten.
    maxLoadingRetryTime: loadingAskMs,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 500) + Math.random() * 50,
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
    scripts: Object.fromEntries(
      Object.entries(scripts).map(([name, { file, keys }]) => {
        const lua = readFileSync(new URL(file, import.meta.url), 'utf8')
        return [name, { lua, numberOfKeys: keys }]
      }),
    ),
  } as const satisfies RedisOptions
  const redis = new Redis(url, settings) as AcdRedis
  // Logged once for each error: reconnecting repeats it many times a second.
  let logged = ''
  redis.on('error', (error: Error) => {
    if (logged === error.message) return
    logged = error.message
    log.warn({ error: error.message }, 'redis: not reachable')
  })
  redis.on('ready', () => {
    logged = ''
  })
  return redis
}

/** Resolves once the connection is ready, after any number of attempts. Rejects when it is closed for good. */
export function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve()
  return new Promise((resolve, reject) => {
    redis.once('ready', resolve)
    redis.once('end', () => reject(new Error('The connection to Redis was closed')))
  })
}
