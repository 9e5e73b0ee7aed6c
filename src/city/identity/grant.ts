/**
 * The right to consult one account (docs/rules/identity.md, rule 5): for one agent, in one call, about one taxpayer. It is not stored
 * but derived from the registers and the live call. So it is the same on every node, and it ends with the call, a
 * quarter of an hour after the check, or when another agent has the call.
 */
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { TaxpayerId } from '../taxes/account.ts'
import type { Standing } from './standing.ts'

export const grantMs = 15 * 60_000

export interface Grant {
  readonly call: CallId
  readonly agent: AgentId
  readonly taxpayer: TaxpayerId
  /** `HMAC(CNP)`: the person in the access log. */
  readonly person: string
  readonly until: Millis
}

export type Granted =
  | { readonly state: 'granted'; readonly until: Millis }
  /** Another agent verified this caller; the present agent must confirm that it is still the same person. */
  | { readonly state: 'to confirm'; readonly until: Millis }
  | { readonly state: 'none' }

export function grantedTo(agent: AgentId, standing: Standing, now: Millis): Granted {
  if (standing.state !== 'passed') return { state: 'none' }
  const until = standing.passedAt + grantMs
  if (now >= until) return { state: 'none' }
  return { state: standing.holder === agent ? 'granted' : 'to confirm', until }
}
