/** Decides each second which waiting callers overflow to another queue. */
import { mayOverflow, overflowOf } from '../../core/configuration/overflow.ts'
import type { AcdState } from '../acd-state.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock, Directory } from '../ports.ts'

export interface OverflowDeps {
  readonly acdState: AcdState
  readonly conductor: Pick<Conductor, 'apply'>
  readonly directory: Directory
  readonly clock: Clock
  /** Not while the callers are not served: Redis is away, or they may be with the fallback queue. */
  readonly takesCalls: () => boolean
}

/** Each one is a commit; the others follow a second later. */
const perSecondMax = 50

export function overflow({ acdState, conductor, directory, clock, takesCalls }: OverflowDeps): void {
  // Without people, who could not be read, nobody would seem to be signed in.
  if (!takesCalls() || directory.agents().length === 0) return
  const lines = [...acdState.lines()]
  if (lines.every(({ queue }) => queue.overflow === undefined)) return
  const now = clock.now()
  const queues = new Map(
    lines.map((line) => [line.queue.id, { ...line, signedIn: acdState.signedInFor(line.queue) }]),
  )
  let left = perSecondMax
  for (const { queue, waiting } of lines) {
    if (queue.overflow === undefined) continue
    let before = 0
    // `waiting` changes with each one who goes.
    const callers = [...waiting]
    for (const call of callers) {
      const isFree = call.phase === 'waiting' && mayOverflow(call)
      const there = isFree ? overflowOf(call, before, queues, now) : null
      if (there === null) {
        before += 1
        continue
      }
      if (left === 0) return
      left -= 1
      void conductor.apply(call.id, { type: 'CallOverflowed', ...there })
    }
  }
}
