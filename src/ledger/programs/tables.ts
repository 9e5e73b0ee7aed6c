/** The tables of the tokens of other programs. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, RecordedAt, Time } from '../columns.ts'

export interface ProgramTables {
  program_tokens: {
    readonly id: GeneratedAlways<number>
    readonly program: Fixed<string>
    readonly account: Fixed<AgentId>
    readonly scopes: Fixed<string[]>
    /** Null in rows from before migration 0074: the usual one. */
    readonly requests_per_minute: Fixed<number | null>
    readonly expires_at: Time
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  program_token_acceptances: {
    readonly id: GeneratedAlways<number>
    readonly token: Fixed<number>
    readonly account_version: Fixed<number>
    readonly token_digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  program_token_ends: {
    readonly token: Fixed<number>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  program_token_uses: {
    readonly token: Fixed<number>
    readonly last_at: Time
  }
}
