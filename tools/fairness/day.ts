/** Runs one day: what callers, citizens and agents do, and the checks after each change. */
import { noWords } from '../../src/core/announcements/own-words.ts'
import type { Agent } from '../../src/core/agent.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import type { Call, LiveCall } from '../../src/core/call.ts'
import { AgentId, type CallId, type Millis } from '../../src/core/ids.ts'
import type { AgentProfile } from '../../src/core/queue.ts'
import { invariant } from '../../src/core/invariant.ts'
import { Agenda } from './agenda.ts'
import { Engagement } from './checks/engagement.ts'
import { checkEstimate, toldTo, type Told } from './checks/estimates.ts'
import { lookMs, Order } from './checks/order.ts'
import { Callers, type Tracked } from './checks/callers.ts'
import { Violations, type Broken } from './checks/violations.ts'
import { Line, type Observer } from './line.ts'
import { closesAt, opensAt, pbx, type Day, type DayAgent, type DayCaller } from './scenario.ts'

export interface DayResult {
  readonly broken: readonly Broken[]
  readonly callers: readonly Tracked[]
  readonly told: readonly Told[]
  readonly decisions: number
  /** Of `Order`. */
  readonly latestShare: number
  readonly latestMs: Millis
}

const supervisor = AgentId('supervisor')
const readingMs = 5_000
const questionMs = 7_000
const keyMs = 4_000
const bridgingMs = 300
const citizenPicksUpMs = 12_000
const citizenRingsMs = 30_000
/** An agent who was paused after offers that they missed is back. */
const backMs = 60_000
/** How often the owner looks although nothing is due. */
const idleLookMs = 60_000
/** By then the last conversation is over. */
const afterClosingMs = 2 * 3_600_000

export function runDay(day: Day): DayResult {
  const running = new RunningDay(day)
  running.run()
  return running.result()
}

class RunningDay implements Observer {
  readonly #day: Day
  readonly #agenda = new Agenda(opensAt)
  readonly #line: Line
  readonly #violations = new Violations()
  readonly #callers: Callers
  readonly #order: Order
  readonly #engagement: Engagement
  readonly #profiles: ReadonlyMap<AgentId, AgentProfile>
  /** The times that are planned. */
  readonly #looks = new Set<Millis>()

  constructor(day: Day) {
    this.#day = day
    this.#callers = new Callers(day)
    this.#order = new Order(this.#callers, this.#violations, day.rules)
    const profiles = day.agents.map(({ profile }) => profile)
    this.#profiles = new Map(profiles.map((profile) => [profile.id, profile]))
    this.#engagement = new Engagement(profiles, this.#violations)
    this.#line = new Line(day, this.#agenda, this)
  }

  run(): void {
    for (const agent of this.#day.agents) this.#planShift(agent)
    this.#planArrival(0)
    this.#agenda.at(opensAt, () => this.#lookAgain())
    this.#agenda.run(closesAt + afterClosingMs)
    for (const tracked of this.#callers.all()) this.#checkEnd(tracked)
  }

  result(): DayResult {
    const callers = [...this.#callers.all()]
    const { latestShare, latestMs } = this.#order
    const told = callers.flatMap((tracked) => toldTo(tracked))
    const broken = this.#violations.all()
    return { broken, callers, told, decisions: this.#line.decisions, latestShare, latestMs }
  }

  callChanged(before: LiveCall | null, event: CallEvent, after: Call): void {
    const { now } = this.#agenda
    if (event.type === 'OfferMade') {
      const agent = this.#profiles.get(event.offer.agent)
      invariant(agent !== undefined, 'an offer to nobody')
      this.#order.checkOffer(this.#callers.of(after.id), agent, now)
    }
    const tracked = this.#callers.changed(before, event, after, now)
    this.#engagement.callChanged(before, after)
    if (event.type === 'AnnouncementMade' && event.announcement.estimate !== null)
      checkEstimate(this.#callers, tracked, event.announcement.estimate, now, this.#violations)
    this.#planLooks(tracked, event, after)
    this.#plan(tracked, before, event, after)
  }

  agentChanged(agent: Agent): void {
    const { now } = this.#agenda
    this.#engagement.agentChanged(agent, now)
    const { id } = agent
    if (agent.state === 'wrap-up') {
      const { until } = agent
      const done = agent.call === null ? until : now + this.#callers.of(agent.call).caller.wrapUpMs
      if (done < until) this.#agenda.at(done, () => this.#line.applyAgent(id, { type: 'WrapUpEnded' }))
      this.#agenda.at(until, () => this.#line.applyAgent(id, { type: 'DeadlinePassed' }))
    } else if (agent.state === 'ready' && agent.notBefore > now)
      this.#agenda.at(agent.notBefore, () => this.#line.rested(id))
    else if (agent.state === 'paused' && agent.reason === 'missed')
      this.#agenda.after(backMs, () => this.#line.applyAgent(id, { type: 'ReadyRequested' }))
  }

  #planShift({ profile: { id }, from, until, pauses }: DayAgent): void {
    const line = this.#line
    this.#agenda.at(from, () => {
      line.applyAgent(id, { type: 'PhonesChanged', desk: true, web: false })
      line.applyAgent(id, { type: 'SignedIn' })
      line.applyAgent(id, { type: 'ReadyRequested' })
    })
    for (const { at, ms } of pauses) {
      this.#agenda.at(at, () => line.applyAgent(id, { type: 'PauseRequested', reason: 'break' }))
      this.#agenda.at(at + ms, () => line.applyAgent(id, { type: 'ReadyRequested' }))
    }
    // Nobody leaves while callers of before closing time wait.
    const leaves = until === closesAt ? closesAt + this.#day.rules.closingGraceMs : until
    this.#agenda.at(leaves, () => line.applyAgent(id, { type: 'SignedOut' }))
  }

  /** One at a time, so that the agenda stays short. */
  #planArrival(index: number): void {
    const caller = this.#day.callers[index]
    if (caller === undefined) return
    this.#agenda.at(caller.at, () => {
      this.#planArrival(index + 1)
      this.#call(caller)
    })
  }

  #call({ id, number, queue, at }: DayCaller): void {
    this.#line.arrive({
      id,
      pbx,
      line: '969',
      caller: { number, name: null },
      queue,
      menu: null,
      arrivedAt: at,
      closed: 'message',
      answer: null,
      closingGraceMs: null,
      words: noWords,
      queuedAt: null,
      speaks: false,
      answered: false,
      callback: null,
      block: null,
    })
  }

  #look(): void {
    // Nothing is looked after that concerns nobody who waits.
    if (this.#callers.waiting.size > 0) {
      this.#line.look()
      this.#engagement.checkIdle(this.#callers, this.#agenda.now)
    }
  }

  /** The next look at or after this time, of those that the owner has each second. */
  #lookBy(at: Millis): void {
    const next = Math.ceil(at / lookMs) * lookMs
    if (this.#looks.has(next)) return
    this.#looks.add(next)
    this.#agenda.at(next, () => {
      this.#looks.delete(next)
      this.#look()
    })
  }

  #lookAgain(): void {
    this.#lookBy(this.#agenda.now)
    this.#agenda.after(idleLookMs, () => this.#lookAgain())
  }

  /** When the owner will have something to do for this caller. */
  #planLooks({ caller, dueFrom, phase }: Tracked, event: CallEvent, after: Call): void {
    const { now } = this.#agenda
    if (phase === 'promised') this.#lookBy(Math.max(dueFrom, now))
    if (after.phase !== 'waiting') return
    const { announce, callback, overflow } = this.#callers.of(after.id).queue
    const lookAfter = (from: Millis, seconds: number | undefined): void => {
      if (seconds !== undefined && from + seconds * 1_000 >= now) this.#lookBy(from + seconds * 1_000)
    }
    if (event.type === 'AnnouncementMade') lookAfter(now, announce?.everySeconds)
    if (event.type !== 'CallArrived' && event.type !== 'CallOverflowed') return
    lookAfter(now, announce?.firstAfterSeconds)
    lookAfter(caller.at, callback?.afterSeconds)
    lookAfter(caller.at, overflow?.afterSeconds)
    if (overflow?.whenWaiting !== undefined) this.#lookBy(now)
  }

  /** What follows from the change by itself. */
  #plan(tracked: Tracked, before: LiveCall | null, event: CallEvent, after: Call): void {
    const { id } = after
    const { caller } = tracked
    const apply = (waitMs: Millis, then: CallEvent): void =>
      this.#agenda.after(waitMs, () => void this.#line.apply(id, then))
    if (event.type === 'CallArrived' && after.phase === 'waiting') this.#planImpatience(caller)
    if (event.type === 'OfferMade') this.#planAnswer(tracked, event.offer.id, apply)
    this.#planPrompt(caller, event, after, apply)
    if (before?.phase === after.phase) return
    if (after.phase === 'waiting')
      apply(Math.max(0, after.waitUntil - this.#agenda.now), { type: 'DeadlinePassed' })
    else if (after.phase === 'connecting') apply(bridgingMs, { type: 'Bridged', bridge: after.room })
    else if (after.phase === 'talking') apply(caller.talkMs, { type: 'CallerHungUp' })
    else if (after.phase === 'dismissing') apply(readingMs, { type: 'CallerHungUp' })
    else if (after.phase === 'dialling') {
      const isInVain = tracked.inVainLeft > 0
      tracked.inVainLeft -= 1
      if (isInVain) apply(citizenRingsMs, { type: 'CallerUnreached', why: 'no answer' })
      else apply(citizenPicksUpMs, { type: 'CallerAnswered' })
    }
  }

  #planImpatience({ id, patienceMs, movedAfterMs }: DayCaller): void {
    if (patienceMs < Infinity) this.#agenda.after(patienceMs, () => this.#loseHeart(id))
    if (movedAfterMs === Infinity) return
    this.#agenda.after(movedAfterMs, () => {
      const call = this.#line.acdState.call(id)?.value
      if (call?.phase === 'waiting')
        void this.#line.apply(id, { type: 'CallMoved', queue: call.queue, toFront: true, by: supervisor })
    })
  }

  #loseHeart(id: CallId): void {
    const phase = this.#line.acdState.call(id)?.value.phase
    if (phase === 'waiting' || phase === 'ringing') void this.#line.apply(id, { type: 'CallerHungUp' })
  }

  #planAnswer(
    tracked: Tracked,
    offer: Extract<CallEvent, { type: 'OfferEnded' }>['offer'],
    apply: (waitMs: Millis, then: CallEvent) => void,
  ): void {
    const isMissed = tracked.missesLeft > 0
    tracked.missesLeft -= 1
    if (isMissed) apply(this.#day.rules.ringTimeoutMs, { type: 'OfferEnded', offer, end: 'no answer' })
    else apply(tracked.caller.pickUpMs, { type: 'AgentAnswered', offer })
  }

  /** The end of what the caller hears, and the keys that they press. */
  #planPrompt(
    { wantsCallback }: DayCaller,
    event: CallEvent,
    after: Call,
    apply: (waitMs: Millis, then: CallEvent) => void,
  ): void {
    if (after.phase !== 'waiting') return
    const { id, announcement, question } = after
    const isQuestion = event.type === 'CallerAsked' || (event.type === 'KeyPressed' && question !== null)
    if (announcement !== null && (isQuestion || event.type === 'AnnouncementMade'))
      apply(isQuestion ? questionMs : readingMs, { type: 'PlaybackEnded', playback: announcement.playback })
    if (event.type === 'PlaybackEnded' && question !== null)
      apply(question.until - this.#agenda.now, { type: 'DeadlinePassed' })
    if (!isQuestion || !wantsCallback) return
    this.#agenda.after(keyMs, () => {
      const call = this.#line.acdState.call(id)?.value
      if (call?.phase === 'waiting' && call.question !== null)
        this.#line.pressKey(call, call.question.awaits === 'interest' ? '2' : '1')
    })
  }

  /** After closing time nobody is left on the line, and each callback was made, was tried often enough, or stands. */
  #checkEnd({ caller, phase, promisedAt, servedAt, attempts }: Tracked): void {
    const isGone = phase === 'ended' || phase === 'promised'
    this.#violations.must(isGone, 'a caller was left on the line', () => `${caller.id}: ${phase}`)
    const isKept = promisedAt === null || servedAt !== null || phase === 'promised' || attempts === 3
    this.#violations.must(isKept, 'a callback was lost', () => caller.id)
  }
}
