/** How often agents have called citizens within the last hour; another owner begins anew. */
import type { CallEvent } from '../../core/call-event.ts'
import type { Call } from '../../core/call.ts'
import type { AgentId, CallId } from '../../core/ids.ts'
import type { CalledLately } from '../../core/phone-number.ts'
import type { Clock } from '../ports.ts'
import { DialledLately } from './dialled-lately.ts'

export class CallsOut {
  readonly #dialled: DialledLately
  /** Numbers that were typed, not those of a call or a request. */
  readonly #typed: DialledLately
  /** Calls whose agent's own phone rings: nobody is dialled yet, and perhaps nobody will be. */
  readonly #asked = new Map<CallId, { readonly by: AgentId; readonly isTyped: boolean }>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#dialled = new DialledLately(clock)
    this.#typed = new DialledLately(clock)
  }

  /** Every change of a call. */
  changed(event: CallEvent, { id, phase }: Call): void {
    if (event.type === 'CallPlaced' && event.by !== null)
      this.#asked.set(id, { by: event.by, isTyped: event.returns === null })
    const asked = this.#asked.get(id)
    if (asked === undefined || phase === 'summoning') return
    this.#asked.delete(id)
    if (phase !== 'dialling') return
    this.#dialled.add(asked.by)
    if (asked.isTyped) this.#typed.add(asked.by)
  }

  count(by: AgentId): CalledLately {
    const asked = [...this.#asked.values()]
    return {
      own: this.#dialled.count(by).own + asked.filter((one) => one.by === by).length,
      typed: this.#typed.count(by).all + asked.filter(({ isTyped }) => isTyped).length,
    }
  }
}
