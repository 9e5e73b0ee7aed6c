/** Common parts of the steps of an identity check: dependencies, the agent's present call, the access log. */
import type { ActiveCall, AskedAbout } from '../../city/identity/call-now.ts'
import type { AccessKind } from '../../city/journal/access-log-entry.ts'
import type { AccountPart, AccountWith, TaxpayerId } from '../../city/taxes/account.ts'
import type { FiscalDatabase } from '../../city/taxes/fiscal-database.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import { Refused } from '../shell/problem.ts'

export interface IdentityDeps {
  readonly db: Database
  readonly activeCall: ActiveCall
  readonly askedAbout: AskedAbout
  readonly fiscal: FiscalDatabase
  /** PERSON_KEY: the key of the HMAC that stands for a person. */
  readonly personKey: string
  readonly now: () => Millis
  /** A random whole number from 0 to n − 1. */
  readonly pick: (below: number) => number
}

/**
 * The agent's present call. Outside of a call no person may be searched or asked. @throws {Refused}
 * `not-in-a-call`
 */
export async function callOfNow(
  { activeCall }: Pick<IdentityDeps, 'activeCall'>,
  agent: AgentId,
): Promise<CallId> {
  const call = await activeCall(agent)
  if (call === null) throw new Refused('not-in-a-call')
  return call
}

/** The present call, and the agent on whose grants it may be consulted: the agent, or the colleague who asks them. */
export interface Consulted {
  readonly call: CallId
  readonly holder: AgentId
}

/** Null: in no call, and asked about none. */
export async function consultedCall(
  { activeCall, askedAbout }: Pick<IdentityDeps, 'activeCall' | 'askedAbout'>,
  agent: AgentId,
): Promise<Consulted | null> {
  const call = await activeCall(agent)
  if (call !== null) return { call, holder: agent }
  const asked = await askedAbout(agent)
  return asked === null ? null : { call: asked.call, holder: asked.by }
}

/** Parts of the account as it is now. @throws {Refused} `fiscal-away`: not counted as an attempt. */
export async function accountOf<Part extends AccountPart>(
  { fiscal }: Pick<IdentityDeps, 'fiscal'>,
  taxpayer: TaxpayerId,
  parts: readonly Part[],
): Promise<AccountWith<Part>> {
  const answer = await fiscal.account(taxpayer, parts)
  switch (answer.outcome) {
    case 'account':
      return answer.account
    case 'unknown':
      throw new Refused('no-such-match')
    case 'unreachable':
      throw new Refused('fiscal-away')
  }
}

export interface Seen {
  readonly agent: AgentId
  readonly call: CallId
  readonly person: string
}

/** Within a transaction this must be the last statement; otherwise it is a transaction of its own. */
export function recordCallAccess(
  trx: Database,
  kind: AccessKind,
  about: string,
  { agent, call, person }: Seen,
): Promise<void> {
  return recordAccess(trx, { kind, account: agent, call, about, person, query: null })
}
