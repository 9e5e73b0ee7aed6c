/**
 * What the desk shows about a caller beside the call: his previous calls. The question is asked when the
 * call arrives and an agent's page is open, so that the answer is there when a phone rings; a late answer follows as a change.
 */
import type { CallId } from '../../core/ids.ts'
import type { CallContext } from './wire.ts'

/** How many calls are remembered; the oldest is forgotten first. */
const callsMax = 2_000

export class CallContexts {
  readonly #ask: (call: CallId) => Promise<CallContext>
  readonly #onReady: (context: CallContext) => void
  /** Null while the question is on its way. */
  readonly #known = new Map<CallId, CallContext | null>()

  /** `onReady` is told of every answer. */
  constructor(ask: (call: CallId) => Promise<CallContext>, onReady: (context: CallContext) => void) {
    this.#ask = ask
    this.#onReady = onReady
  }

  /** Starts the question; asking again is free. A failure is forgotten, so that the next one asks anew. */
  async start(call: CallId): Promise<void> {
    if (this.#known.has(call)) return
    this.#keep(call, null)
    try {
      const context = await this.#ask(call)
      this.#keep(call, context)
      this.#onReady(context)
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
