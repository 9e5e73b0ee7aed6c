/** The registers of identity checks, and of hearings of whole recordings. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { CheckId } from '../../city/identity/standing.ts'
import type { TaxpayerId } from '../../city/taxes/account.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'

type Fixed<T> = ColumnType<T, T, never>
type RecordedAt = ColumnType<Millis, never, never>

export interface IdentityTables {
  identity_searches: {
    readonly id: Generated<string>
    readonly call: Fixed<CallId>
    readonly agent: Fixed<AgentId>
    readonly person: Fixed<string>
    readonly taxpayer: Fixed<TaxpayerId | null>
    readonly began_at: ColumnType<Millis, Date, never>
    readonly recorded_at: RecordedAt
  }
  identity_checks: {
    readonly id: GeneratedAlways<CheckId>
    readonly search: Fixed<string>
    readonly call: Fixed<CallId>
    readonly agent: Fixed<AgentId>
    readonly person: Fixed<string>
    readonly taxpayer: Fixed<TaxpayerId>
    readonly facts: Fixed<readonly string[]>
    readonly recorded_at: RecordedAt
  }
  identity_verdicts: {
    readonly check_id: Fixed<CheckId>
    readonly agent: Fixed<AgentId>
    readonly verdict: Fixed<'passed' | 'failed' | 'void'>
    readonly recorded_at: RecordedAt
  }
  identity_confirmations: {
    readonly check_id: Fixed<CheckId>
    readonly agent: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  identity_locks: {
    readonly id: GeneratedAlways<number>
    readonly person: Fixed<string>
    readonly check_id: Fixed<CheckId>
    readonly recorded_at: RecordedAt
  }
  identity_unlocks: {
    readonly lock: Fixed<number>
    readonly account: Fixed<AgentId>
    readonly reason: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  full_hearings: {
    readonly opening: Fixed<string>
    readonly call: Fixed<CallId>
    readonly account: Fixed<AgentId>
    readonly reason: Fixed<string>
    readonly recorded_at: RecordedAt
  }
}
