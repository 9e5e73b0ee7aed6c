/**
 * Identity checks. A CNP is sent once, in a body, to the server. The expected answers never leave the server.
 */
import { Type, type Static } from 'typebox'
import { objectKinds, taxpayerKinds } from '../../city/taxes/account.ts'
import { Described, Nullable, Time } from '../wire.ts'

export const Handle = Described(
  'An opaque reference to a match, valid only in the call in which it was found.',
  Type.String({ minLength: 36, maxLength: 36, pattern: '^[0-9a-f-]+$' }),
)

export const SearchPerson = Described(
  '`POST /api/identity/searches`: all three as stated by the caller.',
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    address: Type.String({ minLength: 1, maxLength: 300 }),
    identifier: Described('CNP, CUI or CIF in full.', Type.String({ minLength: 2, maxLength: 40 })),
  }),
)

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

export const Question = Described(
  'A question, which the desk puts into words. It contains no address, plate, year of purchase or amount.',
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 100 }),
    topic: Type.Enum([...questionTopics]),
    kind: Described(
      'The kind of object; null for a question about a payment.',
      Nullable(Type.Enum([...objectKinds])),
    ),
    which: Described(
      '"any": every object of the kind is a right answer. "latest": the one acquired last. Null: about a payment.',
      Nullable(Type.Enum(['any', 'latest'])),
    ),
    year: Described(
      'About the last payment of that year; null: of all years, or not about a payment.',
      Nullable(Type.Integer()),
    ),
  }),
)
export type Question = Static<typeof Question>

export const AskQuestions = Described(
  '`POST /api/identity/checks`: three questions about a match; unanswered questions are repeated.',
  Type.Object({ handle: Handle }),
)

export const refusalsToAsk = ['too few facts', 'locked', 'number locked', 'no attempts', 'deceased'] as const

export const QuestionsAnswer = Type.Union([
  Type.Object({
    state: Type.Literal('asking'),
    check: Type.Integer(),
    lastAttempt: Described('Whether this is the last attempt in this call.', Type.Boolean()),
    questions: Type.Array(Question, { minItems: 3, maxItems: 3 }),
  }),
  Type.Object({ state: Type.Literal('granted'), until: Time }),
  Type.Object({ state: Type.Literal('to confirm'), until: Time }),
  Type.Object({
    state: Type.Literal('refused'),
    why: Type.Enum([...refusalsToAsk]),
    lock: Described(
      "The lock's number, for the supervisor; null for other reasons.",
      Nullable(Type.Integer()),
    ),
  }),
])
export type QuestionsAnswer = Static<typeof QuestionsAnswer>

export const CheckParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 }) })

export const GiveAnswers = Described(
  '`POST /api/identity/checks/{id}/answers`: the caller\'s answers, word for word; "" for "I do not know".',
  Type.Object({
    answers: Type.Array(
      Type.Object({
        question: Type.String({ minLength: 1, maxLength: 100 }),
        said: Type.String({ maxLength: 200 }),
      }),
      { maxItems: 3 },
    ),
  }),
)

export const Verdict = Described(
  'One verdict on all answers; it does not reveal which one was wrong.',
  Type.Union([
    Type.Object({ verdict: Type.Literal('passed'), until: Time }),
    /** `again`: one more attempt is possible in this call, with other questions. */
    Type.Object({ verdict: Type.Literal('failed'), again: Type.Boolean() }),
    /** The account has changed in the meantime; the attempt is not counted. */
    Type.Object({ verdict: Type.Literal('void') }),
  ]),
)
export type Verdict = Static<typeof Verdict>

export const ConfirmPerson = Described(
  '`POST /api/identity/confirmations`: the transferred caller is the person whom a colleague verified.',
  Type.Object({ handle: Handle }),
)

const Masked = Described(
  'A person as the desk tells them from the others of the call.',
  Type.Object({
    kind: Type.Enum([...taxpayerKinds]),
    initials: Type.String(),
    maskedIdentifier: Type.String(),
  }),
)

export const IdentityState = Described(
  '`GET /api/identity`: the state of checks in my present call, latest search first; empty outside of a call.',
  Type.Object({
    call: Nullable(Type.String()),
    people: Type.Array(
      Type.Object({
        handle: Handle,
        state: Type.Enum(['unasked', 'asking', 'granted', 'to confirm', 'run out', 'no attempts']),
        until: Described('When the grant ends; null without one.', Nullable(Time)),
        who: Described(
          'Only of a person whose grant is mine; null as well while the fiscal database does not answer.',
          Nullable(Masked),
        ),
      }),
      { maxItems: 8 },
    ),
  }),
)
export type IdentityState = Static<typeof IdentityState>

const Person = Type.Object({ id: Type.String(), name: Type.String() })

export const LockList = Described(
  "`GET /api/identity/locks`, for supervisors: locked ones first. Only the caller's number hints at the person.",
  Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.Integer(),
        lockedAt: Time,
        until: Described(
          'The lock holds for calls from one number only, until then; null: the whole channel.',
          Nullable(Time),
        ),
        inForce: Type.Boolean(),
        calls: Type.Array(
          Type.Object({ id: Type.String(), at: Time, agent: Person, caller: Nullable(Type.String()) }),
          { maxItems: 20 },
        ),
        unlocked: Nullable(Type.Object({ at: Time, by: Person, reason: Type.String() })),
      }),
      { maxItems: 100 },
    ),
  }),
)
export type LockList = Static<typeof LockList>
export const LockParams = CheckParams
export const Unlock = Described(
  '`POST /api/identity/locks/{id}/unlock`',
  Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500 }) }),
)

export const AlertList = Described(
  '`GET /api/identity/alerts`, for supervisors: agents and numbers with many failed checks in the last 24 hours.',
  Type.Object({
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
  }),
)
export type AlertList = Static<typeof AlertList>
