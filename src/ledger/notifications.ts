/** Change notifications of PostgreSQL (LISTEN), with polling as a fallback. */
import { Client, type Notification } from 'pg'
import type { Logger } from 'pino'
import { pause } from '../repeat.ts'

export interface WatchOptions {
  readonly databaseUrl: string
  readonly channel: 'directory' | 'outbox' | 'prompts' | 'webhooks'
  /** A second channel on the same connection. `heard(null)`: notifications before now may have been missed. */
  readonly beside?: { readonly channel: 'accounts'; readonly heard: (word: string | null) => void }
  readonly signal: AbortSignal
  readonly log: Logger
  /** Longest time between two calls of `changed`, in case a notification was lost. */
  readonly everyMs: number
}

const keepAliveAfterMs = 10_000

/**
 * Calls `changed` at each notification of the channel, after each reconnection, and every `everyMs`, until the signal
 * aborts. Reconnects for ever. `changed` must not throw. LISTEN needs a dedicated connection, which a pool cannot give.
 */
export async function watchChannel(options: WatchOptions, changed: () => Promise<unknown>): Promise<void> {
  const { signal, log, everyMs, channel } = options
  while (!signal.aborted) {
    try {
      await listenOnce(options, changed)
    } catch (err) {
      log.debug({ err, channel }, 'no connection to listen for changes')
    }
    // Without a listening connection, changes are still polled through the pool.
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
    // A listening connection sends nothing: without keep-alive a silent cut of the network would never be noticed.
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  })
  let wake = new AbortController()
  const gone = new AbortController()
  const notified = (notification: Notification) => {
    if (notification.channel === channel) wake.abort()
    else beside?.heard(notification.payload ?? '')
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
      // A notification that came during `changed` has aborted `wake` already, so this pause ends at once.
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
