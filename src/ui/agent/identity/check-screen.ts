/**
 * What the identity check shows: one variant per step. Nothing of it outlives the call, and what the caller says is
 * in no other place of the page.
 */
import type { Question, QuestionsAnswer } from '../../../http/identity/wire.ts'

type Why = Extract<QuestionsAnswer, { state: 'refused' }>['why']

export type CheckScreen =
  /** Nobody is on the phone. */
  | { readonly name: 'no call' }
  | { readonly name: 'search'; readonly noMatch: boolean }
  /** The question is the one after those that are answered. */
  | {
      readonly name: 'asking'
      readonly handle: string
      readonly check: number
      readonly lastAttempt: boolean
      readonly questions: readonly Question[]
      readonly said: readonly string[]
    }
  | { readonly name: 'failed'; readonly handle: string; readonly again: boolean }
  /** The account changed under the questions: asked anew, nothing is lost. */
  | { readonly name: 'void'; readonly handle: string }
  | { readonly name: 'refused'; readonly why: Why; readonly lock: number | null }
  /** A colleague has verified this caller. */
  | { readonly name: 'to confirm'; readonly handle: string; readonly until: string }
  | { readonly name: 'granted'; readonly handle: string; readonly until: string }
  | { readonly name: 'run out'; readonly handle: string }

export interface CheckState {
  readonly callId: string | null
  readonly screen: CheckScreen
  /** The server is being asked. */
  readonly busy: boolean
  /** Why the last step did not come about; it can be tried again as it stands. */
  readonly problem: unknown
}

export const noCall: CheckState = { callId: null, screen: { name: 'no call' }, busy: false, problem: null }

/** The question that is asked now; undefined when all are answered. */
export function questionNow(screen: Extract<CheckScreen, { name: 'asking' }>): Question | undefined {
  return screen.questions[screen.said.length]
}

/** What the server's answer to "ask" shows. */
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
