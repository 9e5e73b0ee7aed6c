/** Articles of the knowledge base, and notices. Days are local, `2026-11-24`. */
import { Type, type Static } from 'typebox'
import { idPattern, limits } from '../../city/knowledge/check.ts'
import { needForms } from '../../city/knowledge/paper.ts'
import { Nullable, Sentence, Time } from '../wire.ts'

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
  /** Phrases as citizens use them, for the search. */
  asked: Type.Array(Text(limits.phrase), { maxItems: limits.asked }),
  needs: Type.Array(
    Type.Object({
      what: Text(limits.need),
      form: Type.Enum([...needForms]),
      count: Type.Integer({ minimum: 1, maximum: limits.count }),
    }),
    { maxItems: limits.needs },
  ),
  /** Null: there is no form to fill in. */
  form: Nullable(Type.Object({ name: Text(limits.line), url: Nullable(Url) })),
  /** The institution that handles it; null: the city. With one, the next four may be empty. */
  handledBy: Nullable(Text(limits.line)),
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
  /** The institution that handles it; null: the city. */
  handledBy: Nullable(Type.String()),
  /** Whether its validity has ended. */
  over: Type.Boolean(),
  /** Whether its comparison with the source is overdue. */
  stale: Type.Boolean(),
})
export type FoundArticle = Static<typeof FoundArticle>
export const FoundPapers = Type.Object({ items: Type.Array(FoundArticle) })
/** `GET /api/papers`. Without `text`: the articles opened most. */
export const PapersQuery = Type.Object({
  text: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
})

/** `POST /api/papers/{id}/openings`: the opening is recorded before the article is sent. */
export const OpenPaper = Type.Object({
  /** Without it, the version in force today. */
  version: Type.Optional(Version),
  /** The call in which it is opened. */
  call: Nullable(Type.String({ minLength: 1, maxLength: 100 })),
  /** The final text of the search by which it was found. */
  query: Nullable(Type.String({ maxLength: 200 })),
})
export const PaperArticle = Type.Intersect([
  PaperContent,
  Type.Object({
    id: Type.String(),
    version: Type.Integer(),
    recordedAt: Time,
    /** The author of this version; null: imported. */
    by: Nullable(Type.String()),
    /** The editor who published it, when that is another person. */
    publishedBy: Nullable(Type.String()),
    /** Out of use, with the reason; found by no search. */
    retired: Nullable(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
    standing: Type.Enum(['in force', 'not yet', 'over']),
    /** The version in force today, if it is another one. */
    replacedBy: Nullable(Type.Integer()),
    stale: Type.Boolean(),
    /** The sentences to read to the caller, in Romanian. */
    say: Type.Array(Sentence),
    /** The text to send to the caller. */
    sendable: Type.String(),
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
/** The open draft that was changed; null: there was none. */
const Replaces = Nullable(DraftId)

/** `POST /api/papers`: a new article, as a draft. */
export const NewPaper = Type.Object({
  id: Type.String({ pattern: idPattern.source }),
  content: PaperContent,
  replaces: Type.Optional(Replaces),
})
/** `POST /api/papers/{id}/versions`. `basedOn`: the version that was edited. */
export const NewVersion = Type.Object({
  basedOn: Version,
  content: PaperContent,
  replaces: Type.Optional(Replaces),
})
/** A draft that waits for its reader; or a version, when nothing but the day of the review has changed. */
export const SavedPaper = Type.Object({
  id: Type.String(),
  version: Nullable(Type.Integer()),
  draft: Nullable(Type.Integer()),
})
export type SavedPaper = Static<typeof SavedPaper>
export const PublishedPaper = Type.Object({ id: Type.String(), version: Type.Integer() })
export type PublishedPaper = Static<typeof PublishedPaper>

const PaperDraftHead = Type.Object({
  draft: DraftId,
  id: Type.String(),
  /** 0: a new article. */
  basedOn: Type.Integer(),
  /** The article's newest version, 0 while there is none. Unless it is `basedOn`, the draft is to be changed first. */
  latest: Type.Integer(),
  title: Type.String(),
  by: Type.String(),
  at: Time,
  /** Sent back to its author. */
  returned: Nullable(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
  /** It is mine: I may change and withdraw it. */
  own: Type.Boolean(),
  /** It waits, begins from the newest version, and I am not its author, or the city has one editor (ARTICLES_BY_ONE). */
  mayPublish: Type.Boolean(),
})
export type PaperDraftHead = Static<typeof PaperDraftHead>
export const PaperDrafts = Type.Object({ items: Type.Array(PaperDraftHead) })
/** `GET /api/papers/drafts/{draft}`: the article as it would be. */
export const PaperDraft = Type.Intersect([
  PaperDraftHead,
  Type.Object({
    article: PaperArticle,
    /** The newest version; null while there is none. */
    before: Nullable(PaperArticle),
  }),
])
export type PaperDraft = Static<typeof PaperDraft>
export const PaperDraftsQuery = Type.Object({ paper: Type.Optional(Id) })
export const DraftParams = Type.Object({ draft: DraftId })
/** `POST /api/papers/drafts/{draft}/return`. */
export const ReturnDraft = Type.Object({ reason: Text(500) })

/** `POST /api/papers/{id}/retirement`. */
export const RetirePaper = Type.Object({ reason: Text(300) })
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

/** `POST /api/papers/misses`: the settled text of a search that found nothing. */
export const PaperMiss = Type.Object({ text: Type.String({ maxLength: 200 }) })
/** `GET /api/papers/misses`: searches that still find nothing, the most frequent first. */
export const PaperMisses = Type.Object({
  items: Type.Array(Type.Object({ query: Type.String(), times: Type.Integer(), lastDay: Day })),
})
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
  /** Empty: the synonym is removed. */
  means: Type.String({ maxLength: 200 }),
})
export type Synonym = Static<typeof Synonym>
export const Synonyms = Type.Object({ items: Type.Array(Synonym) })

/** `GET /api/calls/{id}/papers`: the articles opened in a call, each version once. */
export const ConsultedPapers = Type.Object({
  items: Type.Array(
    Type.Object({
      at: Time,
      id: Type.String(),
      version: Type.Integer(),
      title: Type.String(),
      handledBy: Nullable(Type.String()),
      agent: Type.String(),
      /** Whether the reader opened it, and not another agent of the call. */
      own: Type.Boolean(),
    }),
  ),
})
export type ConsultedPapers = Static<typeof ConsultedPapers>

/** `GET /api/notices`. `upcoming`: includes notices whose first day is still to come. */
export const NoticesQuery = Type.Object({ upcoming: Type.Optional(Type.Boolean()) })
export const Notice = Type.Object({
  id: Type.Integer(),
  text: Type.String(),
  /** First and last day on which it is shown. */
  from: Day,
  to: Day,
  /** The articles and the ids of the queues that it concerns; without any, it is for everybody. */
  articles: Type.Array(Type.Object({ id: Type.String(), title: Type.String() })),
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
