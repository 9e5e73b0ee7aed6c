/** Translates events of the PBX into events of calls and agents. */
import type { Logger } from 'pino'
import type { AgentEvent } from '../core/agent-event.ts'
import type { Admission, Arrival } from '../core/call-arrival.ts'
import type { CallEvent, CallFailure } from '../core/call-event.ts'
import type { Dialling, LiveCall, Reconnecting, Ringing, Summoning } from '../core/call.ts'
import {
  CallId,
  callerLegOf,
  callOfCaller,
  callOfPlayback,
  isOutbound,
  offerOfBridge,
  offerOfLeg,
  type AgentId,
  type ChannelId,
  type Millis,
  type OfferId,
} from '../core/ids.ts'
import { isExternal, type External } from '../core/contact.ts'
import type { Device, Offer, OfferEnd } from '../core/offer.ts'
import type { SecondLine } from './desk/second-line.ts'
import type { TransferAsked } from './desk/transfer.ts'
import type { Conductor } from './conductor.ts'
import { agentHungUp, type SurveyDeps } from './announcements/survey.ts'
import { isAskedWhileClosed, meaningOf } from './callbacks/by-key.ts'
import { placeFor } from './callbacks/on-line.ts'
import type { PromisableDeps } from './callbacks/promisable.ts'
import { menuKeyEvent } from './queues/message-by-key.ts'
import { callerFrom } from '../core/phone-number.ts'
import { heardWords, noWords } from '../core/announcements/own-words.ts'
import type { Clock, LegEnd, Pbx, PbxEvent } from './ports.ts'
import { DeadHeldPhones } from './dead-held-phones.ts'

export interface PbxEventHandlerDeps extends PromisableDeps, Pick<SurveyDeps, 'hasSound'> {
  readonly conductor: Conductor
  readonly pbx: Pbx
  readonly clock: Clock
  readonly admission: (number: string) => Admission
  /** False: refused. */
  readonly transferAsked: (asked: TransferAsked) => boolean
  readonly secondLine: (line: SecondLine) => void
  readonly log: Logger
}

type HandledEvent = Exclude<PbxEvent, { type: 'Connected' | 'Disconnected' | 'Replaced' }>
export type CallArrived = Extract<PbxEvent, { type: 'CallArrived' }>

/** No caller has been on the line for longer. */
const presentMaxMs = 86_400_000
/** A phone that hangs up so soon after its refused transfer key is rung again: some do so by themselves. */
const refusedMs = 5_000

export class PbxEventHandler {
  readonly #deps: PbxEventHandlerDeps

  readonly #deadHeldPhones: DeadHeldPhones

  /** When the transfer key of an agent's leg was refused, by the monotonic clock. */
  readonly #refused = new Map<ChannelId, number>()

  constructor(deps: PbxEventHandlerDeps) {
    this.#deps = deps
    this.#deadHeldPhones = new DeadHeldPhones(deps)
  }

  /** Called each second: finds legs that are dead without an event. */
  sweep(): void {
    for (const { id, offer } of this.#deadHeldPhones.gone())
      void this.#deps.conductor.apply(id, { type: 'AgentLegLost', offer: offer.id, cause: 'phone gone' })
  }

  handle(event: HandledEvent): void {
    const { conductor, acdState } = this.#deps
    switch (event.type) {
      case 'CallArrived':
        return this.callArrived(event, false)
      case 'CallerTaken':
        return acdState.call(callOfCaller(event.channel)) === undefined
          ? undefined
          : acdState.detach(callOfCaller(event.channel))
      case 'LegUp':
        return this.#legUp(event.channel)
      case 'CallerUp':
        return this.#callerUp(event.channel)
      case 'LegGone':
        return this.#legGone(event.channel, event.end)
      case 'PlaybackEnded':
        void conductor.apply(callOfPlayback(event.playback), event)
        return undefined
      case 'KeyPressed': {
        const caller = callOfCaller(event.channel)
        const call = acdState.call(caller)?.value
        // Elsewhere a key means nothing to us, and is not kept.
        if (call?.phase === 'menu') void conductor.apply(caller, menuKeyEvent(call, event.key, this.#deps))
        if (call?.phase === 'survey' || call?.phase === 'voicemail')
          void conductor.apply(caller, { type: event.type, key: event.key })
        if (call?.phase === 'closed' || (call?.phase === 'waiting' && call.question !== null))
          void conductor.apply(caller, meaningOf(call, event.key, this.#deps))
        return undefined
      }
      case 'BridgeFull': {
        const offer = offerOfBridge(event.bridge)
        const call = offer === null ? undefined : acdState.callOfOffer(offer)
        if (call !== undefined) void conductor.apply(call, { type: 'Bridged', bridge: event.bridge })
        return undefined
      }
      case 'LegHeld':
        return this.#legHeld(event.channel, event.held)
      case 'TransferAsked':
        return this.#transferAsked(event)
      case 'SecondLine':
        return this.#deps.secondLine(event)
      case 'PhoneChanged':
        return this.#phoneChanged(event)
      case 'OwnCallsChanged':
        return this.#ofAgent(event.username, { type: event.type, ownCalls: event.ownCalls })
      case 'EmergencyDialled':
        return this.#ofAgent(event.username, { type: event.type, device: event.device, at: event.at })
    }
  }

  /** `wasWaiting`: found in the application without a state here, so the caller has waited since the arrival. */
  callArrived(event: CallArrived, wasWaiting: boolean): void {
    const { conductor, acdState, directory, admission, hasSound } = this.#deps
    const known = acdState.call(event.call)?.value
    if (known !== undefined) {
      // Back from the fallback queue: the place is kept, but the music has stopped.
      const announcement = 'announcement' in known ? known.announcement : null
      if (announcement === null && withMusic.includes(known.phase)) {
        const { id, queue } = known
        void conductor.perform(id, [{ do: 'StartMusic', channel: callerLegOf(id), queue }])
      }
      // The prompt has stopped as well. A caller who has waited meanwhile is not asked again and keeps the place; for one
      // who has not, a menu follows after the time for a key. Of a caller who was not away the event has come twice, and
      // the prompt goes on.
      const wasAway = event.queuedAt !== null || acdState.isDetached(known.id)
      if (wasAway && announcement !== null)
        void conductor.apply(known.id, { type: 'PlaybackEnded', playback: announcement.playback })
      if (
        wasAway &&
        (known.phase === 'greeting' ||
          known.phase === 'menu' ||
          known.phase === 'survey' ||
          known.phase === 'closed' ||
          known.phase === 'voicemail')
      ) {
        const since = event.queuedAt === null ? {} : { queuedAt: this.#acdTime(event.queuedAt) }
        void conductor.apply(known.id, { type: 'PlaybackEnded', playback: known.playback, ...since })
      }
      conductor.returned(known.id)
      return
    }
    if (isOutbound(event.call)) {
      // A citizen whom we called: without a state there is no agent who would know why.
      void conductor.perform(event.call, [{ do: 'HangUp', channel: callerLegOf(event.call), as: 'normal' }])
      return
    }
    const arrivedAt = this.#acdTime(event.arrivedAt)
    const queuedAt = event.queuedAt === null ? null : this.#acdTime(event.queuedAt)
    const speaks = event.speaks === true
    const caller = callerFrom(event.callerNumber, event.callerName)
    const number = directory.numbers().find((one) => one.number === event.line)
    const queue = directory.queueOf(event.line)
    const asked = {
      id: event.call,
      pbx: event.pbx,
      caller,
      queue: queue.id,
      overflowedFrom: null,
      queuedAt: null,
    }
    const closed = number?.closed ?? 'message'
    const arrival: Arrival = {
      id: event.call,
      pbx: event.pbx,
      line: event.line,
      caller,
      queue,
      menu: directory.menuOf(event.line),
      closed: closed === 'callback' && !isAskedWhileClosed(asked, queue, this.#deps) ? 'message' : closed,
      answer: number?.answer ?? null,
      closingGraceMs: number?.closingGraceMs ?? null,
      words: heardWords(number?.words ?? noWords, hasSound),
      arrivedAt,
      queuedAt: queuedAt ?? (wasWaiting && !speaks ? arrivedAt : null),
      speaks,
      answered: event.answered || event.queuedAt !== null,
      callback: placeFor(caller.number, acdState),
      // Of the arrival: a block that was added while the caller waited elsewhere is not for this call.
      block: directory.blockOf(caller.number, arrivedAt),
    }
    void conductor.arrive(arrival, admission(event.line))
  }

  /** A time of Asterisk's clock, which is the machine's. Where it has been set meanwhile, the caller comes now. */
  #acdTime(at: Millis): Millis {
    const { clock } = this.#deps
    const agoMs = clock.wall() - at
    return agoMs < 0 || agoMs > presentMaxMs ? clock.now() : clock.now() - agoMs
  }

  #ofAgent(username: string, event: AgentEvent): void {
    const agent = this.#deps.directory.agentByUsername(username)
    if (agent !== undefined) void this.#deps.conductor.applyAgent(agent.id, event)
  }

  #callOf(offer: OfferId): CallId | undefined {
    return this.#deps.acdState.callOfOffer(offer)
  }

  #legUp(channel: ChannelId): void {
    const offer = offerOfLeg(channel)
    const call = offer === null ? undefined : this.#callOf(offer)
    if (offer !== null && call !== undefined) {
      void this.#deps.conductor.apply(call, { type: 'AgentAnswered', offer })
      return
    }
    // A late answer: the call had ended while the agent's 200 OK was on the wire.
    void this.#deps.conductor.perform(CallId(channel), [{ do: 'HangUp', channel, as: 'normal' }])
  }

  #callerUp(channel: ChannelId): void {
    const { conductor, acdState } = this.#deps
    const call = callOfCaller(channel)
    // A late answer: the agent gave up while the citizen's was on the wire.
    void (acdState.call(call) === undefined
      ? conductor.perform(call, [{ do: 'HangUp', channel, as: 'normal' }])
      : conductor.apply(call, { type: 'CallerAnswered' }))
  }

  #legGone(channel: ChannelId, end: LegEnd): void {
    const { conductor, acdState, clock } = this.#deps
    const offer = offerOfLeg(channel)
    const ofLine = this.#onSecondLine(channel)
    if (ofLine !== null) {
      // A phone that is lost has lost both of its lines, and one on hold ends by no sound.
      const event: CallEvent =
        end === 'no audio'
          ? { type: 'AgentLegLost', offer: ofLine.offer, cause: end }
          : { type: 'SecondLineEnded', offer: ofLine.offer }
      void conductor.apply(ofLine.id, event)
      return
    }
    if (offer === null) {
      const caller = callOfCaller(channel)
      // One who has hung up had picked up, and heard the announcement.
      if (acdState.call(caller)?.value.phase === 'dialling' && end !== 'hung up') {
        void conductor.apply(caller, { type: 'CallerUnreached', why: failureOf(end) })
        return
      }
      // The fallback queue had the caller: whether an agent talked with them there is not known here.
      const isElsewhere = acdState.isDetached(caller) && !conductor.isBroken(caller)
      const event: CallEvent = isElsewhere
        ? { type: 'CallerLost', unwitnessed: true }
        : { type: 'CallerHungUp' }
      void conductor.apply(caller, event)
      return
    }
    const refusedAt = this.#refused.get(channel)
    this.#refused.delete(channel)
    const id = this.#callOf(offer)
    const call = id === undefined ? undefined : acdState.call(id)?.value
    if (id === undefined || call === undefined) return
    if (rings(call, offer)) {
      void conductor.apply(id, { type: 'OfferEnded', offer, end: offerEndOf(end) })
    } else if (end === 'no audio' || (acdState.isDetached(id) && !conductor.isBroken(id))) {
      // The watchdog ends the agent's leg when it takes a held caller; neither side has hung up.
      const cause = end === 'no audio' ? end : 'restart'
      void conductor.apply(id, { type: 'AgentLegLost', offer, cause })
    } else if (serves(call, offer) && refusedAt !== undefined && clock.monotonic() - refusedAt < refusedMs) {
      // The phone, or the agent, took the transfer for done: the caller must not be lost by it.
      void conductor.apply(id, { type: 'AgentLegLost', offer, cause: 'phone gone' })
    } else {
      void conductor.apply(id, agentHungUp(id, offer, this.#deps))
    }
  }

  /** The call in which this is the serving agent's second line now, and that agent's offer. */
  #onSecondLine(channel: ChannelId): { readonly id: CallId; readonly offer: OfferId } | null {
    const { acdState } = this.#deps
    const id = acdState.callOfSecondLine(channel)
    const call = id === undefined ? undefined : acdState.call(id)?.value
    if (call === undefined || !('offer' in call) || call.consult?.secondLine?.channel !== channel) return null
    return { id: call.id, offer: call.offer.id }
  }

  #legHeld(channel: ChannelId, held: boolean): void {
    const ofLine = this.#onSecondLine(channel)
    if (ofLine !== null) {
      const { id, offer } = ofLine
      void this.#deps.conductor.apply(id, { type: 'SecondLineHeld', offer, held })
      return
    }
    const offer = offerOfLeg(channel)
    const call = offer === null ? undefined : this.#callOf(offer)
    if (offer === null || call === undefined) return
    const event: CallEvent = held
      ? { type: 'HoldRequested', offer, by: 'phone' }
      : { type: 'ResumeRequested', offer, by: 'phone' }
    void this.#deps.conductor.apply(call, event)
  }

  #transferAsked(asked: TransferAsked): void {
    if (this.#deps.transferAsked(asked)) return
    // A phone that takes the transfer for done hangs up both of its lines.
    for (const channel of [asked.channel, asked.other])
      if (channel !== null && offerOfLeg(channel) !== null)
        this.#refused.set(channel, this.#deps.clock.monotonic())
  }

  #phoneChanged(event: Extract<PbxEvent, { type: 'PhoneChanged' }>): void {
    const { directory, acdState, conductor } = this.#deps
    const agent = directory.agentByUsername(event.username)
    if (agent === undefined) return
    const phones = acdState.agent(agent.id)?.value.phones
    const desk = event.device === 'desk' ? event.reachable : phones?.desk === true
    const web = event.device === 'web' ? event.reachable : phones?.web === true
    void conductor.applyAgent(agent.id, { type: 'PhonesChanged', desk, web })
    if (!event.reachable) {
      this.#endRinging(agent.id, event.device)
      this.#deadHeldPhones.phoneLost(agent.id, event.device)
    }
  }

  /**
   * Ends the ringing of a phone that has gone: Asterisk would ring a reloaded page until its ring timer, and a citizen
   * who is called from a closed page would pick up to nobody. A desk phone that is slow to answer a qualify may still ring.
   */
  #endRinging(agent: AgentId, device: Device): void {
    for (const { value: call } of this.#deps.acdState.calls()) {
      for (const beside of ringingBeside(call))
        if (!isExternal(beside) && beside.agent === agent && beside.device === device && device === 'web')
          void this.#deps.conductor.apply(call.id, {
            type: 'OfferEnded',
            offer: beside.id,
            end: 'unreachable',
          })
      if (!isAttempt(call)) continue
      const { offer } = call
      if (offer.agent !== agent || offer.device !== device) continue
      if ((call.phase === 'ringing' || call.phase === 'summoning') && device === 'web') {
        void this.#deps.conductor.apply(call.id, { type: 'OfferEnded', offer: offer.id, end: 'unreachable' })
      } else if (
        call.phase === 'dialling' ? device === 'web' : call.phase === 'reconnecting' && call.invited
      ) {
        void this.#deps.conductor.apply(call.id, {
          type: 'AgentLegLost',
          offer: offer.id,
          cause: 'phone gone',
        })
      }
    }
  }
}

/** The stages of a caller whom the fallback queue may give back, and who hears our music then. */
const withMusic: readonly LiveCall['phase'][] = ['waiting', 'ringing', 'reconnecting', 'transferring']
/** The stages in which somebody is rung who is not beside the stage. */
const rung: readonly LiveCall['phase'][] = ['ringing', 'summoning', 'reconnecting', 'transferring']

/** Whether the phone of this leg has not been picked up. */
const rings = (call: LiveCall, offer: OfferId): boolean =>
  ringingBeside(call).some(({ id }) => id === offer) || (rung.includes(call.phase) && !isBeside(call, offer))

const serves = (call: LiveCall, offer: OfferId): boolean => 'offer' in call && call.offer.id === offer

const isBeside = ({ consult, supervisions }: LiveCall, id: OfferId): boolean =>
  consult?.offer.id === id || supervisions.some(({ offer }) => offer.id === id)

/** The attempts at colleagues, supervisors and an external party whose phones ring. */
const ringingBeside = ({ consult, supervisions }: LiveCall): readonly (Offer | External)[] => [
  ...(consult?.seat === 'ringing' ? [consult.offer] : []),
  ...supervisions.flatMap(({ offer, isUp }) => (isUp ? [] : [offer])),
]

/** Whether one side does not hear the other one yet, or again. */
const isAttempt = (call: LiveCall): call is Ringing | Summoning | Dialling | Reconnecting =>
  ['ringing', 'summoning', 'dialling', 'reconnecting'].includes(call.phase)

/** Why the citizen's phone was not picked up. */
function failureOf(end: LegEnd): CallFailure {
  switch (end) {
    case 'busy':
      return 'busy'
    // By the citizen, or by the provider: the cause is the same.
    case 'declined':
      return 'rejected'
    case 'no answer':
    case 'did not ring':
      return 'no answer'
    case 'unreachable':
      return 'unreachable'
    case 'hung up':
    case 'no audio':
    case 'failed':
      return 'failed'
  }
}

function offerEndOf(end: LegEnd): OfferEnd {
  switch (end) {
    case 'busy':
      return 'busy'
    case 'hung up':
    case 'declined':
      return 'declined'
    case 'no answer':
    case 'did not ring':
      return end
    case 'unreachable':
    case 'no audio':
    case 'failed':
      return 'unreachable'
  }
}
