import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Bound for an event that must come. It only ends a test that hangs, and is far above the time that a busy machine needs;
 * a test that measures has its own bound.
 */
export const eventuallyMs = 120_000

/** The longer a wait lasts, the less often its condition is checked: most conditions cost a request or a look at sound. */
const everyMs = (waitedMs: number): number => Math.min(50, Math.max(2, waitedMs / 10))

/** Waits for a condition. @throws after the bound, with the condition's source. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  boundMs = eventuallyMs,
): Promise<void> {
  const since = Date.now()
  for (;;) {
    // Computed before the check, so that after a stall longer than the bound there is one more check.
    const isLast = Date.now() > since + boundMs
    if (await condition()) return
    if (isLast) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`)
    await sleep(everyMs(Date.now() - since))
  }
}
