/** What every step of an identity check needs, and the call in which it happens. */
import type { ActiveCall } from '../../city/identity/call-now.ts'
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
  readonly fiscal: FiscalDatabase
  /** PERSON_KEY: persons are named by HMAC. */
  readonly personKey: string
  readonly now: () => Millis
  /** A random whole number from 0 to n − 1. */
  readonly pick: (below: number) => number
}

/** The call that this agent is in now; outside of a call nobody is searched, asked or consulted. */
export async function callOfNow(
  { activeCall }: Pick<IdentityDeps, 'activeCall'>,
  agent: AgentId,
): Promise<CallId> {
  const call = await activeCall(agent)
  if (call === null) throw new Refused('not-in-a-call')
  return call
}

/** Parts of the account as it is now; the fiscal database's silence is said plainly, and counts for nothing. */
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

/** Inside a transaction its last statement; else one of its own. */
export function recordCallAccess(
  trx: Database,
  kind: AccessKind,
  about: string,
  { agent, call, person }: Seen,
): Promise<void> {
  return recordAccess(trx, { kind, account: agent, call, about, person, query: null })
}
