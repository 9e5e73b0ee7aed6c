/** The wrap-up forms of a call: which one counts, when one is complete, and how long it can be corrected. */
import type { AgentId } from '../../core/ids.ts'

/** `name`: its path as the agent read it, which stays when the code is renamed or removed later. */
export interface WrapUpCode {
  readonly id: string
  readonly name: string
}

export interface WrapUpForm {
  readonly subject: string
  /** The subject by a code of the configuration of the line. Absent: none. */
  readonly code?: WrapUpCode | null
  readonly motivated: 'yes' | 'no' | 'unstated'
  /** Why the call was not motivated; null when it was, or when nothing was stated. */
  readonly reason: 'prank' | 'wrong number' | 'silence' | 'other' | null
  readonly resolution: 'on the spot' | 'registered' | 'redirected' | 'none' | 'unstated'
}

/**
 * How long after the end of their part in a call an agent can complete and correct their form: long enough for the
 * agent's next shift.
 */
export const correctableMs = 24 * 3_600_000

/**
 * Each agent who talked with the caller has a form of their own. The one of the agent who served last counts for the
 * call, in lists and as its subject; the newest one of the others, where they left none. `forms`: newest first.
 */
export function countingFirst<Form extends { readonly agent: { readonly id: AgentId } }>(
  forms: readonly Form[],
  lastAgent: AgentId | null,
): Form[] {
  const isLast = ({ agent }: Form): boolean => agent.id === lastAgent
  return [...forms.filter(isLast), ...forms.filter((form) => !isLast(form))]
}

/** A justified call needs subject or code, and the resolution; one that was not needs the reason alone. */
export function isComplete(form: WrapUpForm | null): boolean {
  if (form === null || form.motivated === 'unstated') return false
  if (form.motivated === 'no') return form.reason !== null
  const isAbout = form.subject.trim() !== '' || (form.code ?? null) !== null
  return isAbout && form.resolution !== 'unstated'
}
