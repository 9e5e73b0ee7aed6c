/**
 * Keeps a node of an older release from owning the line: it could not read the state in Redis. Looked at before the
 * lease is asked for, and again each second while the state is newer.
 */
import type { Logger } from 'pino'
import { NewerVersion } from '../core/versions.ts'
import type { AcdStore, Clock } from '../acd/ports.ts'

const lookEveryMs = 1_000

export class VersionGuard {
  readonly #store: Pick<AcdStore, 'load'>
  readonly #clock: Pick<Clock, 'after'>
  readonly #log: Logger
  #declines: string | null = null

  constructor(store: Pick<AcdStore, 'load'>, clock: Pick<Clock, 'after'>, log: Logger) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  /** Why this node must not own the line; null: it may. */
  get declines(): string | null {
    return this.#declines
  }

  /** Resolves after the first look. Looks on until the state can be read or the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const why = await this.#newerVersion()
    if (why !== null && this.#declines === null) this.#log.error(`this node declines to own the line: ${why}`)
    if (why === null && this.#declines !== null) this.#log.info('the state in Redis can be read again')
    this.#declines = why
    if (why === null) return
    this.#clock.after(lookEveryMs, () => {
      if (!signal.aborted) void this.watch(signal)
    })
  }

  async #newerVersion(): Promise<string | null> {
    try {
      await this.#store.load()
      return null
    } catch (error) {
      // While Redis is away the version is not known. The owner loads once more after it has taken the lease.
      return error instanceof NewerVersion ? error.message : this.#declines
    }
  }
}
