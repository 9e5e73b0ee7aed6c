/**
 * ari-client's HTTP, replaced below its operations: its own opens a socket per parallel request, loses
 * the status of a refusal, never settles when a connection fails and has no timeout. This one keeps a
 * bounded number of connections alive and answers every request with a value or an error.
 */
import { Agent, request as httpRequest } from 'node:http'
import { createRequire } from 'node:module'

/** A request that Asterisk answered with a refusal. */
export class AriRefusal extends Error {
  override name = 'AriRefusal'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A request without an answer: it may or may not have been executed. */
export class AriSilence extends Error {
  override name = 'AriSilence'
}

/** Shorter than `session_keep_alive` in http.conf, so that we close an idle connection first. */
const idleSocketMs = 30_000
const requestTimeoutMs = 5_000

/** At most this many requests at a time; others wait in FIFO order. */
const lane = (maxSockets: number): Agent =>
  new Agent({ keepAlive: true, maxSockets, timeout: idleSocketMs, scheduling: 'lifo' })

/**
 * Each connection is a thread in Asterisk: more of them than cores would only delay the audio. Heartbeats have a lane
 * of their own: late ones would send callers to the fallback queue.
 */
const commands = lane(5)
const signsOfLife = lane(2)

interface Answer {
  readonly status: number
  readonly data: string
  readonly obj: unknown
}

/** A request as swagger-client passes it to its transport. */
interface SwaggerCall {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly on: {
    readonly response: (answer: Answer) => void
    readonly error: (error: Error) => void
  }
}

interface Password {
  readonly username: string
  readonly password: string
}

interface SwaggerModule {
  readonly SwaggerHttp: { prototype: { execute: (call: SwaggerCall) => void } }
  readonly PasswordAuthorization: {
    prototype: { apply: typeof authorize }
  }
}

/** ari-client's own copy of swagger-client, wherever npm put it. */
const require = createRequire(createRequire(import.meta.url).resolve('ari-client'))
const swagger: SwaggerModule = require('swagger-client')

/** Whether a request to an Asterisk (by the URL's host) may be sent, also after it has waited for its turn. */
const permits = new Map<string, () => boolean>()

/** `maySend` is asked for every further request to the Asterisk at `url`, except for its API description. */
export function permit(url: string, maySend: () => boolean): void {
  permits.set(new URL(url).host, maySend)
}

/** Before the library is used for the first time. */
export function useBoundedTransport(): void {
  // The library leaks a global `log` that writes to the console and keeps all its lines in memory.
  Reflect.set(globalThis, 'log', () => undefined)
  swagger.SwaggerHttp.prototype.execute = execute
  swagger.PasswordAuthorization.prototype.apply = authorize
}

/** The library's version uses a deprecated Buffer constructor: Node walks the stack at each of the first 10,000 requests. */
function authorize(this: Password, { headers }: Pick<SwaggerCall, 'headers'>): true {
  const credentials = Buffer.from(`${this.username}:${this.password}`).toString('base64')
  headers['Authorization'] = `Basic ${credentials}`
  return true
}

function execute(call: SwaggerCall): void {
  const body = call.body ?? ''
  const headers: Record<string, string | number> = {
    ...call.headers,
    'content-length': Buffer.byteLength(body),
  }
  let settled = false
  const settle = (outcome: Answer | Error) => {
    if (settled) return
    settled = true
    report(call, outcome)
  }
  const { host, pathname } = new URL(call.url)
  const agent = pathname.endsWith('/asterisk/variable') ? signsOfLife : commands
  const maySend = pathname.startsWith('/ari/api-docs/') ? undefined : permits.get(host)
  const request = httpRequest(call.url, { method: call.method, headers, agent, timeout: requestTimeoutMs })
  // The request may have waited for a socket: ownership may have been lost meanwhile.
  request.once('socket', () => {
    if (maySend?.() === false) request.destroy(new AriSilence('Nothing may be sent any more.'))
  })
  request.on('response', (response) => {
    const parts: Buffer[] = []
    response.on('data', (part: Buffer) => parts.push(part))
    response.on('error', () => settle(new AriSilence('The answer was cut off.')))
    response.on('end', () =>
      settle(answerOf(response.statusCode ?? 0, Buffer.concat(parts).toString('utf8'))),
    )
  })
  request.on('timeout', () => request.destroy(new AriSilence('Asterisk did not answer in time.')))
  request.on('error', (error) => settle(error instanceof AriSilence ? error : new AriSilence(error.message)))
  request.end(body)
}

function answerOf(status: number, data: string): Answer | Error {
  if (status >= 400) return new AriRefusal(status, data.slice(0, 300))
  try {
    return { status, data, obj: data === '' ? {} : JSON.parse(data) }
  } catch {
    return new AriSilence('The answer was not JSON.')
  }
}

function report(call: SwaggerCall, outcome: Answer | Error): void {
  try {
    if (outcome instanceof Error) call.on.error(outcome)
    else call.on.response(outcome)
  } catch {
    // swagger-client rethrows the error that it has just passed to its callback.
  }
}
