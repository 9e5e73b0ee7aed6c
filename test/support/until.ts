import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition, with a bound; what does not come in time fails the test by name. */
export async function until(condition: () => boolean | Promise<boolean>, boundMs = 10_000): Promise<void> {
  const giveUpAt = Date.now() + boundMs
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`)
    await sleep(5)
  }
}
