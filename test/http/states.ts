/** Calls and agents, and their events as the ACD would emit them. */
import { nothingAnnounced, type Reading } from '../../src/core/announcements/announcement.ts'
import { legged } from '../../src/core/leg.ts'
import type { Agent } from '../../src/core/agent.ts'
import {
  nobodyBeside,
  type Call,
  type CallFacts,
  type Consult,
  type Ended,
  type LiveCall,
  type Transfer,
  type TransferTarget,
} from '../../src/core/call.ts'
import type { CallEvent, Returned } from '../../src/core/call-event.ts'
import {
  announcementOf,
  surveyReadingOf,
  bridgeOf,
  CallId,
  ContactId,
  OfferId,
  PbxName,
  PlaybackId,
  QueueId,
} from '../../src/core/ids.ts'
import type { AgentId } from '../../src/core/ids.ts'
import type { AcdAgentEvent, AcdCallEvent } from '../../src/core/acd-event.ts'
import type { Contact, External } from '../../src/core/contact.ts'
import type { Offer, OfferEnd } from '../../src/core/offer.ts'

type AgentState =
  | { readonly state: 'signed out' }
  | { readonly state: 'paused'; readonly reason: Extract<Agent, { state: 'paused' }>['reason'] }
  | { readonly state: 'ready'; readonly notBefore: number }
  | { readonly state: 'offered' | 'talking'; readonly call: CallId }
  | { readonly state: 'wrap-up'; readonly call: CallId; readonly until: number }

export function agentAt(id: AgentId, at: number, state: AgentState = { state: 'signed out' }): Agent {
  const facts = {
    id,
    phones: { desk: true, web: false, chosen: null, ownCalls: 0 },
    missed: 0,
    unrung: 0,
    idleSince: at,
    callsToday: 0,
    imposed: null,
    emergencyAt: null,
    since: at,
  }
  const after = { state: 'ready' } as const
  switch (state.state) {
    case 'offered':
    case 'talking':
      return { ...facts, ...state, after, offer: offerOf(state.call, id, at) }
    case 'wrap-up':
      return { ...facts, ...state, after }
    case 'signed out':
    case 'paused':
      return { ...facts, ...state }
    case 'ready':
      return { ...facts, ...state, reachableBy: null }
  }
}

export function offerOf(call: CallId, agent: AgentId, at: number): Offer {
  return { id: OfferId(`o-${call}-${agent}`), agent, device: 'desk', madeAt: at, expiresAt: at + 18_000 }
}

export const urbanism: Contact = {
  id: ContactId('urbanism'),
  name: 'Urbanism',
  number: '+40256408300',
  language: null,
}
const externalOf = (call: CallId, at: number): External => ({
  id: OfferId(`x-${call}`),
  contact: urbanism,
  madeAt: at,
  expiresAt: at + 60_000,
})

export function agentChange(agent: Agent): AcdAgentEvent {
  return {
    subject: 'agent',
    id: agent.id,
    seq: 1,
    at: agent.since,
    event: { type: 'ReadyRequested' },
    after: agent,
  }
}

type Beside = Partial<Pick<CallFacts, 'consult' | 'supervisions' | 'helpSince' | 'recordingPause'>>

/** The consecutive changes of one call; agents who talk leave their legs. */
export class Story {
  readonly id: CallId
  #facts: CallFacts
  #seq = 0
  #answeredAt: number | null = null
  #last: Call | null = null
  #reading: Reading | null = null

  constructor(id: string, at: number, number: string | null = '+40256123456') {
    this.id = CallId(id)
    this.#facts = {
      id: this.id,
      direction: 'inbound',
      callback: null,
      pbx: PbxName('pbx1'),
      line: '969',
      caller: { number, name: 'Ștefan' },
      language: 'ro',
      legs: [],
      transfer: null,
      ...nobodyBeside,
      announced: nothingAnnounced,
      survey: null,
      queue: QueueId('general'),
      overflowedFrom: null,
      priority: 10,
      arrivedAt: at,
      waitUntil: at + 3_600_000,
      queuedAt: null,
      offeredAt: null,
      answeredAt: null,
      lineAnswered: true,
      heldMs: 0,
      lastAgent: null,
      since: at,
    }
  }

  /** The agent calls the citizen, whose phone rings from then on. */
  dials(agent: AgentId, at: number, returns: Returned | null = null): AcdCallEvent {
    this.#facts = { ...this.#facts, direction: 'outbound', lastAgent: agent }
    const offer = offerOf(this.id, agent, at)
    const until = at + 60_000
    const queuedAt = this.#facts.arrivedAt
    const dialling = { ...this.#facts, phase: 'dialling', queuedAt, offer, until, since: at } as const
    return this.#change({ type: 'CallPlaced', by: agent, returns }, at, dialling)
  }

  arrives(at = this.#facts.arrivedAt): AcdCallEvent {
    const playback = PlaybackId(`p-${this.id}`)
    return this.#change({ type: 'CallArrived' }, at, {
      ...this.#facts,
      phase: 'greeting',
      playback,
      until: at + 9_000,
      menu: null,
      words: null,
    })
  }

  /** By a block. */
  turnedAway(block: number, at = this.#facts.arrivedAt): AcdCallEvent {
    return this.#change({ type: 'CallArrived', block }, at, {
      ...this.#facts,
      phase: 'ended',
      endedAt: at,
      outcome: 'rejected',
      endedBy: 'system',
    })
  }

  waits(at: number): AcdCallEvent {
    const playback = PlaybackId(`p-${this.id}`)
    this.#reading = null
    return this.#change(
      { type: 'PlaybackEnded', playback },
      at,
      this.#queued(at, { phase: 'waiting', reservedFor: null, question: null }),
    )
  }

  /** The caller who waits hears a notice. */
  hears(notice: number, at: number): AcdCallEvent {
    const announcement = { notice, position: null, estimate: null, text: null, sounds: ['notice'] }
    this.#reading = { playback: announcementOf(this.id, 1), sounds: ['notice'], until: at + 60_000 }
    const waiting = this.#queued(at, { phase: 'waiting', reservedFor: null, question: null })
    return this.#change({ type: 'AnnouncementMade', announcement }, at, waiting)
  }

  rings(agent: AgentId, at: number): AcdCallEvent {
    const offer = offerOf(this.id, agent, at)
    const why = {
      call: this.id,
      agent,
      skill: 'general',
      level: 3,
      waitedMs: 0,
      idleMs: 0,
      waiting: 1,
      candidates: 1,
    }
    return this.#change({ type: 'OfferMade', offer, why }, at, this.#queued(at, { phase: 'ringing', offer }))
  }

  missed(at: number, agent: AgentId): AcdCallEvent {
    const { id: offer } = offerOf(this.id, agent, at)
    const event: CallEvent = { type: 'OfferEnded', offer, end: 'no answer' }
    return this.#change(event, at, this.#queued(at, { phase: 'waiting', reservedFor: null, question: null }))
  }

  talks(agent: AgentId, at: number): AcdCallEvent {
    const before = this.#facts.legs.filter((leg) => leg.agent === agent && leg.until !== null).length
    const first = offerOf(this.id, agent, at)
    const offer = before === 0 ? first : { ...first, id: OfferId(`${first.id}-${before}`) }
    this.#answeredAt ??= at
    this.#facts = { ...this.#facts, answeredAt: this.#answeredAt, lastAgent: agent }
    return this.#change({ type: 'AgentAnswered', offer: offer.id }, at, {
      ...this.#facts,
      queuedAt: this.#facts.arrivedAt,
      answeredAt: this.#answeredAt,
      since: at,
      phase: 'talking',
      offer,
      room: bridgeOf(offer.id),
      muted: false,
    })
  }

  /** The agent has hung up, and the caller is asked how it was. */
  surveyed(at: number): AcdCallEvent {
    const survey = { askedAt: at, helped: null, rating: null }
    this.#facts = { ...this.#facts, survey }
    return this.#change({ type: 'AgentHungUp', offer: OfferId(`o-${this.id}`), survey: true }, at, {
      ...this.#facts,
      queuedAt: this.#facts.arrivedAt,
      answeredAt: this.#answeredAt ?? at,
      since: at,
      phase: 'survey',
      survey,
      part: 'helped',
      playback: surveyReadingOf(this.id, 1),
      sounds: ['helped'],
      isReading: true,
      until: at + 60_000,
    })
  }

  /** The agent sends the caller on; then the story goes on with whoever is rung next. */
  sentOn(by: AgentId, to: TransferTarget, at: number): AcdCallEvent {
    const offer = OfferId(`o-${this.id}`)
    const from = this.#facts.queue
    this.#facts = { ...this.#facts, priority: 0, transfer: { by, from, to, at, state: 'under way' } }
    const event: CallEvent = { type: 'TransferRequested', offer, to }
    return this.#change(event, at, this.#queued(at, { phase: 'waiting', reservedFor: null, question: null }))
  }

  /** What becomes of the transfer, from the next event on. */
  transferred(state: Transfer['state']): void {
    const { transfer } = this.#facts
    if (transfer !== null) this.#facts = { ...this.#facts, transfer: { ...transfer, state } }
  }

  /** The agent who talks asks a colleague, who sits there from now on; null: the colleague has left. */
  asks(by: AgentId, colleague: AgentId, seat: Consult['seat'] | null, at: number): AcdCallEvent {
    const offer = offerOf(this.id, by, at)
    const consult = seat === null ? null : { offer: offerOf(this.id, colleague, at), seat, secondLine: null }
    const answeredAt = this.#answeredAt ?? at
    const facts = { ...this.#facts, queuedAt: this.#facts.arrivedAt, answeredAt, since: at, consult }
    const room = bridgeOf(offer.id)
    const isHeld = seat === 'ringing' || seat === 'side'
    return this.#change(
      {
        type: 'ConsultRequested',
        offer: offer.id,
        consult: offerOf(this.id, colleague, at),
        secondLine: null,
      },
      at,
      isHeld
        ? { ...facts, phase: 'held', offer, room, byPhone: false }
        : { ...facts, phase: 'talking', offer, room, muted: false },
    )
  }

  /** The agent who talks asks a contact, as `asks`. `end`: the attempt has ended so. */
  asksOutside(by: AgentId, seat: Consult['seat'] | null, at: number, end?: OfferEnd): AcdCallEvent {
    const offer = offerOf(this.id, by, at)
    const external = externalOf(this.id, at)
    const consult = seat === null ? null : { offer: external, seat, secondLine: null }
    const answeredAt = this.#answeredAt ?? at
    const facts = { ...this.#facts, queuedAt: this.#facts.arrivedAt, answeredAt, since: at, consult }
    const room = bridgeOf(offer.id)
    const event: CallEvent =
      end === undefined
        ? { type: 'ConsultRequested', offer: offer.id, consult: external, joins: false, secondLine: null }
        : { type: 'OfferEnded', offer: external.id, end }
    return this.#change(
      event,
      at,
      seat === 'music' || seat === 'room'
        ? { ...facts, phase: 'talking', offer, room, muted: false }
        : { ...facts, phase: 'held', offer, room, byPhone: false },
    )
  }

  /** The agent sends the caller to a contact, whose phone rings. */
  sentOutside(by: AgentId, at: number): AcdCallEvent {
    const external = externalOf(this.id, at)
    const transfer = {
      by,
      from: this.#facts.queue,
      to: { contact: external.contact.id },
      at,
      state: 'under way',
    } as const
    this.#facts = { ...this.#facts, transfer }
    const event: CallEvent = {
      type: 'TransferRequested',
      offer: offerOf(this.id, by, at).id,
      to: transfer.to,
      external,
    }
    return this.#change(event, at, { ...this.#outside(at), phase: 'transferring', external })
  }

  /** The contact talks with the caller. */
  talksOutside(at: number): AcdCallEvent {
    const external = externalOf(this.id, at)
    this.transferred('taken')
    return this.#change({ type: 'AgentAnswered', offer: external.id }, at, {
      ...this.#outside(at),
      phase: 'transferred',
      external,
      room: bridgeOf(external.id),
      until: at + 3_600_000,
    })
  }

  /** The contact was not reached: the caller comes back. */
  notReached(at: number, end: OfferEnd): AcdCallEvent {
    this.transferred('failed')
    const event: CallEvent = { type: 'OfferEnded', offer: externalOf(this.id, at).id, end }
    return this.#change(event, at, this.#queued(at, { phase: 'waiting', reservedFor: null, question: null }))
  }

  #outside(at: number) {
    return { ...this.#facts, queuedAt: this.#facts.arrivedAt, answeredAt: this.#answeredAt ?? at, since: at }
  }

  /** The colleague who was asked serves the caller. */
  handsOver(by: AgentId, colleague: AgentId, at: number): AcdCallEvent {
    const from = this.#facts.queue
    const transfer = { by, from, to: { agent: colleague }, at, state: 'taken' } as const
    this.#facts = { ...this.#facts, transfer, consult: null, lastAgent: colleague }
    const offer = offerOf(this.id, colleague, at)
    const event: CallEvent = { type: 'ConsultCompleted', offer: offerOf(this.id, by, at).id }
    return this.#change(event, at, {
      ...this.#facts,
      queuedAt: this.#facts.arrivedAt,
      answeredAt: this.#answeredAt ?? at,
      since: at,
      phase: 'talking',
      offer,
      room: bridgeOf(offer.id),
      muted: false,
    })
  }

  /** Facts beside the stage, from the next event on. */
  has(facts: Partial<Pick<CallFacts, 'helpSince' | 'recordingPause'>>): void {
    this.#facts = { ...this.#facts, ...facts }
  }

  ends(at: number, outcome: Ended['outcome'] = 'answered', agent: AgentId | null = null): AcdCallEvent {
    return this.#change({ type: 'CallerHungUp' }, at, {
      ...this.#facts,
      queuedAt: this.#facts.arrivedAt,
      answeredAt: this.#answeredAt,
      lastAgent: agent ?? this.#facts.lastAgent,
      since: at,
      phase: 'ended',
      endedAt: at,
      outcome,
      endedBy: 'caller',
    })
  }

  /** Something beside the stage, such as a colleague's or a supervisor's part. */
  beside(event: CallEvent, at: number, after: Beside): AcdCallEvent {
    if (this.#last === null) throw new Error('the call has not begun')
    return this.#change(event, at, { ...this.#last, ...after })
  }

  #queued(
    at: number,
    phase: { phase: 'waiting'; reservedFor: null; question: null } | { phase: 'ringing'; offer: Offer },
  ): LiveCall {
    return {
      ...this.#facts,
      queuedAt: this.#facts.arrivedAt,
      since: at,
      announcement: this.#reading,
      ...phase,
    }
  }

  #change(event: CallEvent, at: number, unlegged: Call): AcdCallEvent {
    const after = legged(unlegged, at)
    this.#last = after
    this.#facts = { ...this.#facts, legs: after.legs, others: after.others }
    this.#seq += 1
    return { subject: 'call', id: this.id, seq: this.#seq, at, event, after }
  }
}
