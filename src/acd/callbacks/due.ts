/** When the citizens who were promised to be called back are called. */
import { isCallback } from '../../core/call.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import type { Opening } from '../../core/opening-hours.ts'
import { callable } from '../../core/phone-number.ts'
import type { Rules } from '../../core/rules.ts'
import type { AcdState } from '../acd-state.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock, Directory } from '../ports.ts'
import { isOnLine, isServedIn } from './on-line.ts'

interface CallbackDeps {
  readonly acdState: AcdState
  readonly conductor: Pick<Conductor, 'apply'>
}

/** By which it is judged whether a promised call may be made now. */
interface CallbackRules {
  readonly clock: Clock
  readonly opening: (now: number, number: string) => Opening
  readonly directory: Pick<Directory, 'outbound' | 'blockOf'>
  readonly rules: Pick<Rules, 'callOut'>
}

/**
 * Called each second. A callback has its place in the queue while its number is open and not on the line, while the rules let
 * it be called (they may have changed since the promise, and the number may be blocked since), and once the pause after an attempt in
 * vain is over. It ends once the citizen has talked with an agent: mostly in that moment, here after a crash.
 */
export function callbacksNow(
  { acdState, conductor }: CallbackDeps,
  { clock, opening, directory, rules }: CallbackRules,
): void {
  const calls = acdState.calls().map(({ value }) => value)
  const callbacks = calls.filter(isCallback)
  if (callbacks.length === 0) return
  const { allowed } = callOutRules(directory.outbound(), rules.callOut)
  const ofNumber = Map.groupBy(calls, ({ caller }) => caller.number)
  for (const callback of callbacks) {
    const { id, caller, line } = callback
    const others = ofNumber.get(caller.number)?.filter((call) => call.id !== id) ?? []
    const served = others.find((call) => isServedIn(callback, call))
    if (served !== undefined) {
      void conductor.apply(id, { type: 'CallerServed', call: served.id })
      continue
    }
    const present = others.find(isOnLine)
    // Also one who leaves a message, or hears that it is closed: the number is busy.
    const isCalling = others.some(({ direction }) => direction === 'inbound')
    const isPromised = callback.phase === 'promised'
    const isTime = isPromised && clock.now() >= callback.notBefore && opening(clock.wall(), line).open
    const mayBeCalled = () =>
      callable(caller.number, allowed).ok && directory.blockOf(caller.number, clock.now()) === null
    if (isPromised || isCalling) acdState.setDue(id, isTime && !isCalling && mayBeCalled())
    if (present !== undefined) void conductor.apply(id, { type: 'CallerCameBack', call: present.id })
  }
}
