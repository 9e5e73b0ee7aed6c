/** The event history as the ledger receives it: every event of every call and agent, in order, with checks. */
import { isExternal } from '../../../src/core/contact.ts'
import { isDeepStrictEqual } from 'node:util'
import type { AcdAgentEvent, AcdCallEvent, AcdEvent } from '../../../src/core/acd-event.ts'
import type { Call } from '../../../src/core/call.ts'
import type { CallEventType } from '../../../src/core/call-event.ts'
import { agentLegOf, type AgentId, type CallId, type ChannelId } from '../../../src/core/ids.ts'
import { hasQueued } from '../../../src/core/reports/wait.ts'
import type { LastRecorded } from '../../../src/acd/ports.ts'
import type { Scenario } from '../scenario.ts'
import { checkClosed } from './closed.ts'
import { checkLetGo } from './closing.ts'
import { checkMenu } from './menus.ts'
import { checkSurvey } from './surveys.ts'
import { must } from './violation.ts'

/** A shorter conversation may have begun and ended between two events of Asterisk. */
const surelyTalkedMs = 1_500

export class History {
  readonly #scenario: Scenario
  readonly #events = new Map<string, AcdEvent[]>()
  /** Spooled events, with the node that has them on disk. */
  readonly #spooled = new Map<AcdEvent, string>()
  /** Calls that have been bridged with an agent, with the time of the first bridge (wall clock). */
  readonly #bridgedAt = new Map<CallId, number>()
  readonly #pickedUp = new Set<ChannelId>()
  /** A crash coincided with data loss in Redis: ended calls may reappear, and unsaved changes are lost. */
  mayFork = false
  /** The last recorded number of each subject, as given to the latest owner. */
  #resumed: ReadonlyMap<string, number> = new Map()
  #transitions = 0

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  get transitions(): number {
    return this.#transitions
  }

  /** An agent's leg was picked up. */
  pickedUp(leg: ChannelId): void {
    this.#pickedUp.add(leg)
  }

  /** Whether an agent has picked up for this call. */
  hasAgent(citizen: ChannelId): boolean {
    return [...this.#pickedUp].some((leg) => leg.startsWith(`leg-${citizen}-`))
  }

  bridged(call: CallId, at: number): void {
    if (!this.#bridgedAt.has(call)) this.#bridgedAt.set(call, at)
  }
  hasTalked(call: CallId): boolean {
    return this.#bridgedAt.has(call)
  }

  spooled(node: string, events: readonly AcdEvent[]): void {
    this.#transitions += events.length
    for (const event of events) this.#spooled.set(event, node)
  }

  withdrawn(events: readonly AcdEvent[]): void {
    for (const event of events) this.#spooled.delete(event)
  }

  /** For a new owner: the last recorded numbers, from the ledger and its node's disk. */
  lastRecorded(node: string): LastRecorded {
    const calls = new Map<CallId, number>()
    const agents = new Map<AgentId, number>()
    const ended = new Set<CallId>()
    const recorded = [...this.#events.values()].flat().filter((event) => event !== undefined)
    const kept = [...this.#spooled].flatMap(([event, disk]) => (disk === node ? [event] : []))
    for (const event of [...recorded, ...kept]) {
      if (event.subject === 'agent') {
        agents.set(event.id, Math.max(event.seq, agents.get(event.id) ?? 0))
        continue
      }
      calls.set(event.id, Math.max(event.seq, calls.get(event.id) ?? 0))
      if (event.after.phase === 'ended') ended.add(event.id)
    }
    for (const id of ended) calls.delete(id)
    this.#resumed = new Map([
      ...Array.from(calls, ([id, seq]) => [`call ${id}`, seq] as const),
      ...Array.from(agents, ([id, seq]) => [`agent ${id}`, seq] as const),
    ])
    return { calls, agents }
  }

  /** Adds an event of the stream; from here on the ledger has it. */
  add(event: AcdEvent): void {
    const key = keyOf(event)
    const known = this.#events.get(key) ?? []
    this.#events.set(key, known)
    const before = known[event.seq - 1]
    if (before !== undefined) {
      if (isDeepStrictEqual(before, event)) return
      const forks = this.mayFork && !this.#resumed.has(key)
      must(forks, 'one event number, two contents', () => textOf(before, event))
      // Redis lost these events, and the ACD continued from an older state.
      known.length = event.seq - 1
    }
    if (event.seq !== known.length + 1) {
      // A gap: the events that Redis lost are in the spool.
      known[event.seq - 1] = event
      return
    }
    known.push(event)
    // Redis had lost the subject or had an older state, and the ACD continues from that.
    if (this.mayFork && event.seq - 1 === this.#resumed.get(key)) return
    const previous = known[event.seq - 2]
    if (event.subject === 'call') this.#call(previous?.subject === 'call' ? previous : undefined, event)
    else this.#agent(previous?.subject === 'agent' ? previous : undefined, event)
  }

  #call(previous: AcdCallEvent | undefined, event: AcdCallEvent): void {
    const { after } = event
    const before = previous?.after
    const text = () => textOf(previous, event)
    must(before?.phase !== 'ended', 'an ended call went on', text)
    if (before === undefined) return
    const attempt = 'offer' in event.event && typeof event.event.offer === 'string' ? event.event.offer : null
    must(attempt === null || offersOf(before).has(attempt), 'an event of another offer was applied', text)
    checkBeside(before, event, text)
    checkMenu(before, event, text)
    checkSurvey(before, event, this.#scenario, text)
    checkClosed(before, event, text)
    checkLetGo(before, event, this.#scenario, text)
    // A caller who came back for a promised call may choose another queue by key; one who overflows is among others.
    const isElsewhere =
      before.phase === 'greeting' || before.phase === 'menu' || event.event.type === 'CallOverflowed'
    // Asterisk's own queue puts callers in the order of their arrival, also one who heard a menu there.
    const hasWaitedSince = event.event.type === 'PlaybackEnded' ? event.event.queuedAt : undefined
    const keptQueuedAt =
      before.queuedAt === after.queuedAt ||
      (before.queuedAt !== null && after.queuedAt === hasWaitedSince && after.queuedAt <= before.queuedAt)
    const keptPlace = keptQueuedAt && (isElsewhere || after.priority <= before.priority)
    // The place of a callback is none of a call that ends before its queue.
    const wasQueued = after.phase !== 'ended' || hasQueued(before)
    must(before.queuedAt === null || !wasQueued || keptPlace, 'a caller lost their place', text)
    must(
      before.answeredAt === null || before.answeredAt === after.answeredAt,
      'the first answer changed',
      text,
    )
    if (before.phase === 'waiting' && before.reservedFor !== null && event.event.type === 'OfferMade') {
      const { offer } = event.event
      must(offer.agent === before.reservedFor.agent, 'a reserved caller was offered to another agent', text)
    }
    if (after.phase === 'talking') {
      must(this.#bridgedAt.has(event.id), 'talking without a bridge', text)
    }
    if (after.phase !== 'ended') return
    const counted = after.outcome === 'answered'
    must(counted === (after.answeredAt !== null), 'the outcome does not match the answer', text)
    must(!counted || this.#bridgedAt.has(event.id), 'answered without a conversation', text)
  }

  #agent(previous: AcdAgentEvent | undefined, event: AcdAgentEvent): void {
    const before = previous?.after
    const { after } = event
    const text = () => textOf(previous, event)
    const attempt = 'offer' in event.event && typeof event.event.offer === 'string' ? event.event.offer : null
    const present = before !== undefined && 'offer' in before ? before.offer.id : null
    must(attempt === null || attempt === present, 'an event of another offer was applied', text)
    if (before?.state === 'wrap-up' && event.event.type === 'DeadlinePassed' && after.state !== 'wrap-up') {
      must(event.at >= before.until, 'wrap-up was cut short', text)
    }
    // A supervisor who takes a caller over ends the wrap-up of the call before.
    if (before?.state === 'wrap-up' && event.event.type !== 'CallTaken') {
      must(after.state !== 'offered' && after.state !== 'talking', 'offered a call during wrap-up', text)
    }
    if (before?.state === 'talking' && (after.state === 'offered' || after.state === 'talking')) {
      must(before.call === after.call, 'taken from one call into another', text)
    }
    if (before !== undefined && before.state !== 'ready' && after.state === 'offered') {
      must(before.state === 'offered', 'offered a call without being ready', text)
    }
  }

  /** At the end, because it needs every event of the calls. */
  #checkWrapUps(events: readonly (AcdEvent | undefined)[]): void {
    for (const [index, event] of events.entries()) {
      const before = events[index - 1]
      if (event?.subject !== 'agent' || event.event.type !== 'CallEnded') continue
      if (before?.subject !== 'agent' || before.after.state !== 'talking') continue
      const isOfQueue = this.#wrapUps(before.after.call).has(event.event.wrapUpMs)
      must(isOfQueue, 'a wrap-up of another length', () => textOf(before, event))
    }
  }

  /** None, or that of a queue in which the call was. */
  #wrapUps(call: CallId): ReadonlySet<number> {
    const events = this.#events.get(`call ${call}`) ?? []
    const queues = events.flatMap((event) => (event?.subject === 'call' ? [event.after.queue] : []))
    const { rules, queues: all } = this.#scenario
    return new Set([
      0,
      ...queues.map((queue) => {
        const seconds = all.find(({ id }) => id === queue)?.wrapUpSeconds
        return seconds === undefined ? rules.wrapUpMs : seconds * 1_000
      }),
    ])
  }

  /**
   * At the end no event is missing, and every call ended once with its true outcome. If Redis lost nothing, its stream
   * alone must be complete.
   */
  close(
    calls: ReadonlyMap<CallId, { readonly arrived: boolean; readonly bridgedMs: number }>,
    /** How long each leg of an agent was in a bridge with others. */
    legsMs: ReadonlyMap<ChannelId, number>,
    { redisLost, recorded }: { readonly redisLost: boolean; readonly recorded: ReadonlySet<CallId> },
  ): void {
    if (!redisLost && !this.mayFork) this.#assertComplete()
    for (const event of this.#spooled.keys()) {
      const known = this.#events.get(keyOf(event)) ?? []
      // After a fork only the branch that the ACD continued is complete.
      if (!this.mayFork || (event.seq <= known.length && known[event.seq - 1] === undefined)) this.add(event)
    }
    this.#assertComplete()
    // With lost data the remaining checks do not apply.
    if (this.mayFork) return
    for (const events of this.#events.values()) this.#checkWrapUps(events)
    for (const [id, { arrived, bridgedMs }] of calls) {
      const events = this.#events.get(`call ${id}`)
      must(!arrived || events !== undefined, 'a call is not in the ledger', () => id)
      const last = events?.at(-1)
      if (last?.subject !== 'call') continue
      must(last.after.phase === 'ended', 'a call never ended', () => textOf(undefined, last))
      must(recorded.has(id), 'a recording was not handed over', () => textOf(undefined, last))
      const answered = last.after.phase === 'ended' && last.after.outcome === 'answered'
      must(answered || bridgedMs < surelyTalkedMs, 'a conversation was not recorded as answered', () =>
        textOf(undefined, last),
      )
      this.#assertLegs(last, legsMs)
    }
  }

  /** The legs on record are those that there were. */
  #assertLegs({ id, after }: AcdCallEvent, legsMs: ReadonlyMap<ChannelId, number>): void {
    const recorded = new Set([...after.legs, ...after.others].map((leg) => agentLegOf(leg.id)))
    for (const leg of recorded)
      must(this.#pickedUp.has(leg), 'a leg on record that was never picked up', () => leg)
    for (const [leg, ms] of legsMs) {
      const isOf = leg.startsWith(`leg-${id}-`)
      must(
        !isOf || ms < surelyTalkedMs || recorded.has(leg),
        'a leg that talked is not on record',
        () => `${leg} for ${ms} ms: ${JSON.stringify(after)}`,
      )
    }
  }

  #assertComplete(): void {
    for (const [key, events] of this.#events) {
      const missing = Array.from(events).findIndex((event) => event === undefined)
      const text = () => `${key} has no number ${missing + 1} of ${events.length}`
      must(missing === -1, 'an event is missing', text)
    }
  }
}

function offersOf(call: Call): ReadonlySet<string> {
  const offers = [
    ...('offer' in call ? [call.offer] : []),
    ...(call.consult === null ? [] : [call.consult.offer]),
    ...('external' in call ? [call.external] : []),
    ...call.supervisions.map(({ offer }) => offer),
  ]
  return new Set(offers.map(({ id }) => id))
}

/** The events after which a colleague is not consulted any more, without an end of their own leg. */
const endsConsult: ReadonlySet<CallEventType> = new Set([
  'TransferRequested',
  'ConsultCompleted',
  'ConsultCancelled',
  'SecondLineEnded',
  'CallTakenOver',
  'CallEndedBySupervisor',
  'AgentHungUp',
  'OfferEnded',
  'CallerHungUp',
  'CallerLost',
  'DeadlinePassed',
])

function checkBeside(before: Call, { event, after }: AcdCallEvent, text: () => string): void {
  const { consult, recordingPause } = before
  if (consult !== null && after.consult?.offer.id !== consult.offer.id) {
    const own = 'offer' in event && event.offer === consult.offer.id
    const serves =
      ('offer' in after && after.offer.id === consult.offer.id) ||
      ('external' in after && after.external.id === consult.offer.id)
    // With an idle line ends nobody's part who hears the agent by the other one.
    const isIdle = consult.secondLine?.isActive === false && ['room', 'side'].includes(consult.seat)
    const ends = endsConsult.has(event.type) && !(event.type === 'SecondLineEnded' && isIdle)
    must(own || serves || ends, 'a colleague was sent away for no reason', text)
  }
  const isOver = after.phase === 'ended' || after.phase === 'survey' || after.phase === 'transferring'
  if (!isOver)
    for (const { offer, mode, isUp } of before.supervisions) {
      const own = 'offer' in event && event.offer === offer.id
      const stays = after.supervisions.some((one) => one.offer.id === offer.id)
      must(
        own || stays || mode !== 'barge' || !isUp,
        'a supervisor who had joined was sent away for no reason',
        text,
      )
    }
  if (consult !== null && isExternal(consult.offer) && event.type !== 'TransferRequested')
    must(
      !('external' in after) || after.external.id === consult.offer.id,
      'a contact dialled twice for one caller',
      text,
    )
  if (recordingPause === null || after.recordingPause === null) return
  const goesOn = 'offer' in before && 'offer' in after && before.offer.agent === after.offer.agent
  must(goesOn, 'a pause of the recording outlived its agent', text)
}

const keyOf = (event: AcdEvent): string => `${event.subject} ${event.id}`

export const textOf = (previous: AcdEvent | undefined, event: AcdEvent): string =>
  `${JSON.stringify(previous?.after)}\n    ── ${event.seq} ${JSON.stringify(event.event)} at ${event.at} ──►\n    ${JSON.stringify(event.after)}`
