/**
 * One application's connection to ARI, which reconnects until stopped. The operations are ari-client's; the socket
 * is our own: the library's gives up reconnecting after ten attempts and can connect twice. Frames are parsed here,
 * so that an unknown one is counted and never thrown, without a search through listeners for each call.
 */
import { once } from 'node:events'
import ariClient, { type AriClient } from 'ari-client'
import type { Logger } from 'pino'
import { WebSocket } from 'ws'
import { Backoff, pause } from '../../repeat.ts'
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
  /** Another process took over the application: this connection stays closed until `start` is called again. */
  readonly replaced: () => void
  readonly frame: (frame: Fields) => void
}

const pingEveryMs = 250
/** How long an answered ping proves that the application was ours when it was sent. */
const confirmedMs = 1_000
/**
 * A socket without any frame or pong for so many pings (4 s) is dead. Pings are counted, not time: while this process is
 * stopped itself, it sends none, and answers lie unread.
 */
const unansweredMax = 16
const handshakeMaxMs = 5_000
/** For loading the API description. */
const loadMaxMs = 5_000
const retryFirstMs = 100
const retryMaxMs = 1_000

/** The event types that are decoded; Asterisk is asked to send no others. */
const wantedEvents = [
  'ApplicationReplaced',
  'StasisStart',
  'StasisEnd',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelDtmfReceived',
  'ChannelTransfer',
  'Dial',
  'ChannelEnteredBridge',
  'PlaybackFinished',
]

export class AriConnection {
  readonly #options: AriOptions
  readonly #listener: AriListener
  #client: AriClient | null = null
  /** Loaded once; they stay the same when Asterisk restarts. Null: not loaded yet, or loading failed. */
  #operations: Promise<AriClient> | null = null
  /** Aborted by `stop` and by a takeover; each start has its own. */
  #running: AbortController | null = null
  /** Sending time of the latest answered ping. */
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
   * Whether Asterisk has just answered on the application's connection. A takeover by another process before the ping
   * would have been reported on the same connection first. The time counts from the sending of the ping: the answer
   * may have lain unread while this process or the network hung.
   */
  isConfirmed(): boolean {
    return this.#client !== null && performance.now() - this.#confirmedAt < confirmedMs
  }

  get unreadableFrames(): number {
    return this.#unreadableFrames
  }

  /**
   * Resolves at the first connection; reconnects until stopped or replaced, but only while `mayAct` returns true:
   * a connection takes the application from any other process.
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
   * For a standby; tries until it has succeeded. Before its first command the library loads twelve documents, about
   * 0.1 s that would delay a takeover. Changes nothing in Asterisk.
   */
  async prepare(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#loadOperations()
        return
      } catch {
        // Asterisk is not running yet.
      }
      await pause(retryMaxMs, signal)
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
    const backoff = new Backoff(retryFirstMs, retryMaxMs)
    while (!signal.aborted) {
      try {
        if (this.#mayAct())
          await this.#oneConnection(signal, () => {
            backoff.reset()
            firstTime()
          })
      } catch (error) {
        if (!signal.aborted) this.#options.log.warn({ err: error }, 'ARI is not reachable')
      }
      await backoff.pause(signal)
    }
  }

  /** Resolves when the connection has ended: lost, stopped or taken over. */
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
      // During the emission of `open`, so that no frame is missed.
      socket.once('open', () => this.#adopt(client, socket, signal, connectingAt, resolve))
    })
    try {
      await once(socket, 'open')
      await client.applications.filter({
        applicationName: application,
        filter: { allowed: wantedEvents.map((type) => ({ type })) },
      })
      // All channels, not only the application's: a caller who hangs up while the dialplan hands the call over has
      // left the application before the end of the channel, which would then never be reported. Nor would an agent's leg
      // before its dialplan hands it over.
      await client.applications.subscribe({ applicationName: application, eventSource: 'channel:' })
      connected()
      await over
    } finally {
      // After any failure: a socket left open would compete with the next one for the application.
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
    let unanswered = 0
    const heard = () => {
      unanswered = 0
    }
    this.#confirmedAt = connectingAt
    const pulse = setInterval(() => {
      if (unanswered >= unansweredMax) socket.terminate()
      else socket.ping(String(performance.now()))
      unanswered += 1
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
      // With ws's default `binaryType` a message arrives as one Buffer.
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
    // Not JSON: the caller counts it.
    return null
  }
}

/**
 * One load at a time: the library keeps its credentials in a global. Its first request has no timeout, so there is one
 * here; a load that hangs must not block the next attempt.
 */
let loading: Promise<unknown> = Promise.resolve()

function loadOperations({ url, user, password }: AriOptions): Promise<AriClient> {
  useBoundedTransport()
  const attempt = loading.then(() => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new AriSilence('Asterisk did not send its API description in time.')),
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
 * The application's socket. The library's own `start` retries ten times without asking for the ownership, and puts the
 * password into the URL.
 */
function socketTo({ url, user, password, application }: AriOptions): WebSocket {
  const address = new URL('ari/events', `${url.replace(/^http/, 'ws')}/`)
  address.searchParams.set('app', application)
  return new WebSocket(address, { auth: `${user}:${password}`, handshakeTimeout: handshakeMaxMs })
}

/** For rejections that are reported elsewhere. */
const ignore = (): void => undefined
