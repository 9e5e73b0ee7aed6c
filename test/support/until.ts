import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Bound for an event that must come. It only ends a test that hangs, and is far above the time that a busy machine needs;
 * a test that measures has its own bound.
 */
export const eventuallyMs = 120_000

/** The longer a wait lasts, the less often its condition is checked: most conditions cost a request or a look at sound. */
const everyMs = (waitedMs: number): number => Math.min(250, Math.max(2, waitedMs / 10))

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

/** How soon an event must come that follows at once from what a test has done. */
export const soonMs = 1_000

/**
 * Waits for what follows at once from what the test has done. All other timers of the world under test are longer than
 * this bound, so that none of them can bring the event about in place of the code that the test guards.
 *
 * Only the pauses between two checks count, at the length that was asked for. A process that is starved of the processor
 * checks later and as often, so it does not fail for that.
 * @throws after the bound, with the condition's source.
 */
export async function soon(condition: () => boolean | Promise<boolean>, boundMs = soonMs): Promise<void> {
  for (let waitedMs = 0; ;) {
    if (await condition()) return
    if (waitedMs >= boundMs) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`)
    const pauseMs = everyMs(waitedMs)
    await sleep(pauseMs)
    waitedMs += pauseMs
  }
}
