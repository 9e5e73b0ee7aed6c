/** The journal's tables. The application only reads them; entries are added by functions of the database. */
import type { ColumnType } from 'kysely'
import type { AccessKind } from '../../city/journal/access-log-entry.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'

type Read<T> = ColumnType<T, never, never>

export interface JournalTables {
  journal_entries: {
    readonly index: Read<number>
    /** The exact text that was hashed; JSON on one line. */
    readonly entry: Read<string>
    readonly leaf: Read<Buffer>
    readonly what: Read<string>
    readonly kind: Read<string | null>
    readonly register: Read<string | null>
    readonly row_key: Read<string | null>
    readonly recorded_at: Read<Millis>
  }
  journal_nodes: {
    readonly level: Read<number>
    readonly position: Read<number>
    readonly hash: Read<Buffer>
    readonly recorded_at: Read<Millis>
  }
  /** The greatest head that was anchored; changed by functions of the database alone. */
  journal_mark: { readonly size: Read<number>; readonly head: Read<string | null> }
  journal_head: { readonly size: Read<number>; readonly frontier: Read<Buffer[]> }
  journal_looks: {
    readonly index: Read<number>
    readonly at: Read<Millis>
    readonly kind: Read<AccessKind>
    readonly account: Read<AgentId>
    readonly call: Read<CallId | null>
    readonly about: Read<string>
    readonly person: Read<string | null>
    readonly query: Read<string | null>
  }
  journal_remarks: {
    readonly index: Read<number>
    readonly at: Read<Millis>
    readonly account: Read<AgentId>
    /** The index of the entry that it cites, as text. */
    readonly entry: Read<string>
    /** Null when retention has deleted it. */
    readonly text: Read<string | null>
    /** Null for remarks of older versions, whose text is in the entry. */
    readonly text_digest: Read<Buffer | null>
  }
  /** One entry for several rows of a busy register. */
  journal_runs: {
    readonly index: Read<number>
    readonly register: Read<string>
    readonly first: Read<number>
    readonly last: Read<number>
  }
  journalled_runs: {
    readonly register: Read<string>
    readonly ordinal: Read<string>
    readonly swept_until: Read<Millis>
  }
  journalled_registers: {
    readonly register: Read<string>
    readonly key: Read<string>
    readonly swept_until: Read<Millis>
  }
}
