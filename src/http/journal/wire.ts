/** The journal as the auditor's screen asks and sees it. Identifiers of persons travel in bodies, never in addresses. */
import { Type, type Static } from 'typebox'
import { accessKinds, type AccessKind } from '../../city/journal/access-log-entry.ts'
import { Nullable, Time } from '../wire.ts'

export { accessKinds }
export type { AccessKind }

const Kind = Type.Enum([...accessKinds])

/** `GET /api/journal`: how long it is, how much of it is anchored outside, how the last check went. */
export const JournalState = Type.Object({
  entries: Type.Integer(),
  /** The last signed head outside of the database; null before the first. */
  anchored: Nullable(Type.Object({ entries: Type.Integer(), at: Time })),
  /** Whether the journal still begins with what was anchored. */
  state: Type.Enum(['goes on', 'shorter', 'another journal', 'damaged']),
  /** The last check of everything; `bad` is what it found first, as a sentence. */
  lastCheck: Nullable(Type.Object({ at: Time, entries: Type.Integer(), bad: Nullable(Type.String()) })),
  /** The public key of the heads, as `linia verify` takes it. */
  verifierKey: Type.String(),
})
export type JournalState = Static<typeof JournalState>

const asked = {
  /** Who looked at this person: a CNP or CUI. It is kept nowhere but as its mark. */
  person: Type.Optional(Type.String({ minLength: 2, maxLength: 20, pattern: '^(RO|ro)?[ 0-9]{2,18}$' })),
  /** The same by the person's mark, as a look has it. */
  mark: Type.Optional(Type.String({ minLength: 64, maxLength: 64, pattern: '^[0-9a-f]{64}$' })),
  /** Who looked at this thing, or during this call: the id that the looks have, or a request's number. */
  about: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** What this account saw: its id. */
  account: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
  kind: Type.Optional(Kind),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
}

/** `POST /api/journal/looks`. */
export const AccessLogQuestion = Type.Object({
  ...asked,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  /** Only looks before this entry: the `next` of the page before. */
  before: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
})
export type AccessLogQuestion = Static<typeof AccessLogQuestion>

/** What the auditor remarked on an entry, later; an entry too, with an index of its own. */
export const RemarkView = Type.Object({
  index: Type.Integer(),
  at: Time,
  by: Type.String(),
  text: Type.String(),
})
export type RemarkView = Static<typeof RemarkView>

/** `POST /api/journal/entries/{index}/remarks`. */
export const AddRemark = Type.Object({ text: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }) })

export const AccessView = Type.Object({
  index: Type.Integer(),
  at: Time,
  kind: Kind,
  account: Type.Object({ id: Type.String(), name: Type.String(), employer: Type.String() }),
  call: Nullable(Type.String()),
  about: Type.String(),
  /** The person's mark; the same person has the same one. */
  person: Nullable(Type.String()),
  query: Nullable(Type.String()),
  /** Oldest first. */
  remarks: Type.Array(RemarkView),
})
export type AccessView = Static<typeof AccessView>
export const AccessLogPage = Type.Object({
  items: Type.Array(AccessView),
  next: Nullable(Type.Integer()),
  /** Of how many persons the account that was asked for saw something; null for other questions. */
  persons: Nullable(Type.Integer()),
})
export type AccessLogPage = Static<typeof AccessLogPage>

/** `POST /api/journal/export`: the same question, answered as a file. */
export const ExportAccessLog = Type.Object({ ...asked, format: Type.Enum(['csv', 'json']) })

/** `GET /api/journal/accounts`: whose looks can be asked for; closed accounts too. */
export const JournalAccounts = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), employer: Type.String() })),
})
export type JournalAccounts = Static<typeof JournalAccounts>

/** `GET /api/journal/runs`: what ended at the end of its retention, newest first. */
export const RetentionRuns = Type.Object({
  items: Type.Array(
    Type.Object({
      at: Time,
      audio: Type.Object({ before: Type.String(), recordings: Type.Integer() }),
      details: Type.Object({
        before: Time,
        /** Of requests; not in runs from before their values ended. */
        closedBefore: Type.Optional(Time),
        rows: Type.Record(Type.String(), Type.Integer()),
      }),
    }),
  ),
})
export type RetentionRuns = Static<typeof RetentionRuns>

export const EntryParams = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
})
