/**
 * The gate between the front and Asterisk's WebSocket. Asterisk's HTTP server has one limit of sessions for phones and
 * ARI together and counts nothing per account, so WebSockets are counted here: for each account and in all. A node must
 * have accepted the session (`admissions.ts`). It is asked for again while the WebSocket is open. The WebSocket is
 * closed when the session has ended, after the call where its agent talks with a caller.
 */
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { pause, repeat } from '../../repeat.ts'
import { Admissions, sessionCookieIn, type SessionState } from './admissions.ts'

export interface Listener {
  readonly host: string
  readonly port: number
}

export interface SipGateOptions {
  readonly listen: Listener
  /** Asterisk's HTTP server. */
  readonly asterisk: Listener
  /** The source address of the connections to Asterisk, which the browser phones' endpoints accept; null: any. */
  readonly from: string | null
  /** As `nodes` in `AdmissionsOptions`. */
  readonly admissions: readonly string[]
  /** As `file` in `AdmissionsOptions`. */
  readonly remembered: string | null
  readonly log: Logger
  readonly bounds?: Partial<typeof usualBounds>
  readonly now?: () => number
}

const usualBounds = {
  /** A page has one; a connection that was lost unnoticed remains for minutes. */
  perAccount: 4,
  /** Far below `sessionlimit` in http.conf: the rest is ARI's. */
  inAll: 1_000,
  /** Asterisk's listen backlog is ten: when every desk reconnects at once, connecting is retried. */
  connectWithinMs: 8_000,
  recheckEveryMs: 30_000,
  /** A WebSocket whose session has ended stays for its call no longer than this. */
  callMaxMs: 4 * 3_600_000,
}
const connectTryMs = 500
const retryAfterMs = 100
const answerWithinMs = 5_000
const keepAliveMs = 30_000

/** One WebSocket, from the front's request to its end. */
interface Passage {
  readonly account: string
  readonly cookie: string
  readonly client: Socket
  readonly ended: AbortController
  /** Since when its session has ended, and it stays for a call (monotonic); null: the session is open. */
  overSince: number | null
}

export class SipGate {
  readonly #options: SipGateOptions
  readonly #bounds: typeof usualBounds
  readonly #passages = new Set<Passage>()
  readonly #stopping = new AbortController()
  readonly #server: Server
  readonly #admissions: Admissions
  #rechecks = 0

  constructor(options: SipGateOptions) {
    this.#options = options
    const { admissions: nodes, remembered: file, log, now = () => Date.now() } = options
    this.#admissions = new Admissions({ nodes, file, log, now })
    this.#bounds = { ...usualBounds, ...options.bounds }
    this.#server = createServer((_, response) => response.writeHead(204).end())
    this.#server.on('upgrade', (asked: IncomingMessage, socket: Socket) => void this.#arrived(asked, socket))
  }

  get open(): number {
    return this.#passages.size
  }

  async start(): Promise<void> {
    const { listen, log } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(listen, resolve)
    })
    void repeat(() => this.#recheck(), {
      everyMs: this.#bounds.recheckEveryMs,
      signal: this.#stopping.signal,
      failed: (err) => log.error({ err }, 'the sessions of open WebSockets could not be asked for'),
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#server.close()
    this.#server.closeAllConnections()
    for (const { client } of this.#passages) client.destroy()
    await this.#admissions.stop()
  }

  async #arrived(asked: IncomingMessage, client: Socket): Promise<void> {
    // The end of the connection is reported by `close`.
    client.on('error', () => undefined)
    const cookies = asked.headers.cookie ?? ''
    const admission = await this.#admissions.admit(cookies, forwardedIn(asked))
    if ('refused' in admission) return refuse(client, admission.refused)
    if (client.destroyed) return undefined
    const { account } = admission
    const { perAccount, inAll } = this.#bounds
    if (this.#passages.size >= inAll) return refuse(client, '503 Service Unavailable')
    const own = [...this.#passages].filter((passage) => passage.account === account)
    // The oldest one is more likely a lost connection than the newest.
    if (own.length >= perAccount) own[0]?.client.destroy()
    const cookie = sessionCookieIn(cookies)
    const passage: Passage = { account, cookie, client, ended: new AbortController(), overSince: null }
    this.#passages.add(passage)
    client.once('close', () => {
      this.#passages.delete(passage)
      passage.ended.abort()
    })
    const status = await this.#pass(asked, passage)
    if (status !== null) refuse(client, status)
    return undefined
  }

  /** Null once both sides are connected; else the refusal for the client. */
  async #pass(asked: IncomingMessage, { client, ended }: Passage): Promise<string | null> {
    const deadline = performance.now() + this.#bounds.connectWithinMs
    while (!ended.signal.aborted) {
      const outcome = await this.#handshake(asked, ended.signal)
      if (typeof outcome !== 'string') {
        join(client, outcome)
        return null
      }
      if (outcome !== 'unreachable') return outcome
      if (performance.now() > deadline) return '502 Bad Gateway'
      await pause(retryAfterMs, ended.signal)
    }
    return null
  }

  #handshake(asked: IncomingMessage, signal: AbortSignal): Promise<Accepted | string> {
    const { asterisk, from } = this.#options
    const { promise, resolve } = Promise.withResolvers<Accepted | string>()
    const sent = request({
      ...asterisk,
      // The local address is IPv4, and `localhost` may be both.
      ...(from === null ? {} : { localAddress: from, family: 4 as const }),
      path: '/ws',
      // No cookie, and nothing else that Asterisk does not need.
      headers: pick(asked, ['connection', 'upgrade', 'origin', /^sec-websocket-/]),
      agent: false,
      signal,
    })
    let connected = false
    const late = setTimeout(() => sent.destroy(), connectTryMs)
    sent.once('socket', (socket) =>
      socket.once('connect', () => {
        connected = true
        clearTimeout(late)
        socket.setTimeout(answerWithinMs, () => sent.destroy())
      }),
    )
    sent.once('upgrade', (response, socket, head) => resolve({ response, socket, head }))
    sent.once('response', (response) => {
      response.destroy()
      resolve(`${response.statusCode} ${response.statusMessage ?? ''}`)
    })
    // `close` follows every other outcome, too, and changes nothing then.
    sent.once('close', () => {
      clearTimeout(late)
      resolve(connected ? '502 Bad Gateway' : 'unreachable')
    })
    sent.on('error', () => undefined)
    sent.end()
    return promise
  }

  /** Asks once for all WebSockets of a session. Without an answer they stay: the phones work without the server. */
  async #recheck(): Promise<void> {
    this.#endLateCalls()
    let answered = false
    const open = [...this.#passages].map(({ cookie }) => cookie)
    for (const cookie of new Set([...open, ...this.#admissions.cookies()])) {
      if (this.#stopping.signal.aborted) return
      const state = await this.#admissions.stateOf(cookie)
      // No node answers for the others either; each question would cost its time-out.
      if (state === 'unknown') return
      answered = true
      for (const passage of this.#passages) if (passage.cookie === cookie) this.#judge(passage, state)
    }
    if (answered && this.#rechecks++ > 0) this.#admissions.forgetUnseen()
  }

  #judge(passage: Passage, state: SessionState): void {
    if (state === 'ended') passage.client.destroy()
    passage.overSince = state === 'in call' ? (passage.overSince ?? performance.now()) : null
  }

  #endLateCalls(): void {
    for (const { overSince, client } of this.#passages)
      if (overSince !== null && performance.now() - overSince >= this.#bounds.callMaxMs) client.destroy()
  }
}

interface Accepted {
  readonly response: IncomingMessage
  readonly socket: Socket
  readonly head: Buffer
}

function join(client: Socket, { response, socket, head }: Accepted): void {
  const headers = Object.entries(pick(response, ['connection', 'upgrade', /^sec-websocket-/]))
  client.write(
    `HTTP/1.1 101 Switching Protocols\r\n${headers.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('')}\r\n`,
  )
  client.write(head)
  for (const [one, other] of [
    [client, socket],
    [socket, client],
  ] as const) {
    one.setTimeout(0)
    one.setNoDelay(true)
    one.setKeepAlive(true, keepAliveMs)
    one.on('error', () => undefined)
    one.once('close', () => other.destroy())
    one.pipe(other)
  }
}

/** Closes the connection: what follows on it would reach Asterisk uncounted. */
function refuse(client: Socket, status: string): void {
  client.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function pick(
  { headers }: IncomingMessage,
  wanted: readonly (string | RegExp)[],
): Record<string, string | string[]> {
  const isWanted = (name: string) =>
    wanted.some((one) => (typeof one === 'string' ? one === name : one.test(name)))
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value !== undefined && isWanted(name) ? [[name, value] as const] : [],
    ),
  )
}

/** How the front names the client, for the nodes' limits. */
const forwardedIn = (asked: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(pick(asked, [/^x-forwarded-/])).map(([name, value]) => [name, String(value)]),
  )
