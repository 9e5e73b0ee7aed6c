/** Articles of the knowledge base, and notices. Days are local, `2026-11-24`. */
import { Type, type Static } from 'typebox'
import { idPattern, limits } from '../../city/knowledge/check.ts'
import { needForms } from '../../city/knowledge/paper.ts'
import { Described, Nullable, Sentence, Time } from '../wire.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Line = Type.String({ maxLength: limits.line })
const Url = Type.String({ minLength: 8, maxLength: limits.url, pattern: '^https?://' })
const MaybeDay = Nullable(Day)
const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const Id = Type.String({ minLength: 1, maxLength: limits.id })

export const PaperContent = Type.Object({
  domain: Text(limits.domain),
  title: Text(limits.title),
  problem: Type.String({ maxLength: limits.problem }),
  asked: Described(
    'Phrases as citizens use them, for the search.',
    Type.Array(Text(limits.phrase), { maxItems: limits.asked }),
  ),
  needs: Type.Array(
    Type.Object({
      what: Text(limits.need),
      form: Type.Enum([...needForms]),
      count: Type.Integer({ minimum: 1, maximum: limits.count }),
    }),
    { maxItems: limits.needs },
  ),
  form: Described(
    'Null: there is no form to fill in.',
    Nullable(Type.Object({ name: Text(limits.line), url: Nullable(Url) })),
  ),
  handledBy: Described(
    'The institution that handles it; null: the city. With one, the next four may be empty.',
    Nullable(Text(limits.line)),
  ),
  fee: Line,
  counter: Line,
  hours: Line,
  term: Line,
  basis: Type.Array(Text(limits.line), { maxItems: limits.basis }),
  validFrom: Day,
  validTo: MaybeDay,
  sourceUrl: Url,
  reviewedAt: Day,
})
export type PaperContent = Static<typeof PaperContent>

export const FoundArticle = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  title: Type.String(),
  domain: Type.String(),
  problem: Type.String(),
  handledBy: Described('The institution that handles it; null: the city.', Nullable(Type.String())),
  over: Described('Whether its validity has ended.', Type.Boolean()),
  stale: Described('Whether its comparison with the source is overdue.', Type.Boolean()),
})
export type FoundArticle = Static<typeof FoundArticle>
export const FoundPapers = Type.Object({ items: Type.Array(FoundArticle) })
export const PapersQuery = Described(
  '`GET /api/papers`. Without `text`: the articles opened most.',
  Type.Object({
    text: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  }),
)

export const OpenPaper = Described(
  '`POST /api/papers/{id}/openings`: the opening is recorded before the article is sent.',
  Type.Object({
    version: Type.Optional(Described('Without it, the version in force today.', Version)),
    call: Described(
      'The call in which it is opened.',
      Nullable(Type.String({ minLength: 1, maxLength: 100 })),
    ),
    query: Described(
      'The final text of the search by which it was found.',
      Nullable(Type.String({ maxLength: 200 })),
    ),
  }),
)
export const PaperArticle = Type.Intersect([
  PaperContent,
  Type.Object({
    id: Type.String(),
    version: Type.Integer(),
    recordedAt: Time,
    by: Described('The author of this version; null: imported.', Nullable(Type.String())),
    publishedBy: Described(
      'The editor who published it, when that is another person.',
      Nullable(Type.String()),
    ),
    retired: Described(
      'Out of use, with the reason; found by no search.',
      Nullable(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
    ),
    standing: Type.Enum(['in force', 'not yet', 'over']),
    replacedBy: Described('The version in force today, if it is another one.', Nullable(Type.Integer())),
    stale: Type.Boolean(),
    say: Described('The sentences to read to the caller, in Romanian.', Type.Array(Sentence)),
    sendable: Described('The text to send to the caller.', Type.String()),
  }),
])
export type PaperArticle = Static<typeof PaperArticle>

export const PaperParams = Type.Object({ id: Id })
export const PaperVersions = Type.Object({
  items: Type.Array(
    Type.Object({
      version: Type.Integer(),
      recordedAt: Time,
      by: Nullable(Type.String()),
      publishedBy: Nullable(Type.String()),
      validFrom: Day,
      validTo: MaybeDay,
      reviewedAt: Day,
    }),
  ),
})
export type PaperVersions = Static<typeof PaperVersions>

const DraftId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Replaces = Described('The open draft that was changed; null: there was none.', Nullable(DraftId))

export const NewPaper = Described(
  '`POST /api/papers`: a new article, as a draft.',
  Type.Object({
    id: Type.String({ pattern: idPattern.source }),
    content: PaperContent,
    replaces: Type.Optional(Replaces),
  }),
)
export const NewVersion = Described(
  '`POST /api/papers/{id}/versions`. `basedOn`: the version that was edited.',
  Type.Object({
    basedOn: Version,
    content: PaperContent,
    replaces: Type.Optional(Replaces),
  }),
)
export const SavedPaper = Described(
  'A draft that waits for its reader; or a version, when nothing but the day of the review has changed.',
  Type.Object({
    id: Type.String(),
    version: Nullable(Type.Integer()),
    draft: Nullable(Type.Integer()),
  }),
)
export type SavedPaper = Static<typeof SavedPaper>
export const PublishedPaper = Type.Object({ id: Type.String(), version: Type.Integer() })
export type PublishedPaper = Static<typeof PublishedPaper>

const PaperDraftHead = Type.Object({
  draft: DraftId,
  id: Type.String(),
  basedOn: Described('0: a new article.', Type.Integer()),
  latest: Described(
    "The article's newest version, 0 while there is none. Unless it is `basedOn`, the draft is to be changed first.",
    Type.Integer(),
  ),
  title: Type.String(),
  by: Type.String(),
  at: Time,
  returned: Described(
    'Sent back to its author.',
    Nullable(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
  ),
  own: Described('It is mine: I may change and withdraw it.', Type.Boolean()),
  mayPublish: Described(
    'It waits, begins from the newest version, and I am not its author, or the city has one editor (ARTICLES_BY_ONE).',
    Type.Boolean(),
  ),
})
export type PaperDraftHead = Static<typeof PaperDraftHead>
export const PaperDrafts = Type.Object({ items: Type.Array(PaperDraftHead) })
export const PaperDraft = Described(
  '`GET /api/paper-drafts/{draft}`: the article as it would be.',
  Type.Intersect([
    PaperDraftHead,
    Type.Object({
      article: PaperArticle,
      before: Described('The newest version; null while there is none.', Nullable(PaperArticle)),
    }),
  ]),
)
export type PaperDraft = Static<typeof PaperDraft>
export const PaperDraftsQuery = Type.Object({ paper: Type.Optional(Id) })
export const PaperDraftParams = Type.Object({ draft: DraftId })
export const ReturnDraft = Described(
  '`POST /api/paper-drafts/{draft}/return`.',
  Type.Object({ reason: Text(500) }),
)

export const RetirePaper = Described(
  '`POST /api/papers/{id}/retirement`.',
  Type.Object({ reason: Text(300) }),
)
export const RetiredPapers = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      domain: Type.String(),
      at: Time,
      by: Type.String(),
      reason: Type.String(),
    }),
  ),
})
export type RetiredPapers = Static<typeof RetiredPapers>

export const PaperMiss = Described(
  '`POST /api/papers/misses`: the settled text of a search that found nothing.',
  Type.Object({ text: Type.String({ maxLength: 200 }) }),
)
export const PaperMisses = Described(
  '`GET /api/papers/misses`: searches that still find nothing, the most frequent first.',
  Type.Object({
    items: Type.Array(Type.Object({ query: Type.String(), times: Type.Integer(), lastDay: Day })),
  }),
)
export type PaperMisses = Static<typeof PaperMisses>

export const StalePapers = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      version: Type.Integer(),
      title: Type.String(),
      domain: Type.String(),
      reviewedAt: Day,
      validTo: MaybeDay,
      sourceUrl: Type.String(),
      why: Type.Enum(['not reviewed', 'over']),
    }),
  ),
})
export type StalePapers = Static<typeof StalePapers>

export const Synonym = Type.Object({
  word: Type.String({ minLength: 2, maxLength: 60 }),
  means: Described('Empty: the synonym is removed.', Type.String({ maxLength: 200 })),
})
export type Synonym = Static<typeof Synonym>
export const Synonyms = Type.Object({ items: Type.Array(Synonym) })

export const ConsultedPapers = Described(
  '`GET /api/calls/{id}/papers`: the articles opened in a call, each version once.',
  Type.Object({
    items: Type.Array(
      Type.Object({
        at: Time,
        id: Type.String(),
        version: Type.Integer(),
        title: Type.String(),
        handledBy: Nullable(Type.String()),
        agent: Type.String(),
        own: Described('Whether the reader opened it, and not another agent of the call.', Type.Boolean()),
      }),
    ),
  }),
)
export type ConsultedPapers = Static<typeof ConsultedPapers>

export const NoticesQuery = Described(
  '`GET /api/notices`. `upcoming`: includes notices whose first day is still to come.',
  Type.Object({ upcoming: Type.Optional(Type.Boolean()) }),
)
export const Notice = Type.Object({
  id: Type.Integer(),
  text: Type.String(),
  from: Described('First and last day on which it is shown.', Day),
  to: Day,
  articles: Described(
    'The articles and the ids of the queues that it concerns; without any, it is for everybody.',
    Type.Array(Type.Object({ id: Type.String(), title: Type.String() })),
  ),
  queues: Type.Array(Type.String()),
  by: Type.String(),
  at: Time,
})
export type Notice = Static<typeof Notice>
export const Notices = Type.Object({ items: Type.Array(Notice) })
const concernsMax = 20
export const NewNotice = Type.Object({
  text: Text(500),
  from: Day,
  to: Day,
  articles: Type.Optional(Type.Array(Id, { maxItems: concernsMax })),
  queues: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: concernsMax })),
})
export type NewNotice = Static<typeof NewNotice>
export const NoticeParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
