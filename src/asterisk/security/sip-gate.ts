/**
 * The gate between the front and Asterisk's WebSocket. Asterisk's HTTP server has one limit of sessions for phones and
 * ARI together and counts nothing per account, so WebSockets are counted here: for each account and in all. The front
 * passes on only requests whose session a node has accepted, with the account in a header; the session is asked for
 * again while the WebSocket is open, and the WebSocket is closed when the session has ended.
 */
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { pause, repeat } from '../../repeat.ts'

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
  /** One URL for each node: 204 accepts the session of the cookie; 401 and 403 mean that it has ended. */
  readonly admissions: readonly string[]
  readonly log: Logger
  readonly bounds?: Partial<typeof usualBounds>
}

/** The header in which the front names the account. */
export const accountHeader = 'linia-account'

const usualBounds = {
  /** A page has one; a connection that was lost unnoticed remains for minutes. */
  perAccount: 4,
  /** Far below `sessionlimit` in http.conf: the rest is ARI's. */
  inAll: 1_000,
  /** Asterisk's listen backlog is ten: when every desk reconnects at once, connecting is retried. */
  connectWithinMs: 8_000,
  recheckEveryMs: 30_000,
}
const connectTryMs = 500
const retryAfterMs = 100
const answerWithinMs = 5_000
const admissionWithinMs = 2_000
const keepAliveMs = 30_000

/** One WebSocket, from the front's request to its end. */
interface Passage {
  readonly account: string
  readonly cookie: string
  readonly client: Socket
  readonly ended: AbortController
}

export class SipGate {
  readonly #options: SipGateOptions
  readonly #bounds: typeof usualBounds
  readonly #passages = new Set<Passage>()
  readonly #stopping = new AbortController()
  readonly #server: Server

  constructor(options: SipGateOptions) {
    this.#options = options
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

  stop(): void {
    this.#stopping.abort()
    this.#server.close()
    this.#server.closeAllConnections()
    for (const { client } of this.#passages) client.destroy()
  }

  async #arrived(asked: IncomingMessage, client: Socket): Promise<void> {
    // The end of the connection is reported by `close`.
    client.on('error', () => undefined)
    const account = asked.headers[accountHeader]
    if (typeof account !== 'string' || account === '') return refuse(client, '401 Unauthorized')
    const { perAccount, inAll } = this.#bounds
    if (this.#passages.size >= inAll) return refuse(client, '503 Service Unavailable')
    const own = [...this.#passages].filter((passage) => passage.account === account)
    // The oldest one is more likely a lost connection than the newest.
    if (own.length >= perAccount) own[0]?.client.destroy()
    const passage = { account, cookie: asked.headers.cookie ?? '', client, ended: new AbortController() }
    this.#passages.add(passage)
    client.once('close', () => {
      this.#passages.delete(passage)
      passage.ended.abort()
    })
    const status = await this.#pass(asked, passage)
    if (status !== null) refuse(client, status)
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
    for (const cookie of new Set([...this.#passages].map((passage) => passage.cookie))) {
      if (this.#stopping.signal.aborted || !(await this.#hasEnded(cookie))) continue
      for (const passage of this.#passages) if (passage.cookie === cookie) passage.client.destroy()
    }
  }

  async #hasEnded(cookie: string): Promise<boolean> {
    for (const url of this.#options.admissions) {
      const status = await statusOf(url, cookie)
      if (status === 401 || status === 403) return true
      if (status === 204) return false
    }
    return false
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

/** Null: no answer. */
function statusOf(url: string, cookie: string): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = request(
      url,
      { headers: { cookie }, agent: false, timeout: admissionWithinMs },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? null)
      },
    )
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(null))
    asked.end()
  })
}
