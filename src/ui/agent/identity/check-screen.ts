/**
 * The screen of the identity check, one variant for each step. Nothing of it outlives the call, and the
 * caller's answers are kept nowhere else in the page.
 */
import type { Question, QuestionsAnswer } from '../../../http/identity/wire.ts'

type Why = Extract<QuestionsAnswer, { state: 'refused' }>['why']

export type CheckScreen =
  /** There is no conversation. */
  | { readonly name: 'no call' }
  | { readonly name: 'search'; readonly noMatch: boolean }
  /** The current question is the first one without an answer. */
  | {
      readonly name: 'asking'
      readonly handle: string
      readonly check: number
      readonly lastAttempt: boolean
      readonly questions: readonly Question[]
      readonly said: readonly string[]
    }
  | { readonly name: 'failed'; readonly handle: string; readonly again: boolean }
  /** The account changed during the questions: they are asked again, and no attempt is lost. */
  | { readonly name: 'void'; readonly handle: string }
  | { readonly name: 'refused'; readonly why: Why; readonly lock: number | null }
  /** A colleague has verified this caller. */
  | { readonly name: 'to confirm'; readonly handle: string; readonly until: string }
  | { readonly name: 'granted'; readonly handle: string; readonly until: string }
  | { readonly name: 'run out'; readonly handle: string }

export interface CheckState {
  readonly callId: string | null
  readonly screen: CheckScreen
  /** A request is in flight. */
  readonly busy: boolean
  /** The error of the last step, which can be repeated as it is. */
  readonly problem: unknown
}

export const noCall: CheckState = { callId: null, screen: { name: 'no call' }, busy: false, problem: null }

/** The current question; undefined when all are answered. */
export function questionNow(screen: Extract<CheckScreen, { name: 'asking' }>): Question | undefined {
  return screen.questions[screen.said.length]
}

/** The screen for the server's response to "ask". */
export function screenOf(answer: QuestionsAnswer, handle: string): CheckScreen {
  switch (answer.state) {
    case 'asking': {
      const { check, lastAttempt, questions } = answer
      return { name: 'asking', handle, check, lastAttempt, questions, said: [] }
    }
    case 'granted':
      return { name: 'granted', handle, until: answer.until }
    case 'to confirm':
      return { name: 'to confirm', handle, until: answer.until }
    case 'refused':
      return { name: 'refused', why: answer.why, lock: answer.lock }
  }
}
