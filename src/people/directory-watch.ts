import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type Notification } from 'pg'
import type { Logger } from 'pino'
import { AgentId } from '../core/ids.ts'

export interface WatchOptions {
  readonly databaseUrl: string
  readonly signal: AbortSignal
  readonly log: Logger
  /** Longest time between two calls of `changed`, in case a notification was lost. */
  readonly everyMs: number
  /** An account was added, changed or closed; null: some may have been, while nothing was heard. */
  readonly accountChanged: (account: AgentId | null) => void
}

/**
 * Calls `changed` whenever PostgreSQL notifies `directory`, each time the connection stands anew, and now
 * and then, until the signal aborts; keeps reconnecting for ever. LISTEN needs a connection that nobody
 * else uses, which a pool does not give.
 */
export async function watchDirectory(options: WatchOptions, changed: () => Promise<unknown>): Promise<void> {
  const { signal, log, everyMs } = options
  while (!signal.aborted) {
    try {
      await listenOnce(options, changed)
    } catch (err) {
      log.debug({ err }, 'no connection to listen for changes of people and queues')
    }
    // The connection is gone: what can be read without it is read all the same.
    await changed()
    await pause(Math.min(everyMs, 2_000), signal)
  }
}

/** Returns when the connection has ended or the signal aborts. */
async function listenOnce(options: WatchOptions, changed: () => Promise<unknown>): Promise<void> {
  const { databaseUrl, signal, log, everyMs, accountChanged } = options
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 })
  let wake = new AbortController()
  const gone = new AbortController()
  const notified = ({ channel, payload = '' }: Notification) => {
    if (channel === 'accounts') accountChanged(AgentId(payload))
    else wake.abort()
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
    await client.query('listen accounts')
    await client.query('listen directory')
    accountChanged(null)
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

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (err) {
    if (!signal.aborted) throw err
  }
}
