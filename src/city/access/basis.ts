/**
 * The right to see a call or a request (docs/rules/access.md). Supervisors and auditors see all of what their role is
 * for. An agent sees their own, what belongs to the present caller, and what they opened with a reason.
 */

/** Why an account may see an object. */
export type Basis = 'role' | 'own' | 'consulted' | 'present caller' | 'reason'

export interface Claim {
  /** The role sees every object of this kind. */
  readonly seesAll: boolean
  /** The account served the call, or registered the request. */
  readonly isOwn: boolean
  /** The account was consulted in the call. */
  readonly isConsulted: boolean
  /** The object belongs to the caller whom the agent is offered, talks to, or wraps up. */
  readonly isOfCaller: boolean
  /** The account stated a reason for this object, in this session, a short time ago. */
  readonly isJustified: boolean
}

/** Null: not without a reason. */
export function basisOf({ seesAll, isOwn, isConsulted, isOfCaller, isJustified }: Claim): Basis | null {
  if (seesAll) return 'role'
  if (isOwn) return 'own'
  if (isConsulted) return 'consulted'
  if (isOfCaller) return 'present caller'
  return isJustified ? 'reason' : null
}
