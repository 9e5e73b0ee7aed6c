/**
 * The caller's previous calls, which the desk shows beside the call. They are read when the call arrives and an
 * agent's page is open, so that they are there when a phone rings. A late answer follows as a change.
 */
import type { CallId } from '../../core/ids.ts'
import type { CallContext } from './wire.ts'

/** How many calls are remembered; the oldest is dropped first. */
const callsMax = 2_000

export class CallContexts {
  readonly #ask: (call: CallId) => Promise<CallContext | null>
  readonly #onReady: (context: CallContext) => void
  /** Null while the query is running, and where there is nothing to tell. */
  readonly #known = new Map<CallId, CallContext | null>()

  /** `onReady` is called with every answer. */
  constructor(ask: (call: CallId) => Promise<CallContext | null>, onReady: (context: CallContext) => void) {
    this.#ask = ask
    this.#onReady = onReady
  }

  /** Starts the query; does nothing if it was started already. After a failure the next call starts it again. */
  async start(call: CallId): Promise<void> {
    if (this.#known.has(call)) return
    this.#keep(call, null)
    try {
      const context = await this.#ask(call)
      this.#keep(call, context)
      if (context !== null) this.#onReady(context)
    } catch (error) {
      this.#known.delete(call)
      throw error
    }
  }

  of(call: CallId): CallContext | null {
    return this.#known.get(call) ?? null
  }

  #keep(call: CallId, context: CallContext | null): void {
    this.#known.set(call, context)
    if (this.#known.size <= callsMax) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
