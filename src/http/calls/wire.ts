/** Calls on record: the list, one call in full, notes and wrap-up forms. */
import { Type, type Static } from 'typebox'
import { isComplete } from '../../city/calls/wrap-up.ts'
import { callEndedBy, callOutcomes, directions, supervisionModes } from '../../core/call.ts'
import { unansweredReasons } from '../../core/unanswered-offer.ts'
import { Device, Nullable, Person, Time } from '../wire.ts'
import { RecordingManifest } from '../recordings/wire.ts'

export { isComplete }

export const CallItem = Type.Object({
  id: Type.String(),
  caller: Nullable(Type.String()),
  line: Type.String(),
  queue: Nullable(Type.String()),
  direction: Type.Enum([...directions]),
  arrivedAt: Time,
  queuedAt: Nullable(Time),
  offeredAt: Nullable(Time),
  answeredAt: Nullable(Time),
  endedAt: Nullable(Time),
  waitMs: Nullable(Type.Integer()),
  talkMs: Nullable(Type.Integer()),
  /** The one who has the call, or talked with the caller last. */
  agent: Nullable(Person),
  /** Those who talked with the caller before, each once; in the order of their last words. */
  earlierAgents: Type.Array(Person),
  /** Null while the call is in progress. */
  outcome: Nullable(Type.String()),
  recording: Type.Enum(['none', 'pending', 'ready']),
})
export type CallItem = Static<typeof CallItem>

export const CallPage = Type.Object({ items: Type.Array(CallItem), next: Nullable(Type.String()) })

export const CallEventItem = Type.Object({
  seq: Type.Integer(),
  at: Time,
  type: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
})

export const WrapUpForm = Type.Object({
  subject: Type.String({ maxLength: 200 }),
  motivated: Type.Enum(['yes', 'no', 'unstated']),
  /** Why the call was not motivated. */
  reason: Nullable(Type.Enum(['prank', 'wrong number', 'silence', 'other'])),
  resolution: Type.Enum(['on the spot', 'registered', 'redirected', 'none', 'unstated']),
})
export type WrapUpForm = Static<typeof WrapUpForm>

/** A version of the form. `agent`: a name. `later`: completed or corrected after the call had left the desk. */
const WrapUpVersion = Type.Intersect([
  WrapUpForm,
  Type.Object({ at: Time, agent: Type.String(), later: Type.Boolean() }),
])
export type WrapUpVersion = Static<typeof WrapUpVersion>

/** One agent's form of a call. `earlier`: newest first. */
const AgentWrapUp = Type.Object({
  agent: Person,
  current: WrapUpVersion,
  earlier: Type.Array(WrapUpVersion),
})

export const CallDetail = Type.Intersect([
  CallItem,
  Type.Object({
    /** The agents who have talked with the caller so far, in order. `device`: null of an older call; `until`: while it is up. */
    legs: Type.Array(
      Type.Object({ agent: Person, device: Nullable(Device), from: Time, until: Nullable(Time) }),
    ),
    /**
     * Colleagues who were consulted, and for supervisors and auditors the supervisors, in order. `withCaller`: all three
     * talked. `modes`: how a supervisor took part; empty for a colleague.
     */
    others: Type.Array(
      Type.Object({
        agent: Person,
        device: Nullable(Device),
        from: Time,
        until: Nullable(Time),
        role: Type.Enum(['consulted', 'supervisor']),
        withCaller: Type.Boolean(),
        modes: Type.Array(Type.Enum([...supervisionModes])),
      }),
    ),
    /** Null while the call is in progress. */
    endedBy: Nullable(Type.Enum([...callEndedBy])),
    /** For agents without the supervisors' coming and going. */
    events: Type.Array(CallEventItem),
    /** Those whom the events name beside the agents who served. */
    people: Type.Array(Person),
    /** `later`: added after the call had left the desk. */
    notes: Type.Array(
      Type.Object({
        at: Time,
        author: Type.String(),
        authorId: Type.String(),
        text: Type.String(),
        later: Type.Boolean(),
      }),
    ),
    /** The form that counts for the call: that of the agent who served last, or the newest one if they left none. */
    wrapUp: Nullable(WrapUpVersion),
    /** The form of each agent who filled one in, the one that counts first. */
    wrapUps: Type.Array(AgentWrapUp),
    /** Until when the reader can complete and correct their own form; null: not theirs, on the desk still, or too late. */
    correctableUntil: Nullable(Time),
    manifest: Nullable(RecordingManifest),
    /** Loudness of each track, 0–100 per slice, for the player's waveform. */
    waveform: Nullable(
      Type.Object({ caller: Type.Array(Type.Integer()), agent: Type.Array(Type.Integer()) }),
    ),
  }),
])
export type CallDetail = Static<typeof CallDetail>

export const UnansweredOffer = Type.Object({
  call: Type.String(),
  /** A queue's id. */
  queue: Nullable(Type.String()),
  /** The last three digits of the caller's number: the agent did not serve the call. Null: withheld or removed. */
  callerEnding: Nullable(Type.String()),
  offeredAt: Time,
  /** How long it rang. */
  ringMs: Type.Integer(),
  reason: Type.Enum([...unansweredReasons]),
  /** Whether the agent may call back: the call is over, and nobody has talked with the caller. */
  isLost: Type.Boolean(),
})
export type UnansweredOffer = Static<typeof UnansweredOffer>

/** `GET /api/calls/unanswered`. `more`: there are older ones beyond the limit. */
export const UnansweredOffers = Type.Object({ items: Type.Array(UnansweredOffer), more: Type.Boolean() })
export type UnansweredOffers = Static<typeof UnansweredOffers>

/** `agent`: an agent's id; without it the account's own. */
export const UnansweredQuery = Type.Object({
  agent: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})

/** `PUT /api/calls/{id}/notes`: always the whole text; the last version counts. */
export const SetNotes = Type.Object({ text: Type.String({ maxLength: 20_000 }) })

/** `POST /api/calls/{id}/notes`: one more note, beside those that were typed during the call. */
export const AddNote = Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }) })

/** `GET /api/calls/unfinished`: own calls of the last day whose own wrap-up form is not complete. Newest first. */
export const UnfinishedCalls = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      caller: Nullable(Type.String()),
      arrivedAt: Time,
      /** Until when the form can be completed. */
      until: Time,
      subject: Type.String(),
    }),
  ),
})
export type UnfinishedCalls = Static<typeof UnfinishedCalls>

/** `GET /api/calls`. `caller`: a number in any usual notation, or at least three digits of one; times with a zone. */
export const CallsQuery = Type.Object({
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  caller: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  /** An agent's id. */
  agent: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
  outcome: Type.Optional(Type.Enum([...callOutcomes])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
})
