/** The journal, for the auditor's screen. A person's identifiers are sent in bodies, never in URLs. */
import { Type, type Static } from 'typebox'
import { accessKinds, type AccessKind } from '../../city/journal/access-log-entry.ts'
import { categoryOf } from '../../city/requests/categories.ts'
import { Nullable, Time } from '../wire.ts'

export { accessKinds, categoryOf }
export type { AccessKind }

const Kind = Type.Enum([...accessKinds])

/** `GET /api/journal`: its length, its last anchor, and the result of the last check. */
export const JournalState = Type.Object({
  entries: Type.Integer(),
  /** The last signed head, which is kept outside of the database; null before the first. */
  anchored: Nullable(Type.Object({ entries: Type.Integer(), at: Time })),
  /** Whether the journal is a continuation of what was anchored. */
  state: Type.Enum([
    'goes on',
    'shorter',
    'another journal',
    'anchor emptied',
    'anchor rolled back',
    'another key',
    'damaged',
  ]),
  /** Entries of the greatest head that is known from any place. */
  everAnchored: Type.Integer(),
  /** The newest head that a time-stamping authority has stamped; null when there is none. */
  stamped: Nullable(Type.Object({ entries: Type.Integer(), at: Time, authority: Type.String() })),
  /** Accepted rollbacks, newest first; `greatest`: the number of entries that were given up. */
  rollbacks: Type.Array(
    Type.Object({
      index: Type.Integer(),
      at: Time,
      reason: Type.String(),
      by: Type.String(),
      state: Type.String(),
      greatest: Nullable(Type.Integer()),
    }),
  ),
  /** The last complete check; `bad` is its first finding, as a sentence. */
  lastCheck: Nullable(Type.Object({ at: Time, entries: Type.Integer(), bad: Nullable(Type.String()) })),
  /** The check after it that could not be made, and why; null: none. */
  failedCheck: Nullable(Type.Object({ at: Time, why: Type.String() })),
  /** No check has come to its end for over a day and a half, although the journal is older. */
  checkOverdue: Type.Boolean(),
  /** The public key that the heads are verified with, as `linia verify` takes it. */
  verifierKey: Type.String(),
})
export type JournalState = Static<typeof JournalState>

const asked = {
  /** Accesses to this person: a CNP or CUI, of which only the mark (an HMAC) is stored. */
  person: Type.Optional(Type.String({ minLength: 2, maxLength: 20, pattern: '^(RO|ro)?[ 0-9]{2,18}$' })),
  /** The same, by the person's mark as entries have it. */
  mark: Type.Optional(Type.String({ minLength: 64, maxLength: 64, pattern: '^[0-9a-f]{64}$' })),
  /** Accesses to this object, or during this call: the id as entries have it, or a request's number. */
  about: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** Accesses by this account: its id. */
  account: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
  kind: Type.Optional(Kind),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
}

/** `POST /api/journal/looks`. */
export const AccessLogQuestion = Type.Object({
  ...asked,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  /** Only entries before this one: the `next` of the previous page. */
  before: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
})
export type AccessLogQuestion = Static<typeof AccessLogQuestion>

/** The auditor's later remark on an entry; it is an entry too, with an index of its own. */
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
  /** The person's mark: the same for the same person. */
  person: Nullable(Type.String()),
  query: Nullable(Type.String()),
  /** Of a `paper`: the title of the version that was opened. */
  title: Nullable(Type.String()),
  /** Oldest first. */
  remarks: Type.Array(RemarkView),
})
export type AccessView = Static<typeof AccessView>
export const AccessLogPage = Type.Object({
  items: Type.Array(AccessView),
  next: Nullable(Type.Integer()),
  /** How many persons the queried account accessed; null unless the query names an account. */
  persons: Nullable(Type.Integer()),
})
export type AccessLogPage = Static<typeof AccessLogPage>

/** `POST /api/journal/export`: the same query, answered as a file. */
export const ExportAccessLog = Type.Object({ ...asked, format: Type.Enum(['csv', 'json']) })

/** `GET /api/journal/accounts`: the accounts that the log can be queried for, closed ones included. */
export const JournalAccounts = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), employer: Type.String() })),
})
export type JournalAccounts = Static<typeof JournalAccounts>

/** `GET /api/journal/runs`: what was deleted at the end of its retention, and the terms that it was judged by; newest first. */
export const RetentionRuns = Type.Object({
  items: Type.Array(
    Type.Object({
      at: Time,
      /** Only a run that is done has deleted; why one was refused, or failed, is in its entry. */
      outcome: Type.Enum(['done', 'announced', 'refused', 'failed']),
      audio: Type.Object({ before: Type.String(), recordings: Type.Integer() }),
      details: Type.Object({
        before: Time,
        /** For requests; missing in runs from before their contents had a retention. */
        closedBefore: Type.Optional(Time),
        /** For traces of use; missing in runs from before these had a retention. */
        tracedBefore: Type.Optional(Time),
        rows: Type.Record(Type.String(), Type.Integer()),
      }),
    }),
  ),
  /** Entries that changed the terms: days by what they are for (`audio`, `details`, `requests`, `logs`). */
  terms: Type.Array(
    Type.Object({
      index: Type.Integer(),
      at: Time,
      days: Type.Record(Type.String(), Type.Number()),
    }),
  ),
  /** Clocks that a person confirmed, although retention did not believe them; `clock`: what it showed. */
  clocks: Type.Array(
    Type.Object({ index: Type.Integer(), at: Time, clock: Type.String(), by: Type.String() }),
  ),
})
export type RetentionRuns = Static<typeof RetentionRuns>

export const EntryParams = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
})
