/**
 * One node's terms as the line's owner: it stands by, owns the line, and stands by again when it has lost
 * it. Each term has an owner and connections of its own, thrown away at its end: whatever an earlier term
 * still had under way can reach nothing any more.
 */
import type { Logger } from 'pino'
import type { Owner } from './owner.ts'
import type { Clock } from './ports.ts'

export interface Ownership {
  readonly owner: Owner
  /** Whether the line is this node's now. */
  isOwner(): boolean
  /** The node that held the line when Redis was last asked; null: nobody, or not known. */
  holder(): string | null
  /** Stands by, then serves; resolves with the reason when the term is over. */
  serve(): Promise<string>
  /** Idempotent; gives back what is still held. */
  close(): Promise<void>
}

/** Two nodes that lose the line to each other again and again must not be busy with nothing else. */
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

  /** The present one; between two terms, the one that is over. */
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

  /** Stopping cuts it short. */
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
      this.#log.warn({ why }, 'the term is over; standing by')
      await this.#pause()
      if (signal.aborted) return
      this.#current = this.#open(true)
    }
  }
}
