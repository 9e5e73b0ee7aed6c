/** The wrap-up form of a call: when it is complete, and how long it can be corrected. */

export interface WrapUpForm {
  readonly subject: string
  readonly motivated: 'yes' | 'no' | 'unstated'
  /** Why the call was not motivated; null when it was, or when nothing was stated. */
  readonly reason: 'prank' | 'wrong number' | 'silence' | 'other' | null
  readonly resolution: 'on the spot' | 'registered' | 'redirected' | 'none' | 'unstated'
}

/**
 * How long after the end of a call its agent can complete and correct the form: long enough for the agent's next shift.
 */
export const correctableMs = 24 * 3_600_000

/** A justified call needs subject and resolution; one that was not needs the reason alone. */
export function isComplete(form: WrapUpForm | null): boolean {
  if (form === null || form.motivated === 'unstated') return false
  if (form.motivated === 'no') return form.reason !== null
  return form.subject.trim() !== '' && form.resolution !== 'unstated'
}
