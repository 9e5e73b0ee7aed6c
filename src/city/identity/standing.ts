/**
 * The state of one person's check within one call: one variant per state, holding only what is true then.
 *
 *   unasked ──► asking ──► passed ──► asking (the grant has expired, new questions)
 *      ▲          │  │
 *      └── wrong ─┘  └──► exhausted (no attempt is left in this call)
 *
 * Attempts belong to the call, not to the person: after two failures a call gets no more questions about anybody.
 */
import type { AgentId, Millis } from '../../core/ids.ts'

declare const brand: unique symbol
/** One drawn set of questions. */
export type CheckId = number & { readonly [brand]: 'CheckId' }
export const CheckId = (id: number): CheckId => id as CheckId

/** Attempts in one call (docs/rules/identity.md, rule 4). */
export const attemptsPerCall = 2

interface Facts {
  /** Wrong answers in this call so far, about anybody. */
  readonly failures: number
}

export interface Unasked extends Facts {
  readonly state: 'unasked'
}
export interface Asking extends Facts {
  readonly state: 'asking'
  readonly check: CheckId
  readonly askedAt: Millis
}
export interface Passed extends Facts {
  readonly state: 'passed'
  readonly check: CheckId
  readonly passedAt: Millis
  /** The agent who may consult: the one who asked, or the one who received the call and confirmed. */
  readonly holder: AgentId
}
export interface Exhausted extends Facts {
  readonly state: 'exhausted'
}
export type Standing = Unasked | Asking | Passed | Exhausted

/**
 * `Failed`, `Passed` and `Voided` carry the check that they end, so a late answer to an earlier set changes nothing.
 * `FailedElsewhere`: the same caller failed about another person. `Voided`: the facts asked about have changed in the
 * fiscal database meanwhile; the attempt does not count.
 */
export type CheckEvent =
  | { readonly type: 'Asked'; readonly check: CheckId; readonly at: Millis }
  | { readonly type: 'Failed'; readonly check: CheckId }
  | { readonly type: 'Passed'; readonly check: CheckId; readonly agent: AgentId; readonly at: Millis }
  | { readonly type: 'Voided'; readonly check: CheckId }
  | { readonly type: 'FailedElsewhere' }
  | { readonly type: 'Confirmed'; readonly check: CheckId; readonly agent: AgentId }

/** False once the call has too many failures, even if the caller passed before. */
export const hasAttempt = ({ failures }: Standing): boolean => failures < attemptsPerCall

export const beginning: Standing = { state: 'unasked', failures: 0 }

export function step(standing: Standing, event: CheckEvent): Standing {
  switch (standing.state) {
    case 'unasked':
      return unasked(standing, event)
    case 'asking':
      return asking(standing, event)
    case 'passed':
      return passed(standing, event)
    case 'exhausted':
      return exhausted(standing, event)
  }
}

function unasked(standing: Unasked, event: CheckEvent): Standing {
  switch (event.type) {
    case 'Asked':
      return { state: 'asking', check: event.check, askedAt: event.at, failures: standing.failures }
    case 'FailedElsewhere':
      return afterFailure(standing.failures)
    case 'Failed':
    case 'Passed':
    case 'Voided':
    case 'Confirmed':
      return standing
  }
}

function asking(standing: Asking, event: CheckEvent): Standing {
  const { check, failures } = standing
  switch (event.type) {
    case 'Failed':
      return event.check === check ? afterFailure(failures) : standing
    case 'Passed':
      return event.check === check
        ? { state: 'passed', check, passedAt: event.at, holder: event.agent, failures }
        : standing
    case 'Voided':
      return event.check === check ? { state: 'unasked', failures } : standing
    case 'FailedElsewhere':
      // Two sets were open at once, about two persons; both failures count.
      return failures + 1 >= attemptsPerCall
        ? afterFailure(failures)
        : { ...standing, failures: failures + 1 }
    case 'Asked':
    case 'Confirmed':
      return standing
  }
}

function passed(standing: Passed, event: CheckEvent): Standing {
  switch (event.type) {
    case 'Asked':
      return hasAttempt(standing)
        ? { state: 'asking', check: event.check, askedAt: event.at, failures: standing.failures }
        : standing
    case 'Confirmed':
      return event.check === standing.check ? { ...standing, holder: event.agent } : standing
    case 'FailedElsewhere':
      // A passed check stays valid; only no further attempt is left.
      return { ...standing, failures: standing.failures + 1 }
    case 'Failed':
    case 'Passed':
    case 'Voided':
      return standing
  }
}

function exhausted(standing: Exhausted, event: CheckEvent): Standing {
  switch (event.type) {
    case 'FailedElsewhere':
      return { ...standing, failures: standing.failures + 1 }
    case 'Asked':
    case 'Failed':
    case 'Passed':
    case 'Voided':
    case 'Confirmed':
      return standing
  }
}

function afterFailure(before: number): Standing {
  const failures = before + 1
  return { state: failures >= attemptsPerCall ? 'exhausted' : 'unasked', failures }
}
