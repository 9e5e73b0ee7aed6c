/**
 * The node's periods of ownership, one after the other: it stands by, owns the Asterisk, and stands by again after the
 * lease is lost. Each period has its own owner and connections, which are closed at its end, so that commands of an
 * earlier period reach nothing.
 */
import type { Logger } from 'pino'
import type { Owner } from './owner.ts'
import type { Clock } from './ports.ts'

export interface Ownership {
  readonly owner: Owner
  /** Whether this node holds the lease now. */
  isOwner(): boolean
  /** The node that held the lease when Redis was last asked; null: none, or not known. */
  holder(): string | null
  /** Stands by, then owns; resolves with the reason when the ownership is over. */
  serve(): Promise<string>
  /** Idempotent; releases the lease if it is still held. */
  close(): Promise<void>
}

/** Bounds how often two nodes can take the lease from each other. */
const betweenMs = 500

export class OwnershipLoop<OneOwnership extends Ownership> {
  readonly #open: (again: boolean) => OneOwnership
  readonly #clock: Clock
  readonly #log: Logger
  readonly #stopping = new AbortController()
  #current: OneOwnership
  #running: Promise<void> = Promise.resolve()

  constructor(open: (again: boolean) => OneOwnership, clock: Clock, log: Logger) {
    this.#open = open
    this.#clock = clock
    this.#log = log
    this.#current = open(false)
  }

  /** The present ownership; between two, the one that is over. */
  get current(): OneOwnership {
    return this.#current
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#current.close()
    await this.#running
  }

  /** Waits between two ownerships; `stop` cuts it short. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.#clock.after(betweenMs, resolve)
      this.#stopping.signal.addEventListener('abort', () => {
        callOff()
        resolve()
      })
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    for (;;) {
      const why = await this.#current.serve()
      await this.#current.close()
      if (signal.aborted) return
      this.#log.warn({ why }, 'ownership is over; standing by')
      await this.#pause()
      if (signal.aborted) return
      this.#current = this.#open(true)
    }
  }
}
