/** The end of a wait in vain in a dry run: the state machine of calls says when it is, and what the caller hears then. */
import type { WaitBound } from '../call-arrival.ts'
import { step } from '../call-step.ts'
import type { Waiting } from '../call.ts'
import type { Prompt } from '../effect.ts'
import type { Millis } from '../ids.ts'
import { invariant } from '../invariant.ts'
import type { Rules } from '../rules.ts'
import { lineLanguageOf, type Language } from './menu.ts'

export interface WaitedTooLong {
  readonly step: 'waited too long'
  readonly at: Millis
  /** Closing with its grace, or the longest wait. */
  readonly by: WaitBound['by']
  readonly language: Language
  readonly says: string
}

/** For a caller whom no agent has answered until then. */
export function endOfWait(
  call: Waiting,
  by: WaitBound['by'],
  rules: Rules,
  says: (prompt: Prompt, now: Millis) => string,
): WaitedTooLong {
  const at = call.waitUntil
  const { effects } = step(call, { type: 'DeadlinePassed' }, at, rules)
  const played = effects.find((effect) => effect.do === 'Play')
  invariant(played !== undefined, 'a wait in vain ends without a word')
  return {
    step: 'waited too long',
    at,
    by,
    language: lineLanguageOf(call.language),
    says: says(played.prompt, at),
  }
}
