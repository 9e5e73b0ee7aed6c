/**
 * An event can get lost although the connection stands, and so can a command: every ten seconds memory
 * is compared with Asterisk. What differs is looked at again, and settled if it is still so.
 */
import type { Clock, Inventory, Pbx } from './ports.ts'
import type { Difference } from './reconcile.ts'

const everyMs = 10_000
/** What was under way at the first look is done by then. */
const againMs = 2_000

export interface AuditDeps {
  readonly pbx: Pick<Pbx, 'inventory'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly differences: (inventory: Inventory) => readonly Difference[]
  /** Counts connections: what was listed over an earlier one is too old. */
  readonly connection: () => number
}

export class Audit {
  readonly #deps: AuditDeps
  #lookedAt = 0
  #looking = false
  #suspected: ReadonlySet<string> = new Set()

  constructor(deps: AuditDeps) {
    this.#deps = deps
  }

  /**
   * Called each second; looks when it is time to, and never twice at once: two answers that were both late would be
   * compared a moment apart, and what is under way would pass for lost.
   */
  async look(): Promise<void> {
    const { pbx, clock, differences, connection } = this.#deps
    const now = clock.monotonic()
    if (this.#looking || now - this.#lookedAt < (this.#suspected.size > 0 ? againMs : everyMs)) return
    this.#looking = true
    const listedOver = connection()
    const inventory = await pbx.inventory().finally(() => (this.#looking = false))
    this.#lookedAt = clock.monotonic()
    if (connection() !== listedOver) return
    const found = differences(inventory)
    const before = this.#suspected
    for (const { key, settle } of found) if (before.has(key)) settle()
    this.#suspected = new Set(found.flatMap(({ key }) => (before.has(key) ? [] : [key])))
  }
}
