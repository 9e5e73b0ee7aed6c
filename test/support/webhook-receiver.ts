/** A program that receives webhooks over real HTTP, and verifies each signature by a computation of its own. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { bodyOf } from './request-body.ts'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

export interface Message {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly data: { readonly call: string; readonly [field: string]: unknown }
  readonly body: string
  /** The header that says so. */
  readonly isReplay: boolean
}

/** An HTTP status. `hang`: no answer. `flood`: 200, and an answer that does not end. */
type Behaviour = number | 'hang' | 'flood'

export class Receiver {
  /** Every request whose signature was right, in order, also those that were answered with an error. */
  readonly tried: Message[] = []
  /** Answered with 204. */
  readonly taken: Message[] = []
  wrongSignatures = 0
  /** With which signatures are verified. */
  secret = secret
  /** What is answered; awaited. */
  answer: (message: Message) => Behaviour | Promise<Behaviour> = () => 204
  /** The clock with which the age of a signature is compared. */
  readonly #now: () => number
  #server: Server | null = null
  #port = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/calls`
  }

  async listen(): Promise<void> {
    this.#server = createServer((request, response) => void this.#take(request, response))
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    if (this.#server === null) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    this.#server = null
    await closed
  }

  /** What was taken of a call, in order; what came twice counts once, as at every receiver. */
  typesOf(call: string): string[] {
    return this.taken
      .filter(({ data, id }, at, all) => data.call === call && all.findIndex((one) => one.id === id) === at)
      .map(({ type }) => type)
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await bodyOf(request))?.toString()
    if (body === undefined) return
    const id = String(request.headers['webhook-id'])
    if (!isGenuine(request, id, body, { secret: this.secret, now: this.#now() })) {
      this.wrongSignatures += 1
      response.writeHead(401).end()
      return
    }
    const isReplay = request.headers['webhook-replay'] === 'true'
    const message = { id, body, isReplay, ...(JSON.parse(body) as Omit<Message, 'id' | 'body' | 'isReplay'>) }
    this.tried.push(message)
    const status = await this.answer(message)
    if (status === 'hang') return
    if (status === 'flood') {
      response.writeHead(200)
      while (response.writable)
        if (!response.write('x'.repeat(65_536))) await once(response, 'drain').catch(() => undefined)
      return
    }
    if (status === 204) this.taken.push(message)
    response.writeHead(status, status === 302 ? { location: this.url } : {}).end()
  }
}

function isGenuine(
  { headers }: IncomingMessage,
  id: string,
  body: string,
  { secret: shared, now }: { readonly secret: string; readonly now: number },
): boolean {
  const timestamp = String(headers['webhook-timestamp'])
  const [version, given = ''] = String(headers['webhook-signature']).split(',')
  if (version !== 'v1' || Math.abs(now / 1_000 - Number(timestamp)) > 300) return false
  const expected = createHmac('sha256', Buffer.from(shared.replace('whsec_', ''), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest()
  const signature = Buffer.from(given, 'base64')
  return signature.length === expected.length && timingSafeEqual(signature, expected)
}
