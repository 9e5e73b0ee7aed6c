/** Hearing of changes in PostgreSQL at once (LISTEN), and now and then all the same. */
import { Client, type Notification } from 'pg'
import type { Logger } from 'pino'
import { pause } from '../repeat.ts'

export interface WatchOptions {
  readonly databaseUrl: string
  readonly channel: 'directory' | 'outbox'
  /** Over the same connection: each word that is told there; null: some may have been missed before. */
  readonly beside?: { readonly channel: 'accounts'; readonly heard: (word: string | null) => void }
  readonly signal: AbortSignal
  readonly log: Logger
  /** Longest time between two calls of `changed`, in case a notification was lost. */
  readonly everyMs: number
}

const keepAliveAfterMs = 10_000

/**
 * Calls `changed` whenever PostgreSQL notifies the channel, each time the connection stands anew, and now and then,
 * until the signal aborts; keeps reconnecting for ever. `changed` must not throw. LISTEN needs a connection that
 * nobody else uses, which a pool does not give.
 */
export async function watchChannel(options: WatchOptions, changed: () => Promise<unknown>): Promise<void> {
  const { signal, log, everyMs, channel } = options
  while (!signal.aborted) {
    try {
      await listenOnce(options, changed)
    } catch (err) {
      log.debug({ err, channel }, 'no connection to listen for changes')
    }
    // The connection is gone: what can be read without it is read all the same.
    await changed()
    await pause(Math.min(everyMs, 2_000), signal)
  }
}

/** Returns when the connection has ended or the signal aborts. */
async function listenOnce(options: WatchOptions, changed: () => Promise<unknown>): Promise<void> {
  const { databaseUrl, channel, beside, signal, log, everyMs } = options
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 3_000,
    // It asks nothing by itself: a connection that is cut somewhere on the way would never be noticed.
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  })
  let wake = new AbortController()
  const gone = new AbortController()
  const notified = (told: Notification) => {
    if (told.channel === channel) wake.abort()
    else beside?.heard(told.payload ?? '')
  }
  const ended = () => {
    gone.abort()
    wake.abort()
  }
  client.on('notification', notified)
  client.on('error', ended)
  client.on('end', ended)
  signal.addEventListener('abort', ended)
  try {
    await client.connect()
    if (beside !== undefined) await client.query(`listen ${beside.channel}`)
    await client.query(`listen ${channel}`)
    beside?.heard(null)
    while (!gone.signal.aborted) {
      await changed()
      // A notification during `changed` has already aborted this, and it is asked again at once.
      await pause(everyMs, wake.signal)
      wake = new AbortController()
    }
  } finally {
    signal.removeEventListener('abort', ended)
    await client
      .end()
      .catch((err: unknown) => log.debug({ err }, 'the listening connection was already gone'))
  }
}
