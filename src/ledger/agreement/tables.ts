/** The tables of the confidentiality agreement. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, MaybeTime, RecordedAt } from '../columns.ts'

export interface AgreementTables {
  agreement_versions: {
    readonly version: Fixed<number>
    readonly text: Fixed<string>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  agreement_signatures: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly version: Fixed<number>
    readonly account_version: Fixed<number>
    readonly digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  /** Whether each account has signed the current text with its current name and employer. */
  agreement_standing: {
    readonly account: Fixed<AgentId>
    readonly version: Fixed<number>
    readonly signed_at: MaybeTime
  }
}
