/**
 * The demo's document system: it accepts signed messages and answers queries as a real one would, built on the same
 * package (`standardwebhooks`) and no other code of the product. Fault modes are for tests.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { AskedDocument } from '../../../src/city/documents/document-system.ts'
import type { DocumentState } from '../../../src/city/documents/status-update.ts'
import { counterPapers } from './counter-papers.ts'
import { Filing, type ArrivedMessage, type Filed, type FiledRequest } from './filing.ts'

export type Behaviour =
  | 'up'
  /** Sends no answer and keeps the connection open. */
  | 'slow'
  /** 500 to everything. */
  | 'failing'
  /** 422 to everything. */
  | 'refusing'
  /** Accepts messages, but the answers are lost. */
  | 'mute'
  /** Answers 200 with an invalid body. */
  | 'garbled'
  /** Redirects every request. */
  | 'moved'

export interface DemoDocumentsOptions {
  /** Verifies received messages. */
  readonly secret: string
  /** Signs the status updates. */
  readonly statusSecret: string
  /** URL for status updates; null: none are sent. */
  readonly statusUrl: string | null
  /** Called for each new message. */
  readonly onMessage?: (filed: FiledRequest, how: Filed) => void
}

export interface StatusData {
  readonly request: string
  readonly version: number
  readonly state: DocumentState
  readonly department?: string | null
  readonly ownNumber?: string | null
  readonly ownDate?: string | null
  readonly extensionDays?: number | null
}

/** Deliberate deviations of a status update. */
export interface StatusPost {
  readonly id?: string
  readonly secret?: string
  readonly at?: Date
  /** A body other than the signed one. */
  readonly forgedBody?: string
}

const bodyBytesMax = 256 * 1024
const tellWithinMs = 5_000

export class DemoDocumentSystem {
  behaviour: Behaviour = 'up'
  /** Number of messages with an invalid signature. */
  forged = 0
  /** Number of queries, unanswered ones included. */
  asked = 0
  readonly filing = new Filing(counterPapers)
  readonly #options: DemoDocumentsOptions
  readonly #webhook: Webhook
  #server: Server | null = null
  #statuses = 0

  constructor(options: DemoDocumentsOptions) {
    this.#options = options
    this.#webhook = new Webhook(options.secret)
  }

  /** Listens on loopback; returns the port. */
  async listen(port = 0): Promise<number> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    return (server.address() as AddressInfo).port
  }

  /** Closes at once, open connections included. */
  async close(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  /** Sends a status update; returns the HTTP status of the answer. */
  async tell(
    data: StatusData,
    { id, secret, at = new Date(), forgedBody }: StatusPost = {},
  ): Promise<number> {
    const { statusUrl, statusSecret } = this.#options
    if (statusUrl === null) throw new Error('this document system has no URL for status updates')
    this.#statuses += 1
    const messageId = id ?? `doc_${process.pid}_${this.#statuses}_${at.getTime()}`
    const body = JSON.stringify({ type: 'document.status', timestamp: at.toISOString(), data })
    const response = await fetch(statusUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret ?? statusSecret).sign(messageId, at, body),
      },
      body: forgedBody ?? body,
      signal: AbortSignal.timeout(tellWithinMs),
    })
    await response.arrayBuffer()
    return response.status
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked += 1
    const body = await bodyOf(request)
    switch (this.behaviour) {
      case 'up':
        return this.#serve(request, body, response)
      case 'slow':
        return
      case 'failing':
        return send(response, 500, { error: 'out of order' })
      case 'refusing':
        return send(response, 422, { error: 'not accepted' })
      case 'garbled':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"found":')
        return
      case 'moved':
        response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()
        return
      case 'mute':
        this.#take(request, body)
        response.destroy()
    }
  }

  #serve(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    if (request.method === 'GET' && request.url === '/healthz') return send(response, 200, {})
    if (request.method !== 'POST') return send(response, 405, {})
    if (request.url === '/find') return this.#find(request, body, response)
    if (request.url !== '/messages') return send(response, 404, {})
    send(response, this.#take(request, body) ? 200 : 401, {})
  }

  #take(request: IncomingMessage, body: Buffer): boolean {
    const message = this.#opened(request, body) as ArrivedMessage | null
    if (message === null) return false
    // Asks for an answer alone.
    if (message.type === 'ping') return true
    const how = this.filing.take(headerOf(request, 'webhook-id'), message)
    const filed = this.filing.requests.get(message.data.request)
    if (filed !== undefined && how !== 'known') this.#options.onMessage?.(filed, how)
    return true
  }

  #find(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const asked = this.#opened(request, body) as AskedDocument | null
    if (asked === null) return send(response, 401, {})
    const document = this.filing.find(asked)
    send(response, 200, document === null ? { found: false } : { found: true, document })
  }

  /** Null when the signature is invalid or expired. */
  #opened(request: IncomingMessage, body: Buffer): unknown {
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
    const headers = Object.fromEntries(names.map((name) => [name, headerOf(request, name)]))
    try {
      return this.#webhook.verify(body, headers)
    } catch {
      this.forged += 1
      return null
    }
  }
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > bodyBytesMax) throw new Error('too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
