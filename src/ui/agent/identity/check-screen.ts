/**
 * The screen of the identity checks of a call. Several persons may be checked in one call, each with a check of their
 * own. Nothing of it outlives the call, and the caller's answers are kept nowhere else in the page.
 */
import type { IdentityState, Question, QuestionsAnswer } from '../../../http/identity/wire.ts'

type Why = Extract<QuestionsAnswer, { state: 'refused' }>['why']

/** The steps of the check in progress. */
export type CheckStep =
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

/** Where a person stands whose check was passed. */
export type PersonStep =
  /** A colleague has verified this caller. */
  | { readonly name: 'to confirm'; readonly handle: string; readonly until: string }
  | { readonly name: 'granted'; readonly handle: string; readonly until: string }
  | { readonly name: 'run out'; readonly handle: string }

export type CheckScreen = CheckStep | PersonStep

/** Null: not known, or not to be shown before the agent has confirmed the person. */
export type Who = IdentityState['people'][number]['who']

export interface CheckedPerson {
  readonly step: PersonStep
  readonly who: Who
}

export interface CheckState {
  readonly callId: string | null
  /** The persons of this call whose check was passed, in the order of their searches. */
  readonly people: readonly CheckedPerson[]
  /** The handle of the person on the screen; null: the check in progress is. */
  readonly shown: string | null
  /** The check in progress. It stays as it is while a person is on the screen. */
  readonly screen: CheckStep
  /** A further person is being checked. */
  readonly another: boolean
  /** A request is in flight. */
  readonly busy: boolean
  /** The error of the last step, which can be repeated as it is. */
  readonly problem: unknown
}

const emptySearch: CheckStep = { name: 'search', noMatch: false }

export const noCall: CheckState = {
  callId: null,
  people: [],
  shown: null,
  screen: { name: 'no call' },
  another: false,
  busy: false,
  problem: null,
}

export const beginning = (callId: string): CheckState => ({ ...noCall, callId, screen: emptySearch })

/** The screen: of the person shown, otherwise of the check in progress. */
export function screenShown({ people, shown, screen }: CheckState): CheckScreen {
  return people.find(({ step }) => step.handle === shown)?.step ?? screen
}

/**
 * Whether somebody else is being asked while `step` of one person is shown. Their answers are kept: the person of `step`
 * is not asked meanwhile.
 */
export function asksAnother({ screen }: CheckState, step: CheckScreen): boolean {
  return screen.name === 'asking' && 'handle' in step && step.handle !== screen.handle
}

/**
 * The state after a step of the check. A person who has passed joins the others and is shown. The check in progress goes
 * on when the step was one of a person who had passed before.
 */
export function settled(state: CheckState, screen: CheckScreen): CheckState {
  const next = { ...state, busy: false, problem: null }
  switch (screen.name) {
    case 'granted':
    case 'to confirm':
    case 'run out': {
      const others = state.people.filter(({ step }) => step.handle !== screen.handle)
      const who = state.people.find(({ step }) => step.handle === screen.handle)?.who ?? null
      const people = [...others, { step: screen, who }]
      const { screen: begun, another } = state
      const isOfAnother = 'handle' in begun ? begun.handle !== screen.handle : another
      return others.length < state.people.length && isOfAnother
        ? { ...next, people, shown: screen.handle }
        : { ...next, people, shown: screen.handle, screen: emptySearch, another: false }
    }
    case 'no call':
    case 'search':
    case 'asking':
    case 'failed':
    case 'void':
    case 'refused':
      return { ...next, screen, shown: null }
  }
}

/** The persons as the server has them; the one on the screen may have a newer handle, of a repeated search. */
export function withPeople(state: CheckState, found: IdentityState['people']): CheckState {
  const people = found.toReversed().flatMap(({ handle, state: now, until, who }): CheckedPerson[] => {
    switch (now) {
      case 'granted':
      case 'to confirm':
        return [{ step: { name: now, handle, until: until ?? '' }, who }]
      case 'run out':
        return [{ step: { name: now, handle }, who }]
      case 'unasked':
      case 'asking':
      case 'no attempts':
        return []
    }
  })
  const isKnown = people.some(({ step }) => step.handle === state.shown)
  return { ...state, people, shown: isKnown ? state.shown : null }
}

/** A further person: the check in progress goes on, a finished one begins anew. */
export function withAnother(state: CheckState): CheckState {
  const { screen } = state
  const isOver = screen.name === 'refused' || (screen.name === 'failed' && !screen.again)
  return { ...state, shown: null, another: true, problem: null, screen: isOver ? emptySearch : screen }
}

/** The person after the one on the screen, wrapping around; null without any. */
export function nextPerson({ people, shown }: CheckState): string | null {
  const here = people.findIndex(({ step }) => step.handle === shown)
  return people[(here + 1) % people.length]?.step.handle ?? null
}

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
