/** Leaves out of a failing script whatever it also fails without. */
import type { Scenario } from './scenario.ts'
import { simulate } from './simulate.ts'

/** Answers a script that still breaks the same rule, as short as could be found in the time. */
export async function minimise(scenario: Scenario, rule: string, boundMs: number): Promise<Scenario> {
  const giveUpAt = performance.now() + boundMs
  const fails = async (shorter: Scenario) => {
    if (performance.now() > giveUpAt) return false
    return (await simulate(shorter)).violation?.rule === rule
  }
  const withoutFaults = await shortest(scenario.faults, (faults) => fails({ ...scenario, faults }))
  const fewer = { ...scenario, faults: withoutFaults }
  const callers = await shortest(scenario.callers, (some) => fails({ ...fewer, callers: some }))
  const few = { ...fewer, callers }
  // With fewer callers a fault may have become needless.
  return { ...few, faults: await shortest(few.faults, (faults) => fails({ ...few, faults })) }
}

/** Takes away halves, then quarters, and so on down to single ones. */
async function shortest<Item>(
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
