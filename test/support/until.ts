import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition, with a bound; what does not come in time fails the test by name. */
export async function until(condition: () => boolean | Promise<boolean>, boundMs = 10_000): Promise<void> {
  const giveUpAt = Date.now() + boundMs
  for (;;) {
    // Taken before the look: after a standstill longer than the bound there is still one more.
    const isLast = Date.now() > giveUpAt
    if (await condition()) return
    if (isLast) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`)
    await sleep(5)
  }
}
