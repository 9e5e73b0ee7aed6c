/**
 * What the API says about identity checks. A CNP travels in a body, towards the server, once; nothing that is
 * expected as an answer ever leaves it.
 */
import { Type, type Static } from 'typebox'
import { objectKinds } from '../../city/taxes/account.ts'
import { Nullable, Time } from '../wire.ts'

/** Names a match; good in the call in which it was found, and says nothing about the person. */
export const Handle = Type.String({ minLength: 36, maxLength: 36, pattern: '^[0-9a-f-]+$' })

/** `POST /api/identity/searches`: all three, as the caller says them. */
export const SearchPerson = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  address: Type.String({ minLength: 1, maxLength: 300 }),
  /** CNP, CUI or CIF in full. */
  identifier: Type.String({ minLength: 2, maxLength: 40 }),
  /** How long ago the agent began to type: from there on the recording is silenced. */
  typingMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
})

export const SearchAnswer = Type.Union([
  Type.Object({ outcome: Type.Literal('match'), handle: Handle }),
  /** Nobody has this number, or it is not this name and address: which of them is not said. */
  Type.Object({ outcome: Type.Literal('no match') }),
])
export type SearchAnswer = Static<typeof SearchAnswer>

export const questionTopics = [
  'co-owner',
  'other-street',
  'plate-ending',
  'share',
  'acquisition-year',
  'useful-area',
  'payment-month',
  'payment-band',
  'count',
] as const

/** What is asked, for the desk to put into words. It names no address, plate, year of purchase or amount. */
export const Question = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  topic: Type.Enum([...questionTopics]),
  /** Which kind of object; null where it is a payment. */
  kind: Nullable(Type.Enum([...objectKinds])),
  /** "any": each object of the kind is a right answer. "latest": the one acquired last. Null: a payment. */
  which: Nullable(Type.Enum(['any', 'latest'])),
  /** The last payment of that year; null: the last one of all, or no payment. */
  year: Nullable(Type.Integer()),
})
export type Question = Static<typeof Question>

/** `POST /api/identity/checks`: three questions about a match; the same ones again while nobody has answered. */
export const AskQuestions = Type.Object({ handle: Handle })

export const refusalsToAsk = ['too few facts', 'locked', 'no attempts', 'deceased'] as const

export const QuestionsAnswer = Type.Union([
  Type.Object({
    state: Type.Literal('asking'),
    check: Type.Integer(),
    /** The last one of this call. */
    lastAttempt: Type.Boolean(),
    questions: Type.Array(Question, { minItems: 3, maxItems: 3 }),
  }),
  Type.Object({ state: Type.Literal('granted'), until: Time }),
  Type.Object({ state: Type.Literal('to confirm'), until: Time }),
  Type.Object({
    state: Type.Literal('refused'),
    why: Type.Enum([...refusalsToAsk]),
    /** The lock's number, for the supervisor; null when it is no lock. */
    lock: Nullable(Type.Integer()),
  }),
])
export type QuestionsAnswer = Static<typeof QuestionsAnswer>

export const CheckParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 }) })

/** `POST /api/identity/checks/{id}/answers`: what the caller said, word for word; "" when he does not know. */
export const GiveAnswers = Type.Object({
  answers: Type.Array(
    Type.Object({
      question: Type.String({ minLength: 1, maxLength: 100 }),
      said: Type.String({ maxLength: 200 }),
    }),
    { maxItems: 3 },
  ),
})

/** One verdict on all of them; which one was wrong is not said. */
export const Verdict = Type.Union([
  Type.Object({ verdict: Type.Literal('passed'), until: Time }),
  /** `again`: there is one more attempt in this call, with other questions. */
  Type.Object({ verdict: Type.Literal('failed'), again: Type.Boolean() }),
  /** The account has changed in the meantime; this attempt counts for nothing. */
  Type.Object({ verdict: Type.Literal('void') }),
])
export type Verdict = Static<typeof Verdict>

/** `POST /api/identity/confirmations`: the caller whom I received is the one whom my colleague has verified. */
export const ConfirmPerson = Type.Object({ handle: Handle })

/** `GET /api/identity`: how it stands in my present call; empty outside of one. */
export const IdentityState = Type.Object({
  call: Nullable(Type.String()),
  people: Type.Array(
    Type.Object({
      handle: Handle,
      state: Type.Enum(['unasked', 'asking', 'granted', 'to confirm', 'run out', 'no attempts']),
      /** When the grant ends; null without one. */
      until: Nullable(Time),
    }),
    { maxItems: 8 },
  ),
})
export type IdentityState = Static<typeof IdentityState>

const Person = Type.Object({ id: Type.String(), name: Type.String() })

/** `GET /api/identity/locks`, for supervisors: closed ones first. Whose they are, only the number says. */
export const LockList = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.Integer(),
      lockedAt: Time,
      calls: Type.Array(
        Type.Object({ id: Type.String(), at: Time, agent: Person, caller: Nullable(Type.String()) }),
        { maxItems: 20 },
      ),
      unlocked: Nullable(Type.Object({ at: Time, by: Person, reason: Type.String() })),
    }),
    { maxItems: 100 },
  ),
})
export type LockList = Static<typeof LockList>
export const LockParams = CheckParams
/** `POST /api/identity/locks/{id}/unlock` */
export const Unlock = Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500 }) })

/** `GET /api/identity/alerts`, for supervisors: with whom, and from where, many checks fail. Of the last 24 hours. */
export const AlertList = Type.Object({
  closed: Type.Integer(),
  agents: Type.Array(Type.Object({ agent: Person, verdicts: Type.Integer(), failed: Type.Integer() }), {
    maxItems: 50,
  }),
  numbers: Type.Array(
    Type.Object({ number: Type.String(), failed: Type.Integer(), persons: Type.Integer() }),
    { maxItems: 50 },
  ),
})
export type AlertList = Static<typeof AlertList>

/** `POST /api/calls/{id}/recording/hearings`, for the auditor: `opening` may then hear the check as well. */
export const HearWhole = Type.Object({
  opening: Type.String({ minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
})
