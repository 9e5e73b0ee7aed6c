/** The state of the identity checks on this desk, and the request of each step. */
import type { IdentityState, QuestionsAnswer, SearchAnswer, Verdict } from '../../../http/identity/wire.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'
import { focusSearch } from '../work/open-pane.ts'
import {
  beginning,
  nextPerson,
  noCall,
  screenOf,
  screenShown,
  settled,
  withAnother,
  withPeople,
  type CheckScreen,
  type CheckState,
} from './check-screen.ts'

export const check = createStore<CheckState>(noCall)
/** The number of steps begun; the result of an older one is ignored. */
let lastStep = 0
/** The search in flight, as it was sent. */
let searchedFor = ''

export interface SearchForm {
  readonly name: string
  readonly address: string
  readonly identifier: string
}

/**
 * Starts the check for a new call, or for one that this page finds in progress, and drops the state of any
 * other call at once. Input that the agent gives meanwhile wins over the earlier state that the server returns.
 */
export async function startCheck(callId: string | null): Promise<void> {
  if (check.get().callId === callId) return
  lastStep++
  if (callId === null) return check.set(noCall)
  const begun = beginning(callId)
  check.set(begun)
  const found = await currentState(callId)
  if (check.get() === begun) check.set(found)
  // Earlier persons join a check that was begun meanwhile.
  else if (check.get().callId === callId && check.get().people.length === 0) change({ people: found.people })
}

/** The state that the checks of this call have already reached. */
async function currentState(callId: string): Promise<CheckState> {
  const state = beginning(callId)
  try {
    const { call, people } = await api<IdentityState>('GET', '/identity')
    const [latest] = people
    if (call !== callId || latest === undefined) return state
    return settled(withPeople(state, people), await resumedScreen(latest))
  } catch (problem) {
    return { ...state, problem }
  }
}

/**
 * Tells the server that the caller begins to say who they are. Without it the server silences a minute before the
 * search, so a failure is not shown.
 */
export function beginTyping(): void {
  api('POST', '/identity/beginnings').catch(() => undefined)
}

/**
 * A corrected search replaces the one in flight. An identical one is not sent twice, because the server counts
 * searches.
 */
export function search(form: SearchForm): Promise<void> {
  const text = JSON.stringify(form)
  if (check.get().busy && text === searchedFor) return Promise.resolve()
  searchedFor = text
  return begin(async (isCurrent) => {
    const found = await api<SearchAnswer>('POST', '/identity/searches', form)
    if (found.outcome === 'number locked') return { name: 'refused', why: 'number locked', lock: found.lock }
    return found.outcome === 'match' && isCurrent() ? ask(found.handle) : { name: 'search', noMatch: true }
  }).finally(() => {
    if (searchedFor === text) searchedFor = ''
  })
}

/** Takes the next answer; after the last one all answers are sent. */
export function answerQuestion(text: string): Promise<void> {
  const { screen } = check.get()
  if (screen.name !== 'asking') return Promise.resolve()
  const said = screen.said.length < screen.questions.length ? [...screen.said, text] : screen.said
  change({ screen: { ...screen, said }, problem: null })
  return said.length < screen.questions.length ? Promise.resolve() : submitAnswers()
}

/** Sends the answers; also used to resend them after a failure. */
export function submitAnswers(): Promise<void> {
  const { screen } = check.get()
  if (screen.name !== 'asking') return Promise.resolve()
  const { handle, questions, said } = screen
  const answers = questions.map(({ id }, at) => ({ question: id, said: said[at] ?? '' }))
  return step(async () => {
    const verdict = await api<Verdict>('POST', `/identity/checks/${screen.check}/answers`, { answers })
    switch (verdict.verdict) {
      case 'passed':
        return { name: 'granted', handle, until: verdict.until }
      case 'failed':
        return { name: 'failed', handle, again: verdict.again }
      case 'void':
        return { name: 'void', handle }
    }
  })
}

export function previousQuestion(): void {
  const { screen } = check.get()
  if (screen.name !== 'asking') return
  change({ screen: { ...screen, said: screen.said.slice(0, -1) }, problem: null })
}

export const askAgain = (handle: string): Promise<void> => step(() => ask(handle))

export function confirm(handle: string): Promise<void> {
  return step(async () => {
    const { people } = await api<IdentityState>('POST', '/identity/confirmations', { handle })
    const latest = people.find((one) => one.handle === handle)
    return latest?.state === 'granted' && latest.until !== null
      ? { name: 'granted', handle, until: latest.until }
      : { name: 'run out', handle }
  })
}

/** Starts a new search; the response of a step in flight is ignored. */
export function startNewSearch(): void {
  lastStep++
  check.set(settled(check.get(), { name: 'search', noMatch: false }))
}

/** Checks a further person of the same call; the grants so far stay. */
export function startAnother(): void {
  check.set(withAnother(check.get()))
  focusPane()
}

/** Shows a person checked before; opening the account is a look under that person's grant. */
export function showPerson(handle: string): void {
  change({ shown: handle, problem: null })
  focusPane()
}

export function showNextPerson(): void {
  const handle = nextPerson(check.get())
  if (handle !== null) showPerson(handle)
}

/** After the next paint: the button that had the focus may have gone. A step without a field has its first button. */
function focusPane(): void {
  requestAnimationFrame(() => {
    if (!focusSearch()) document.querySelector<HTMLElement>('[data-check] button')?.focus()
  })
}

export function expireGrant(handle: string): void {
  const { people } = check.get()
  change({
    people: people.map((one) =>
      one.step.handle === handle ? { ...one, step: { name: 'run out', handle } } : one,
    ),
  })
}

async function ask(handle: string): Promise<CheckScreen> {
  return screenOf(await api<QuestionsAnswer>('POST', '/identity/checks', { handle }), handle)
}

async function resumedScreen({
  handle,
  state,
  until,
}: IdentityState['people'][number]): Promise<CheckScreen> {
  switch (state) {
    case 'asking':
      return ask(handle)
    case 'granted':
      return { name: 'granted', handle, until: until ?? '' }
    case 'to confirm':
      return { name: 'to confirm', handle, until: until ?? '' }
    case 'run out':
      return { name: 'run out', handle }
    case 'no attempts':
      return { name: 'failed', handle, again: false }
    case 'unasked':
      return { name: 'search', noMatch: false }
  }
}

/** Begins a step unless one is in flight. */
function step(next: () => Promise<CheckScreen>): Promise<void> {
  return check.get().busy ? Promise.resolve() : begin(next)
}

/** Runs a step and ignores its result if the call has ended or another step was begun meanwhile. */
async function begin(next: (isCurrent: () => boolean) => Promise<CheckScreen>): Promise<void> {
  const { callId } = check.get()
  lastStep++
  const thisStep = lastStep
  const isCurrent = () => lastStep === thisStep && check.get().callId === callId
  change({ busy: true, problem: null })
  try {
    const screen = await next(isCurrent)
    if (!isCurrent()) return
    check.set(settled(check.get(), screen))
    if (screenShown(check.get()).name === 'granted') void namePeople(isCurrent)
  } catch (problem) {
    if (isCurrent()) change({ busy: false, problem })
  }
}

/** Adds initials and masked numbers, which only the server knows. Without them the persons are numbered. */
async function namePeople(isCurrent: () => boolean): Promise<void> {
  const { callId } = check.get()
  try {
    const { call, people } = await api<IdentityState>('GET', '/identity')
    if (isCurrent() && call === callId) check.set(withPeople(check.get(), people))
  } catch {
    // The strip keeps its numbers.
  }
}

function change(part: Partial<CheckState>): void {
  check.set({ ...check.get(), ...part })
}
