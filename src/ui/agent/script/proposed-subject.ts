/** When a proposal takes the place of the subject in the wrap-up form. */

/** The bound of the subject field. */
const subjectMax = 200

export interface Followed {
  /** The last subject that was a proposal; empty: none. The next proposal may replace it. */
  readonly proposed: string
  /** The subject to write; null: the one in the form stays. */
  readonly write: string | null
}

/**
 * The proposal fills an empty subject and replaces an earlier proposal, but not the agent's own words. After a reload,
 * a saved subject that is the present proposal was one before.
 */
export function follow(subject: string, proposal: string, proposed: string): Followed {
  const next = proposal.slice(0, subjectMax)
  if (subject === next) return { proposed: next, write: null }
  return subject === '' || subject === proposed ? { proposed: next, write: next } : { proposed, write: null }
}
