/** Planted bugs of callers who overflow to another queue (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfOverflow: readonly PlantedBug[] = [
  {
    name: 'a caller goes to and fro between two queues',
    rules: ['a caller overflowed twice'],
    file: 'core/steps/overflow.ts',
    find: 'overflowedFrom: call.queue }',
    replace: 'overflowedFrom: null }',
    faults: ['node killed'],
  },
  {
    name: 'a caller who overflows has the last place',
    rules: ['a caller lost their place'],
    file: 'core/steps/overflow.ts',
    find: "export function overflowed(call: Waiting, { queue, priority }: CallEventOf<'CallOverflowed'>): Next {\n  return becomes(mayOverflow(call) ? { ...call,",
    replace:
      "export function overflowed(call: Waiting, { queue, priority }: CallEventOf<'CallOverflowed'>, now: number): Next {\n  return becomes(mayOverflow(call) ? { ...call, queuedAt: now,",
  },
  {
    name: 'a caller who is reserved for an agent overflows',
    rules: ['a caller overflowed who did not wait for whoever is free'],
    file: 'core/configuration/overflow.ts',
    find: 'overflowedFrom === null && !isAtFront(call) && call.reservedFor === null',
    replace: 'overflowedFrom === null',
    faults: ['node killed'],
  },
  {
    name: 'a caller who overflows keeps the priority of the queue that was left',
    rules: ['a caller overflowed to a place that is not theirs'],
    file: 'core/configuration/overflow.ts',
    find: 'const { id, priority } = target.queue',
    replace: 'const { id } = target.queue\n    const { priority } = call',
    faults: ['node killed'],
  },
  {
    name: 'nobody overflows because of the wait while agents are signed in',
    rules: ['a caller who should have overflowed'],
    file: 'core/configuration/overflow.ts',
    find: "now - queuedAt >= afterSeconds * 1_000 ? 'wait' : null",
    replace: "now - queuedAt >= afterSeconds * 1_000 && signedIn === 0 ? 'wait' : null",
  },
  {
    name: 'the callers before are not counted',
    rules: ['a caller who should have overflowed'],
    file: 'acd/queues/overflow.ts',
    find: 'before += 1\n        continue',
    replace: 'continue',
  },
]
