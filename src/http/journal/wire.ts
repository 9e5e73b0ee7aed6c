/** The journal, for the auditor's screen. A person's identifiers are sent in bodies, never in URLs. */
import { Type, type Static } from 'typebox'
import { accessKinds, type AccessKind } from '../../city/journal/access-log-entry.ts'
import { categoryOf } from '../../city/requests/categories.ts'
import { Described, Nullable, Time } from '../wire.ts'

export { accessKinds, categoryOf }
export type { AccessKind }

const Kind = Type.Enum([...accessKinds])

export const JournalState = Described(
  '`GET /api/journal`: its length, its last anchor, and the result of the last check.',
  Type.Object({
    entries: Type.Integer(),
    anchored: Described(
      'The last signed head, which is kept outside of the database; null before the first.',
      Nullable(Type.Object({ entries: Type.Integer(), at: Time })),
    ),
    state: Described(
      'Whether the journal is a continuation of what was anchored.',
      Type.Enum([
        'goes on',
        'shorter',
        'another journal',
        'anchor emptied',
        'anchor rolled back',
        'another key',
        'damaged',
      ]),
    ),
    everAnchored: Described('Entries of the greatest head that is known from any place.', Type.Integer()),
    stamped: Described(
      'The newest head that a time-stamping authority has stamped; null when there is none.',
      Nullable(Type.Object({ entries: Type.Integer(), at: Time, authority: Type.String() })),
    ),
    rollbacks: Described(
      'Accepted rollbacks, newest first; `greatest`: the number of entries that were given up.',
      Type.Array(
        Type.Object({
          index: Type.Integer(),
          at: Time,
          reason: Type.String(),
          by: Type.String(),
          state: Type.String(),
          greatest: Nullable(Type.Integer()),
        }),
      ),
    ),
    lastCheck: Described(
      'The last complete check; `bad` is its first finding, as a sentence.',
      Nullable(Type.Object({ at: Time, entries: Type.Integer(), bad: Nullable(Type.String()) })),
    ),
    failedCheck: Described(
      'The check after it that could not be made, and why; null: none.',
      Nullable(Type.Object({ at: Time, why: Type.String() })),
    ),
    checkOverdue: Described(
      'No check has come to its end for over a day and a half, although the journal is older.',
      Type.Boolean(),
    ),
    verifierKey: Described(
      'The public key that the heads are verified with, as `linia verify` takes it.',
      Type.String(),
    ),
  }),
)
export type JournalState = Static<typeof JournalState>

const asked = {
  person: Type.Optional(
    Described(
      'Accesses to this person: a CNP or CUI, of which only the mark (an HMAC) is stored.',
      Type.String({ minLength: 2, maxLength: 20, pattern: '^(RO|ro)?[ 0-9]{2,18}$' }),
    ),
  ),
  mark: Type.Optional(
    Described(
      "The same, by the person's mark as entries have it.",
      Type.String({ minLength: 64, maxLength: 64, pattern: '^[0-9a-f]{64}$' }),
    ),
  ),
  about: Type.Optional(
    Described(
      "Accesses to this object, or during this call: the id as entries have it, or a request's number.",
      Type.String({ minLength: 1, maxLength: 200 }),
    ),
  ),
  account: Type.Optional(
    Described(
      'Accesses by this account: its id.',
      Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
    ),
  ),
  kind: Type.Optional(Kind),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
}

export const AccessLogQuestion = Described(
  '`POST /api/journal/looks`.',
  Type.Object({
    ...asked,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    before: Type.Optional(
      Described(
        'Only entries before this one: the `next` of the previous page.',
        Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      ),
    ),
  }),
)
export type AccessLogQuestion = Static<typeof AccessLogQuestion>

export const RemarkView = Described(
  "The auditor's later remark on an entry; it is an entry too, with an index of its own.",
  Type.Object({
    index: Type.Integer(),
    at: Time,
    by: Type.String(),
    text: Type.String(),
  }),
)
export type RemarkView = Static<typeof RemarkView>

export const AddRemark = Described(
  '`POST /api/journal/entries/{index}/remarks`.',
  Type.Object({ text: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }) }),
)

export const AccessView = Type.Object({
  index: Type.Integer(),
  at: Time,
  kind: Kind,
  account: Type.Object({ id: Type.String(), name: Type.String(), employer: Type.String() }),
  call: Nullable(Type.String()),
  about: Type.String(),
  person: Described("The person's mark: the same for the same person.", Nullable(Type.String())),
  query: Nullable(Type.String()),
  title: Described('Of a `paper`: the title of the version that was opened.', Nullable(Type.String())),
  remarks: Described('Oldest first.', Type.Array(RemarkView)),
})
export type AccessView = Static<typeof AccessView>
export const AccessLogPage = Type.Object({
  items: Type.Array(AccessView),
  next: Nullable(Type.Integer()),
  persons: Described(
    'How many persons the queried account accessed; null unless the query names an account.',
    Nullable(Type.Integer()),
  ),
})
export type AccessLogPage = Static<typeof AccessLogPage>

export const ExportAccessLog = Described(
  '`POST /api/journal/export`: the same query, answered as a file.',
  Type.Object({ ...asked, format: Type.Enum(['csv', 'json']) }),
)

export const JournalAccounts = Described(
  '`GET /api/journal/accounts`: the accounts that the log can be queried for, closed ones included.',
  Type.Object({
    items: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), employer: Type.String() })),
  }),
)
export type JournalAccounts = Static<typeof JournalAccounts>

export const RetentionRuns = Described(
  '`GET /api/journal/runs`: what was deleted at the end of its retention, and the terms that it was judged by; newest first.',
  Type.Object({
    items: Type.Array(
      Type.Object({
        at: Time,
        outcome: Described(
          'Only a run that is done has deleted; why one was refused, or failed, is in its entry.',
          Type.Enum(['done', 'announced', 'refused', 'failed']),
        ),
        audio: Type.Object({ before: Type.String(), recordings: Type.Integer() }),
        details: Type.Object({
          before: Time,
          closedBefore: Type.Optional(
            Described('For requests; missing in runs from before their contents had a retention.', Time),
          ),
          tracedBefore: Type.Optional(
            Described('For traces of use; missing in runs from before these had a retention.', Time),
          ),
          rows: Type.Record(Type.String(), Type.Integer()),
        }),
      }),
    ),
    terms: Described(
      'Entries that changed the terms: days by what they are for (`audio`, `details`, `requests`, `logs`).',
      Type.Array(
        Type.Object({
          index: Type.Integer(),
          at: Time,
          days: Type.Record(Type.String(), Type.Number()),
        }),
      ),
    ),
    clocks: Described(
      'Clocks that a person confirmed, although retention did not believe them; `clock`: what it showed.',
      Type.Array(Type.Object({ index: Type.Integer(), at: Time, clock: Type.String(), by: Type.String() })),
    ),
  }),
)
export type RetentionRuns = Static<typeof RetentionRuns>

export const EntryParams = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
})
