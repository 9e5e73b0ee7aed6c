/** Callers who wait in a queue that is not in the configuration any more go to the one that their number leads to. */
import type { LiveCall } from '../../core/call.ts'
import type { AcdState } from '../acd-state.ts'
import type { Conductor } from '../conductor.ts'
import type { Directory } from '../ports.ts'

/**
 * Called each second: a caller whose phone rings in such a queue may be back in it at any time. A caller for whom one colleague
 * is reserved is left to that one.
 */
export function handOn(acdState: AcdState, directory: Directory, conductor: Conductor): void {
  // The configuration could not be read.
  if (directory.numbers().length === 0) return
  const known = new Set(directory.queues().map(({ id }) => id))
  for (const { value: call } of acdState.calls())
    if (isOfQueue(call) && !known.has(call.queue)) {
      const queue = directory.queueOf(call.line).id
      void conductor.apply(call.id, { type: 'CallMoved', queue, toFront: false, by: null })
    }
}

const isOfQueue = (call: LiveCall): boolean =>
  call.phase === 'promised' || (call.phase === 'waiting' && call.reservedFor === null)
