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
    /** The marks of the calling number and of the stated name; null in rows from before migration 0022. */
    readonly bucket: Fixed<string | null>
    readonly claim: Fixed<string | null>
    readonly recorded_at: RecordedAt
  }
  identity_beginnings: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly agent: Fixed<AgentId>
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
    /** The failure that caused it; null: searches without a match did. */
    readonly check_id: Fixed<CheckId | null>
    /** The mark of the number that is locked; null: the whole channel. */
    readonly bucket: Fixed<string | null>
    /** When a lock of a number ends by itself; null: the whole channel. */
    readonly until: ColumnType<Millis | null, Date | null, never>
    readonly recorded_at: RecordedAt
  }
  identity_unlocks: {
    readonly lock: Fixed<number>
    readonly account: Fixed<AgentId>
    /** In `free_texts`. */
    readonly reason_digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  full_hearings: {
    readonly opening: Fixed<string>
    readonly call: Fixed<CallId>
    readonly account: Fixed<AgentId>
    /** In `free_texts`. */
    readonly reason_digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
}
