/**
 * Identity checks. A CNP is sent once, in a body, to the server. The expected answers never leave the server.
 */
import { Type, type Static } from 'typebox'
import { objectKinds, taxpayerKinds } from '../../city/taxes/account.ts'
import { Nullable, Time } from '../wire.ts'

/** An opaque reference to a match, valid only in the call in which it was found. */
export const Handle = Type.String({ minLength: 36, maxLength: 36, pattern: '^[0-9a-f-]+$' })

/** `POST /api/identity/searches`: all three as stated by the caller. */
export const SearchPerson = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  address: Type.String({ minLength: 1, maxLength: 300 }),
  /** CNP, CUI or CIF in full. */
  identifier: Type.String({ minLength: 2, maxLength: 40 }),
})

export const SearchAnswer = Type.Union([
  Type.Object({ outcome: Type.Literal('match'), handle: Handle }),
  /** The number does not exist, or belongs to another name or address; the answer does not distinguish them. */
  Type.Object({ outcome: Type.Literal('no match') }),
  /** This calling number has failed too often for this person; the lock ends by itself, or a supervisor lifts it. */
  Type.Object({ outcome: Type.Literal('number locked'), lock: Type.Integer(), until: Time }),
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

/** A question, which the desk puts into words. It contains no address, plate, year of purchase or amount. */
export const Question = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  topic: Type.Enum([...questionTopics]),
  /** The kind of object; null for a question about a payment. */
  kind: Nullable(Type.Enum([...objectKinds])),
  /** "any": every object of the kind is a right answer. "latest": the one acquired last. Null: about a payment. */
  which: Nullable(Type.Enum(['any', 'latest'])),
  /** About the last payment of that year; null: of all years, or not about a payment. */
  year: Nullable(Type.Integer()),
})
export type Question = Static<typeof Question>

/** `POST /api/identity/checks`: three questions about a match; unanswered questions are repeated. */
export const AskQuestions = Type.Object({ handle: Handle })

export const refusalsToAsk = ['too few facts', 'locked', 'number locked', 'no attempts', 'deceased'] as const

export const QuestionsAnswer = Type.Union([
  Type.Object({
    state: Type.Literal('asking'),
    check: Type.Integer(),
    /** Whether this is the last attempt in this call. */
    lastAttempt: Type.Boolean(),
    questions: Type.Array(Question, { minItems: 3, maxItems: 3 }),
  }),
  Type.Object({ state: Type.Literal('granted'), until: Time }),
  Type.Object({ state: Type.Literal('to confirm'), until: Time }),
  Type.Object({
    state: Type.Literal('refused'),
    why: Type.Enum([...refusalsToAsk]),
    /** The lock's number, for the supervisor; null for other reasons. */
    lock: Nullable(Type.Integer()),
  }),
])
export type QuestionsAnswer = Static<typeof QuestionsAnswer>

export const CheckParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 }) })

/** `POST /api/identity/checks/{id}/answers`: the caller's answers, word for word; "" for "I do not know". */
export const GiveAnswers = Type.Object({
  answers: Type.Array(
    Type.Object({
      question: Type.String({ minLength: 1, maxLength: 100 }),
      said: Type.String({ maxLength: 200 }),
    }),
    { maxItems: 3 },
  ),
})

/** One verdict on all answers; it does not reveal which one was wrong. */
export const Verdict = Type.Union([
  Type.Object({ verdict: Type.Literal('passed'), until: Time }),
  /** `again`: one more attempt is possible in this call, with other questions. */
  Type.Object({ verdict: Type.Literal('failed'), again: Type.Boolean() }),
  /** The account has changed in the meantime; the attempt is not counted. */
  Type.Object({ verdict: Type.Literal('void') }),
])
export type Verdict = Static<typeof Verdict>

/** `POST /api/identity/confirmations`: the transferred caller is the person whom a colleague verified. */
export const ConfirmPerson = Type.Object({ handle: Handle })

/** A person as the desk tells them from the others of the call. */
const Masked = Type.Object({
  kind: Type.Enum([...taxpayerKinds]),
  initials: Type.String(),
  maskedIdentifier: Type.String(),
})

/** `GET /api/identity`: the state of checks in my present call, latest search first; empty outside of a call. */
export const IdentityState = Type.Object({
  call: Nullable(Type.String()),
  people: Type.Array(
    Type.Object({
      handle: Handle,
      state: Type.Enum(['unasked', 'asking', 'granted', 'to confirm', 'run out', 'no attempts']),
      /** When the grant ends; null without one. */
      until: Nullable(Time),
      /** Only of a person whose grant is mine; null as well while the fiscal database does not answer. */
      who: Nullable(Masked),
    }),
    { maxItems: 8 },
  ),
})
export type IdentityState = Static<typeof IdentityState>

const Person = Type.Object({ id: Type.String(), name: Type.String() })

/** `GET /api/identity/locks`, for supervisors: locked ones first. Only the caller's number hints at the person. */
export const LockList = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.Integer(),
      lockedAt: Time,
      /** The lock holds for calls from one number only, until then; null: the whole channel. */
      until: Nullable(Time),
      inForce: Type.Boolean(),
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

/** `GET /api/identity/alerts`, for supervisors: agents and numbers with many failed checks in the last 24 hours. */
export const AlertList = Type.Object({
  closed: Type.Integer(),
  agents: Type.Array(Type.Object({ agent: Person, verdicts: Type.Integer(), failed: Type.Integer() }), {
    maxItems: 50,
  }),
  numbers: Type.Array(
    /** `number`: null for all withheld numbers together. `fruitless`: searches without a match. */
    Type.Object({
      number: Nullable(Type.String()),
      failed: Type.Integer(),
      persons: Type.Integer(),
      fruitless: Type.Integer(),
    }),
    { maxItems: 50 },
  ),
})
export type AlertList = Static<typeof AlertList>
