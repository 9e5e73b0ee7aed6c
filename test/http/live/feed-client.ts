/** A page's side of the live feed, over real HTTP. */
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { eventuallyMs } from '../../support/until.ts'
import type { LiveEvents } from '../../../src/http/live/wire.ts'

export type Seen = {
  [Name in keyof LiveEvents]: {
    readonly name: Name
    readonly data: LiveEvents[Name]
    readonly id: string | null
  }
}[keyof LiveEvents]
type SeenOf<Name extends keyof LiveEvents> = Extract<Seen, { name: Name }>

const patienceMs = eventuallyMs

export class FeedClient {
  readonly seen: Seen[] = []
  readonly headers: IncomingMessage['headers']
  ended = false
  /** The last event id, as a browser keeps it for its next connection. */
  lastEventId: string | null = null
  readonly #request: ClientRequest
  readonly response: IncomingMessage
  #text = ''
  #waiting: (() => void)[] = []

  private constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request
    this.response = response
    this.headers = response.headers
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => this.#read(chunk))
    response.on('close', () => {
      this.ended = true
      this.#wake()
    })
    response.on('error', () => {
      // Node reports our own abort as an error.
      this.ended = true
    })
  }

  static open(url: string, headers: Record<string, string>): Promise<FeedClient> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false })
      sent.on('error', reject)
      sent.on('response', (response) => resolve(new FeedClient(sent, response)))
      sent.end()
    })
  }

  /** The first event with this name, from index `from` on, that satisfies `wanted`. */
  async next<Name extends keyof LiveEvents>(
    name: Name,
    wanted: (data: LiveEvents[Name]) => boolean = () => true,
    from = 0,
  ): Promise<SeenOf<Name>> {
    const isWanted = (one: Seen): one is SeenOf<Name> =>
      one.name === name && wanted(one.data as LiveEvents[Name])
    return this.#until(() => this.seen.slice(from).find(isWanted), `no ${name} came`)
  }

  async end(): Promise<void> {
    await this.#until(() => (this.ended ? true : undefined), 'the feed did not end')
  }

  close(): void {
    this.#request.destroy()
  }

  async #until<Found>(look: () => Found | undefined, why: string): Promise<Found> {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) throw new Error(`${why}; seen: ${this.seen.map(({ name }) => name).join(' ')}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  #read(chunk: string): void {
    this.#text += chunk
    const frames = this.#text.split('\n\n')
    this.#text = frames.pop() ?? ''
    for (const frame of frames) this.#take(frame)
    this.#wake()
  }

  #take(frame: string): void {
    const fields = new Map(
      frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    )
    const name = fields.get('event')
    const data = fields.get('data')
    if (name === undefined || data === undefined) return
    const id = fields.get('id') ?? null
    if (id !== null) this.lastEventId = id
    this.seen.push({ name, data: JSON.parse(data), id } as Seen)
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
