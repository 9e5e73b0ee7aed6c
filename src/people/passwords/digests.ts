/**
 * Digests of passwords, one at a time in a thread of their own, so that a flood of sign-ins takes neither the processors
 * nor the thread pool from the calls.
 */
import type { Argon2Parameters } from 'node:crypto'
import { Worker } from 'node:worker_threads'

/** `first`: of whom Linia knows already. They go before strangers, however many of these wait. */
export type Turn = 'first' | 'later'

/** More strangers wait than will be served soon. */
export class TooManyDigests extends Error {
  override name = 'TooManyDigests'
}

/** A tenth of what the server's other threads get where the processors do not suffice. */
export const niceness = 10

/** Some ten seconds of work. */
const strangersMax = 300

interface Order {
  readonly parameters: Argon2Parameters
  readonly resolve: (digest: Buffer) => void
  readonly reject: (error: Error) => void
}

export class PasswordDigests {
  readonly #waiting: Readonly<Record<Turn, Order[]>> = { first: [], later: [] }
  #running: Order | null = null
  #thread: Worker | null = null

  /** @throws {TooManyDigests} */
  derive(parameters: Argon2Parameters, turn: Turn): Promise<Buffer> {
    if (turn === 'later' && this.#waiting.later.length >= strangersMax)
      return Promise.reject(new TooManyDigests('Too many passwords are being checked.'))
    return new Promise((resolve, reject) => {
      this.#waiting[turn].push({ parameters, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#running !== null) return
    const order = this.#waiting.first.shift() ?? this.#waiting.later.shift()
    if (order === undefined) {
      // It keeps no process alive.
      this.#thread?.unref()
      return
    }
    this.#running = order
    this.#thread ??= this.#start()
    this.#thread.ref()
    this.#thread.postMessage(order.parameters)
  }

  #start(): Worker {
    const thread = new Worker(new URL('digest-thread.ts', import.meta.url), { workerData: niceness })
    thread.on('message', (digest: Uint8Array) => this.#done((order) => order.resolve(Buffer.from(digest))))
    thread.on('error', (error) => this.#ended(thread, error))
    thread.on('exit', () => this.#ended(thread, new Error('The thread of the passwords has ended.')))
    return thread
  }

  #ended(thread: Worker, error: Error): void {
    if (this.#thread !== thread) return
    this.#thread = null
    this.#done((order) => order.reject(error))
  }

  #done(settle: (order: Order) => void): void {
    const order = this.#running
    this.#running = null
    if (order !== null) settle(order)
    this.#next()
  }
}
