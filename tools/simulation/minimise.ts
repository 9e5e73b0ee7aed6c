/** Minimises a failing scenario (delta debugging). */
import type { Scenario } from './scenario.ts'
import { simulate } from './simulate.ts'

/** Returns the smallest scenario found within `boundMs` that violates the same invariant. */
export async function minimise(scenario: Scenario, rule: string, boundMs: number): Promise<Scenario> {
  const giveUpAt = performance.now() + boundMs
  const fails = async (smaller: Scenario) => {
    if (performance.now() > giveUpAt) return false
    return (await simulate(smaller)).violation?.rule === rule
  }
  const withoutFaults = await smallest(scenario.faults, (faults) => fails({ ...scenario, faults }))
  const fewer = { ...scenario, faults: withoutFaults }
  const callers = await smallest(scenario.callers, (some) => fails({ ...fewer, callers: some }))
  const few = { ...fewer, callers }
  // With fewer callers a fault may no longer be needed.
  return { ...few, faults: await smallest(few.faults, (faults) => fails({ ...few, faults })) }
}

/** Removes halves, then quarters, down to single items. */
async function smallest<Item>(
  items: readonly Item[],
  fails: (some: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let left = items
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length;) {
      const without = [...left.slice(0, at), ...left.slice(at + size)]
      if (await fails(without)) left = without
      else at += size
    }
  }
  return left
}
