/** Callers who choose by key to be called back. */
import {
  isConfirmation,
  isQuestionDue,
  questionSounds,
  readBackSounds,
} from '../../core/announcements/callback-question.ts'
import { isCallback, type Closed, type LiveCall, type Waiting } from '../../core/call.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { MenuKey } from '../../core/configuration/menu.ts'
import type { Millis } from '../../core/ids.ts'
import type { Queue } from '../../core/queue.ts'
import { bounds } from '../../core/rules.ts'
import type { AcdState } from '../acd-state.ts'
import { callbackFor, type Promisable, type PromisableDeps } from './promisable.ts'

export interface QuestionDeps extends PromisableDeps {
  readonly hasSound: (sound: string) => boolean
}

/** How many more of the queue's callers may be asked: as many as callbacks may stand, without those who have been asked and can still confirm. */
export function callbacksLeft({ callback, id }: Pick<Queue, 'callback' | 'id'>, acdState: AcdState): number {
  const taken = acdState
    .calls()
    .filter(({ value }) => value.queue === id && (isCallback(value) || mayConfirm(value)))
  return (callback?.standingMax ?? bounds.callbacksMax) - taken.length
}

/** Whether the caller is asked now: only what can be promised is asked, and every word of it can be heard. */
export function isAsked(
  call: Waiting,
  { callback }: Pick<Queue, 'callback'>,
  now: Millis,
  deps: QuestionDeps,
): boolean {
  const { number } = call.caller
  if (callback === undefined || number === null || !isQuestionDue(call, callback, now)) return false
  const { directory, hasSound } = deps
  if (directory.blockOf(number, now) !== null || !callbackFor(call, deps).ok) return false
  return [...questionSounds(call.language), ...readBackSounds(call.language, number)].every(hasSound)
}

/** Whether a caller of a closed number is asked, by the same rules. They have chosen no language. */
export function isAskedWhileClosed(
  call: Promisable,
  queue: Pick<Queue, 'callback' | 'id'>,
  deps: QuestionDeps,
): boolean {
  const { number } = call.caller
  if (number === null || callbacksLeft(queue, deps.acdState) <= 0 || !callbackFor(call, deps).ok) return false
  return readBackSounds('ro', number, 'whileClosed').every(deps.hasSound)
}

/** The event of a key: a promise is given only if it can still be kept. */
export function meaningOf(call: Waiting | Closed, key: MenuKey, deps: PromisableDeps): CallEvent {
  const awaits = call.phase === 'closed' ? call.awaits : call.question?.awaits
  const promise = isConfirmation(awaits, key) ? callbackFor(call, deps) : null
  return promise?.ok === true
    ? { type: 'CallbackPromised', call: promise.callback, by: null }
    : { type: 'KeyPressed', key }
}

const mayConfirm = (call: LiveCall): boolean =>
  call.phase === 'closed' || (call.phase === 'waiting' && call.question !== null)
