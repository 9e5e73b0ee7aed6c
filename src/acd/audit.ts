/**
 * Events and commands can be lost although the connection is up: every ten seconds memory is compared with Asterisk.
 * A difference is checked once more, and settled if it persists.
 */
import type { Clock, Inventory, Pbx } from './ports.ts'
import type { Difference } from './reconcile.ts'

const everyMs = 10_000
/** Commands that were under way at the first comparison are done by then. */
const againMs = 2_000

export interface AuditDeps {
  readonly pbx: Pick<Pbx, 'inventory'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly differences: (inventory: Inventory) => readonly Difference[]
  /** Counts connections: an inventory from an earlier one is too old. */
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
   * Called each second; compares when it is due, and never twice at once: two late inventories would be compared a
   * moment apart, and commands under way would pass for lost.
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
