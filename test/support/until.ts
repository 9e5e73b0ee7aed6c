import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition. @throws after the bound, with the condition's source. */
export async function until(condition: () => boolean | Promise<boolean>, boundMs = 10_000): Promise<void> {
  const giveUpAt = Date.now() + boundMs
  for (;;) {
    // Computed before the check, so that after a stall longer than the bound there is one more check.
    const isLast = Date.now() > giveUpAt
    if (await condition()) return
    if (isLast) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`)
    await sleep(5)
  }
}
