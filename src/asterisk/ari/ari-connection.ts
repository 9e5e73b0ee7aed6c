/**
 * One application's connection to ARI, kept up for ever. Operations are ari-client's, the socket is ours: the
 * library's reconnecting gives up after ten tries and can connect twice. Frames are read here, so that one of an
 * unknown kind is counted and never thrown, and no listener per call is ever searched.
 */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import ariClient, { type AriClient } from 'ari-client'
import type { Logger } from 'pino'
import { WebSocket } from 'ws'
import { AriSilence, permit, useBoundedTransport } from './ari-transport.ts'
import { isRecord, type Fields } from '../ami/fields.ts'

export interface AriOptions {
  /** `http://127.0.0.1:8088` */
  readonly url: string
  readonly user: string
  readonly password: string
  readonly application: string
  readonly log: Logger
}

export interface AriListener {
  /** Connected, and the application receives its events. */
  readonly connected: () => void
  readonly disconnected: () => void
  /** Another process took the application: this connection stays closed until `start` is called again. */
  readonly replaced: () => void
  readonly frame: (frame: Fields) => void
}

const pingEveryMs = 250
/** For so long after a ping that was answered the application is known to have been ours. */
const confirmedMs = 1_000
/** A socket that has been silent for so long, pings included, is dead. */
const silenceMaxMs = 4_000
const handshakeMaxMs = 5_000
/** For the list of Asterisk's operations. */
const loadMaxMs = 5_000
const retryFirstMs = 100
const retryMaxMs = 1_000

/** The kinds of event that are decoded; Asterisk is told to send no others. */
const wantedEvents = [
  'ApplicationReplaced',
  'StasisStart',
  'StasisEnd',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelEnteredBridge',
  'PlaybackFinished',
]

export class AriConnection {
  readonly #options: AriOptions
  readonly #listener: AriListener
  #client: AriClient | null = null
  /** Loaded once: they are the same when Asterisk has been started again. Null: not asked for, or that failed. */
  #operations: Promise<AriClient> | null = null
  /** Aborted by `stop` and by a takeover; each start has its own. */
  #running: AbortController | null = null
  /** When the latest ping that was answered was sent. */
  #confirmedAt = Number.NEGATIVE_INFINITY
  #mayAct: () => boolean = () => false
  #unreadableFrames = 0

  constructor(options: AriOptions, listener: AriListener) {
    this.#options = options
    this.#listener = listener
  }

  /** The operations; null while the connection is down or nothing may be sent. */
  get client(): AriClient | null {
    return this.#mayAct() ? this.#client : null
  }

  /**
   * Whether Asterisk has just answered on the application's own connection. Whoever had taken the application
   * over before the ping came would have been told of on the same connection first. It counts from the ping's
   * sending: the answer may have lain unread for as long as this process, or the network, hung.
   */
  isConfirmed(): boolean {
    return this.#client !== null && performance.now() - this.#confirmedAt < confirmedMs
  }

  get unreadableFrames(): number {
    return this.#unreadableFrames
  }

  /**
   * Resolves at the first connection; reconnects by itself until stopped or replaced, but only while `mayAct`
   * says yes: a connection takes the application from whoever has it.
   */
  start(mayAct: () => boolean): Promise<void> {
    this.stop()
    this.#mayAct = mayAct
    permit(this.#options.url, mayAct)
    const running = new AbortController()
    this.#running = running
    return new Promise((resolve) => {
      void this.#keepConnected(running.signal, resolve)
    })
  }

  /**
   * For one who stands by, until it has succeeded: the library reads twelve documents before its first command, which
   * takes a tenth of a second that nobody has when the line has just become ours. Changes nothing in Asterisk.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#loadOperations()
        return
      } catch {
        // Not there, or not yet.
      }
      await delay(retryMaxMs, undefined, { signal }).catch(ignore)
    }
  }

  #loadOperations(): Promise<AriClient> {
    if (this.#operations !== null) return this.#operations
    const attempt = loadOperations(this.#options)
    this.#operations = attempt
    attempt.catch(() => {
      this.#operations = null
    })
    return attempt
  }

  stop(): void {
    this.#running?.abort()
    this.#running = null
  }

  async #keepConnected(signal: AbortSignal, firstTime: () => void): Promise<void> {
    let retryMs = retryFirstMs
    while (!signal.aborted) {
      try {
        if (this.#mayAct())
          await this.#oneConnection(signal, () => {
            retryMs = retryFirstMs
            firstTime()
          })
      } catch (error) {
        if (!signal.aborted) this.#options.log.warn({ err: error }, 'ARI is not reachable')
      }
      if (!signal.aborted) await delay(retryMs * (0.5 + Math.random()), undefined, { signal }).catch(ignore)
      retryMs = Math.min(retryMs * 2, retryMaxMs)
    }
  }

  /** Resolves when the connection is over: lost, stopped or taken over. */
  async #oneConnection(signal: AbortSignal, connected: () => void): Promise<void> {
    const { application } = this.#options
    const client = await this.#loadOperations()
    signal.throwIfAborted()
    if (!this.#mayAct()) return
    const connectingAt = performance.now()
    const socket = socketTo(this.#options)
    const giveUp = () => socket.terminate()
    signal.addEventListener('abort', giveUp)
    const over = new Promise<void>((resolve) => {
      // While `open` is being emitted, so that not one frame is missed.
      socket.once('open', () => this.#adopt(client, socket, signal, connectingAt, resolve))
    })
    try {
      await once(socket, 'open')
      await client.applications.filter({
        applicationName: application,
        filter: { allowed: wantedEvents.map((type) => ({ type })) },
      })
      // Every channel, not only those that are with us: a caller who hangs up in the instant in which the
      // dialplan hands him over has left the application before his end, which would then never be told.
      await client.applications.subscribe({ applicationName: application, eventSource: 'channel:' })
      connected()
      await over
    } finally {
      // Whatever failed: a second socket would take the application from this one.
      socket.terminate()
      signal.removeEventListener('abort', giveUp)
    }
  }

  #adopt(
    client: AriClient,
    socket: WebSocket,
    signal: AbortSignal,
    connectingAt: number,
    over: () => void,
  ): void {
    let heardAt = performance.now()
    const heard = () => {
      heardAt = performance.now()
    }
    this.#confirmedAt = connectingAt
    const pulse = setInterval(() => {
      if (performance.now() - heardAt > silenceMaxMs) socket.terminate()
      else socket.ping(String(performance.now()))
    }, pingEveryMs)
    let isOver = false
    const close = () => {
      if (isOver) return
      isOver = true
      clearInterval(pulse)
      signal.removeEventListener('abort', close)
      socket.terminate()
      this.#client = null
      this.#options.log.warn('ARI connection closed')
      this.#listener.disconnected()
      over()
    }
    socket.on('close', close)
    socket.on('error', close)
    socket.on('pong', (data) => {
      heard()
      this.#confirmedAt = Number(data.toString('latin1'))
    })
    this.#client = client
    signal.addEventListener('abort', close)
    this.#options.log.info('connected to ARI')
    this.#listener.connected()
    socket.on('message', (data) => {
      heard()
      // A text comes whole, as the socket's `binaryType` says.
      this.#read(data as Buffer)
    })
  }

  #read(data: Buffer): void {
    const frame = parse(data)
    if (frame === null) {
      this.#unreadableFrames += 1
    } else if (frame['type'] === 'ApplicationReplaced') {
      this.#listener.replaced()
      this.stop()
    } else {
      this.#listener.frame(frame)
    }
  }
}

function parse(data: Buffer): Fields | null {
  try {
    const frame: unknown = JSON.parse(data.toString('utf8'))
    return isRecord(frame) ? frame : null
  } catch {
    // Not JSON: counted by the caller like every other frame that cannot be used.
    return null
  }
}

/**
 * One at a time, and as one user: the library has its credentials in a global. Its first question has no bound of its
 * own, and one that hangs must not keep the next attempt waiting.
 */
let loading: Promise<unknown> = Promise.resolve()

function loadOperations({ url, user, password }: AriOptions): Promise<AriClient> {
  useBoundedTransport()
  const attempt = loading.then(() => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new AriSilence('Asterisk did not say what it can do.')),
      loadMaxMs,
    )
    return Promise.race([ariClient.connect(url, user, password), late.promise]).finally(() =>
      clearTimeout(timer),
    )
  })
  loading = attempt.catch(ignore)
  return attempt
}

/**
 * The application's socket. The library's own `start` tries ten times by itself, whoever owns the line by then, and has
 * the password in the URL.
 */
function socketTo({ url, user, password, application }: AriOptions): WebSocket {
  const address = new URL('ari/events', `${url.replace(/^http/, 'ws')}/`)
  address.searchParams.set('app', application)
  return new WebSocket(address, { auth: `${user}:${password}`, handshakeTimeout: handshakeMaxMs })
}

/** For rejections that are another waiter's to report. */
const ignore = (): void => undefined
