/** Events of a call and of an agent, as the ACD writes them. */
import { nothingAnnounced } from '../../src/core/announcements/announcement.ts'
import { nobodyBeside, type Call, type CallFacts, type Ended } from '../../src/core/call.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { AgentId, CallId, OfferId, PbxName, PlaybackId, QueueId, bridgeOf } from '../../src/core/ids.ts'
import type { AcdAgentEvent, AcdCallEvent } from '../../src/core/acd-event.ts'
import type { Offer } from '../../src/core/offer.ts'

export const monday = Date.UTC(2026, 10, 23, 8, 0, 0, 123)

export interface CallShape {
  readonly id: string
  readonly arrivedAt?: number
  readonly number?: string | null
  readonly agent?: AgentId
  /** Milliseconds in line before the answer, or before giving up. */
  readonly waits?: number
  /** Null: nobody answered. */
  readonly talks?: number | null
}

export function offerTo(agent: AgentId, at: number, id = 'o1'): Offer {
  return { id: OfferId(id), agent, device: 'desk', madeAt: at, expiresAt: at + 18_000 }
}

/** All events of one call from arrival to end. */
export function callEvents(shape: CallShape): AcdCallEvent[] {
  const { arrivedAt = monday, waits = 4_000, talks = 60_000, agent = AgentId('agent-1') } = shape
  const answeredAt = arrivedAt + waits
  const offer = offerTo(agent, arrivedAt + 100, `o-${shape.id}`)
  const facts = factsOf(shape, arrivedAt)
  const queued = { ...facts, queuedAt: arrivedAt }
  const greeting: Call = {
    ...facts,
    phase: 'greeting',
    playback: PlaybackId('p1'),
    until: arrivedAt + 9_000,
    menu: null,
    words: null,
  }
  const waiting: Call = {
    ...queued,
    phase: 'waiting',
    queuedAt: arrivedAt,
    reservedFor: null,
    announcement: null,
    question: null,
  }
  const ringing: Call = {
    ...queued,
    phase: 'ringing',
    queuedAt: arrivedAt,
    offer,
    offeredAt: offer.madeAt,
    announcement: null,
  }
  const story: [CallEvent, number, Call][] = [
    [{ type: 'CallArrived' }, arrivedAt, greeting],
    [{ type: 'PlaybackEnded', playback: PlaybackId('p1') }, arrivedAt, waiting],
  ]
  if (talks === null) {
    story.push([{ type: 'CallerHungUp' }, answeredAt, ended(waiting, answeredAt, 'abandoned', null)])
  } else {
    const talking: Call = {
      ...ringing,
      phase: 'talking',
      room: bridgeOf(offer.id),
      answeredAt,
      muted: false,
      lastAgent: agent,
    }
    const why = {
      call: facts.id,
      agent,
      skill: 'general',
      level: 3,
      waitedMs: 100,
      idleMs: 5_000,
      waiting: 1,
      candidates: 2,
    }
    story.push(
      [{ type: 'OfferMade', offer, why }, offer.madeAt, ringing],
      [{ type: 'Bridged', bridge: bridgeOf(offer.id) }, answeredAt, talking],
      [{ type: 'CallerHungUp' }, answeredAt + talks, ended(talking, answeredAt + talks, 'answered', agent)],
    )
  }
  return story.map(([event, at, after], index) => ({
    subject: 'call',
    id: facts.id,
    seq: index + 1,
    at,
    event,
    after,
  }))
}

export function agentEvent(agent: string, seq: number, at = monday): AcdAgentEvent {
  const phones = { desk: true, web: false, chosen: null, ownCalls: 0 }
  return {
    subject: 'agent',
    id: AgentId(agent),
    seq,
    at,
    event: { type: 'PauseRequested', reason: 'break' },
    after: {
      id: AgentId(agent),
      state: 'paused',
      reason: 'break',
      since: at,
      phones,
      missed: 0,
      unrung: 0,
      idleSince: at,
      callsToday: seq,
      imposed: null,
      emergencyAt: null,
    },
  }
}

function factsOf(shape: CallShape, arrivedAt: number): CallFacts {
  return {
    id: CallId(shape.id),
    direction: 'inbound',
    callback: null,
    pbx: PbxName('pbx1'),
    line: '969',
    caller: { number: shape.number === undefined ? '+40256123456' : shape.number, name: 'Ștefan' },
    language: 'ro',
    queue: QueueId('general'),
    overflowedFrom: null,
    priority: 10,
    arrivedAt,
    waitUntil: arrivedAt + 3_600_000,
    queuedAt: null,
    offeredAt: null,
    answeredAt: null,
    lineAnswered: true,
    heldMs: 0,
    lastAgent: null,
    legs: [],
    transfer: null,
    ...nobodyBeside,
    announced: nothingAnnounced,
    survey: null,
    since: arrivedAt,
  }
}

function ended(
  call: CallFacts,
  endedAt: number,
  outcome: Ended['outcome'],
  lastAgent: AgentId | null,
): Ended {
  return {
    id: call.id,
    direction: 'inbound',
    callback: null,
    pbx: call.pbx,
    line: call.line,
    caller: call.caller,
    language: call.language,
    queue: call.queue,
    overflowedFrom: null,
    priority: call.priority,
    arrivedAt: call.arrivedAt,
    waitUntil: call.waitUntil,
    queuedAt: call.queuedAt,
    offeredAt: call.offeredAt,
    answeredAt: call.answeredAt,
    lineAnswered: call.lineAnswered,
    heldMs: call.heldMs,
    lastAgent,
    legs: call.legs,
    transfer: call.transfer,
    ...nobodyBeside,
    announced: call.announced,
    survey: call.survey,
    others: call.others,
    since: endedAt,
    phase: 'ended',
    endedAt,
    outcome,
    endedBy: 'caller',
  }
}
