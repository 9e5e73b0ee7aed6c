import { isCallback, isSameMatter, type CallFacts } from '../../core/call.ts'
import { formsOf } from '../../core/configuration/line.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import type { DeskRefusal } from '../../core/desk-command.ts'
import { callbackOf, type CallId } from '../../core/ids.ts'
import { callable, isAmong, type Callable } from '../../core/phone-number.ts'
import type { Rules } from '../../core/rules.ts'
import type { AcdState } from '../acd-state.ts'
import type { Directory } from '../ports.ts'

export interface PromisableDeps {
  readonly acdState: AcdState
  readonly directory: Directory
  readonly rules: Rules
}

/** The facts of a call by which a callback is promised in it. */
export type Promisable = Pick<CallFacts, 'id' | 'pbx' | 'caller' | 'queue' | 'overflowedFrom' | 'queuedAt'>

/** As an agent's own call is judged, and never one of the line's own numbers. */
export function numberToCallBack(
  typed: string | null,
  { directory, rules }: Pick<PromisableDeps, 'directory' | 'rules'>,
): Callable {
  const asked = callable(typed, callOutRules(directory.outbound(), rules.callOut).allowed)
  const isOwn = asked.ok && isAmong(asked.number, formsOf(directory.numbers()))
  return isOwn ? { ok: false, refusal: 'our own number' } : asked
}

/** The callback that the caller is to have, a new one or the one that their number has; or why they cannot be called back. */
export function callbackFor(
  call: Promisable,
  { acdState, directory, rules }: PromisableDeps,
): { readonly ok: true; readonly callback: CallId } | { readonly ok: false; readonly refusal: DeskRefusal } {
  const { id, pbx, caller } = call
  const asked = numberToCallBack(caller.number, { directory, rules })
  if (!asked.ok) return asked
  const others = acdState
    .calls()
    .flatMap(({ value }) => (value.id !== id && value.caller.number === caller.number ? [value] : []))
  const [other] = others
  if (other === undefined) return { ok: true, callback: callbackOf(pbx, id, 1) }
  // Of a further call it is not known whose it is; a callback of another queue is for another matter. One that has a later place than
  // the caller, who waited in another queue as it was asked for on the public page, would cost them theirs.
  const isKept =
    others.length === 1 &&
    isCallback(other) &&
    other.phase === 'promised' &&
    isSameMatter(other, call) &&
    other.queuedAt <= (call.queuedAt ?? Infinity)
  return isKept ? { ok: true, callback: other.id } : { ok: false, refusal: 'number in another call' }
}
