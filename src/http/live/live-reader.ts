/**
 * One page's connection to the live feed. Memory is bounded: a reader that does not keep up receives nothing more
 * until its connection has drained, and then starts again from a snapshot.
 */
import type { ServerResponse } from 'node:http'
import type { Change, Scope } from './live-state.ts'
import { textFor } from './live-state.ts'

/** Bytes that may be buffered in a connection before it counts as slow. */
const pendingBytesMax = 256 * 1024
/** How long a connection may stay full before it is cut. */
const drainMaxMs = 30_000

export interface ReaderOptions {
  readonly response: ServerResponse
  readonly scope: Scope
  /** The token of the session that opened the feed; the feed ends with it. */
  readonly token: string
  /** Whose feed it is: an account, or a program's token. */
  readonly holder: string
  /** Renders the present snapshot for this scope. */
  readonly snapshot: () => string
  readonly onSlow: () => void
}

export class LiveReader {
  readonly scope: Scope
  readonly token: string
  readonly holder: string
  readonly #response: ServerResponse
  readonly #snapshot: () => string
  readonly #onSlow: () => void
  /** Set while the connection is draining; afterwards the reader starts again from a snapshot. */
  #cut: NodeJS.Timeout | null = null

  constructor(options: ReaderOptions) {
    this.scope = options.scope
    this.token = options.token
    this.holder = options.holder
    this.#response = options.response
    this.#snapshot = options.snapshot
    this.#onSlow = options.onSlow
    this.#response.on('drain', () => this.#drained())
    this.#response.on('close', () => this.#stopWaiting())
  }

  get behind(): boolean {
    return this.#cut !== null
  }

  change(change: Change): void {
    const text = textFor(change, this.scope)
    if (text !== null) this.send(text)
  }

  send(text: string): void {
    if (this.behind || this.#response.writableEnded || this.#response.destroyed) return
    if (this.#response.writableLength > pendingBytesMax) {
      this.#onSlow()
      this.#cut = setTimeout(() => this.#response.destroy(), drainMaxMs)
      return
    }
    this.#response.write(text)
  }

  restart(): void {
    this.send(this.#snapshot())
  }

  /** Sends a last message and closes the connection. */
  end(text = ''): void {
    if (this.#response.writableEnded) return
    this.#response.end(text)
    // A client that reads nothing would keep a closing server waiting.
    this.#cut ??= setTimeout(() => this.#response.destroy(), 2_000)
  }

  #drained(): void {
    if (!this.behind || this.#response.writableEnded) return
    this.#stopWaiting()
    this.restart()
  }

  #stopWaiting(): void {
    if (this.#cut !== null) clearTimeout(this.#cut)
    this.#cut = null
  }
}
