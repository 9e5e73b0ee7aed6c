/** The tables of accounts, employers and sessions. */
import type { Generated, GeneratedAlways } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Role } from '../../people/roles.ts'
import type { Fixed, MaybeTime, RecordedAt } from '../columns.ts'

export interface AccountTables {
  accounts: {
    readonly id: Generated<AgentId>
    readonly username: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  account_versions: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly name: Fixed<string>
    readonly employer: Fixed<string>
    readonly roles: Fixed<Role[]>
    readonly closed: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  account_passwords: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly hash: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  current_accounts: {
    readonly id: Fixed<AgentId>
    readonly username: Fixed<string>
    readonly name: Fixed<string>
    readonly employer: Fixed<string>
    readonly roles: Fixed<Role[]>
    readonly closed_at: MaybeTime
  }
  employer_contracts: {
    readonly id: GeneratedAlways<number>
    readonly employer: Fixed<string>
    readonly ended: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  sessions: {
    readonly token_digest: Fixed<Buffer>
    readonly account: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  session_ends: { readonly token_digest: Fixed<Buffer>; readonly recorded_at: RecordedAt }
  sign_ins: {
    readonly id: GeneratedAlways<number>
    readonly username_digest: Fixed<Buffer>
    readonly address: Fixed<string>
    readonly account: Fixed<AgentId | null>
    readonly outcome: Fixed<'signed in' | 'refused' | 'slowed down'>
    readonly recorded_at: RecordedAt
  }
}
