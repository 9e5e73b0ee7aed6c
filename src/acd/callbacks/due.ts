/** When the citizens who were promised to be called back are called. */
import { isCallback } from '../../core/call.ts'
import type { Opening } from '../../core/opening-hours.ts'
import type { AcdState } from '../acd-state.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock } from '../ports.ts'
import { isOnLine, isServedIn } from './on-line.ts'

interface CallbackDeps {
  readonly acdState: AcdState
  readonly conductor: Pick<Conductor, 'apply'>
}

/**
 * Called each second. A callback has its place in the queue while its number is open and not on the line, and once the pause
 * after an attempt in vain is over. It ends once the citizen has talked with an agent: mostly in that moment, here after a crash.
 */
export function callbacksNow(
  { acdState, conductor }: CallbackDeps,
  { clock, opening }: { readonly clock: Clock; readonly opening: (now: number, number: string) => Opening },
): void {
  const calls = acdState.calls().map(({ value }) => value)
  const callbacks = calls.filter(isCallback)
  if (callbacks.length === 0) return
  const ofNumber = Map.groupBy(calls, ({ caller }) => caller.number)
  for (const callback of callbacks) {
    const { id, caller, line } = callback
    const others = ofNumber.get(caller.number)?.filter((call) => call.id !== id) ?? []
    const served = others.find((call) => isServedIn(callback, call))
    const present = others.find(isOnLine)
    if (served !== undefined) void conductor.apply(id, { type: 'CallerServed', call: served.id })
    else if (present !== undefined) {
      acdState.setDue(id, false)
      void conductor.apply(id, { type: 'CallerCameBack', call: present.id })
    } else if (callback.phase === 'promised') {
      // Also one who leaves a message, or hears that it is closed: the number is busy.
      const isCalling = others.some(({ direction }) => direction === 'inbound')
      const isTime = clock.now() >= callback.notBefore && opening(clock.wall(), line).open
      acdState.setDue(id, isTime && !isCalling)
    }
  }
}
