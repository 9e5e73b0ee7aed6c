/** Calls in every stage, made by the state machine itself, so that no test invents an impossible one. */
import { noWords } from '../../src/core/announcements/own-words.ts'
import { arrive, type Admission, type Arrival } from '../../src/core/call-arrival.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { step } from '../../src/core/call-step.ts'
import type { Stepped } from '../../src/core/steps/next.ts'
import type { Call, CallStage } from '../../src/core/call.ts'
import type { MenuTree } from '../../src/core/configuration/menu.ts'
import type { WhenClosed } from '../../src/core/configuration/schema.ts'
import type { Effect } from '../../src/core/effect.ts'
import type { External } from '../../src/core/contact.ts'
import {
  AgentId,
  bridgeOf,
  CallId,
  ContactId,
  OfferId,
  PbxName,
  PlaybackId,
  QueueId,
} from '../../src/core/ids.ts'
import { invariant } from '../../src/core/invariant.ts'
import type { Offer } from '../../src/core/offer.ts'
import { newQueue } from '../../src/core/queue.ts'
import type { Why } from '../../src/core/routing.ts'
import type { Rules } from '../../src/core/rules.ts'

export const rules: Rules = {
  answer: 'queue',
  greeting: true,
  wrapUpMs: 10_000,
  ringTimeoutMs: 20_000,
  lineLengthMax: 100,
  waitMaxMs: 600_000,
  closingGraceMs: 30_000,
  callOut: {
    allowed: ['+402', '+407'],
    allowedToSupervisors: [],
    agents: 'any',
    supervisors: 'any',
    perHour: 30,
    perHourAll: 300,
  },
  missedMax: 3,
  returningMs: 0,
  // Not the setting's default.
  reconnectMs: 7_000,
  callbackAgainMs: 900_000,
  voicemailMaxMs: 180_000,
}
export const queue = newQueue(QueueId('city'), 'Primărie')
export const t0 = Date.UTC(2026, 10, 24, 9)
export const id = CallId('pbx1-1.1')
export const channel = 'pbx1-1.1'
/** Two menus, one below the other. */
export const tree: MenuTree = {
  first: 'welcome',
  menus: {
    welcome: {
      sounds: { ro: 'salut', en: 'welcome' },
      keys: {
        '1': { queue: QueueId('taxes'), priority: 5 },
        '2': { menu: 'taxes' },
        '9': { language: 'en' },
      },
      repeats: 1,
    },
    taxes: { sounds: { ro: 'taxe' }, keys: { '*': { back: true } }, repeats: 0 },
  },
}
export const closed: Admission = {
  opening: { open: false, opensAt: t0 + 3_600_000, closedAt: t0 - 3_600_000 },
  waiting: 0,
  dismissing: 0,
}
export const open: Admission = { opening: { open: true, closesAt: null }, waiting: 0, dismissing: 0 }

export function arrival(change: Partial<Arrival> = {}): Arrival {
  return {
    id,
    pbx: PbxName('pbx1'),
    line: '969',
    caller: { number: '+40256100200', name: null },
    queue,
    menu: null,
    closed: 'message',
    answer: null,
    closingGraceMs: null,
    words: noWords,
    arrivedAt: t0 - 50,
    queuedAt: null,
    speaks: false,
    answered: false,
    callback: null,
    block: null,
    ...change,
  }
}

export function offerTo(agent: string, name: string, madeAt = t0): Offer {
  return { id: OfferId(name), agent: AgentId(agent), device: 'web', madeAt, expiresAt: madeAt + 23_000 }
}
export const ana = offerTo('ana', 'o1')
export const anaAgain = offerTo('ana', 'o2')
export const ion = offerTo('ion', 'o3')

export const why = (offer: Offer): Why => ({
  call: id,
  agent: offer.agent,
  skill: 'city',
  level: 1,
  waitedMs: 0,
  idleMs: 0,
  waiting: 1,
  candidates: 1,
})

/** An attempt to reach the civil status office. */
export const registry: External = {
  id: OfferId('x1'),
  contact: {
    id: ContactId('registry'),
    name: 'Stare civilă',
    number: '+40256408300',
    language: null,
  },
  madeAt: t0,
  expiresAt: t0 + 45_000,
}

/** The events that lead from an arrival to each stage. */
export const wayTo: Record<
  Exclude<CallStage, 'dismissing' | 'ended' | 'promised' | 'summoning' | 'dialling'>,
  readonly CallEvent[]
> = {
  greeting: [],
  menu: [greeted()],
  waiting: [greeted()],
  ringing: [greeted(), offered(ana)],
  connecting: [greeted(), offered(ana), answered(ana)],
  talking: [greeted(), offered(ana), answered(ana), bridged(ana)],
  held: [
    greeted(),
    offered(ana),
    answered(ana),
    bridged(ana),
    { type: 'HoldRequested', offer: ana.id, by: 'desk' },
  ],
  closed: [],
  voicemail: [],
  reconnecting: [greeted(), offered(ana), answered(ana), bridged(ana), lost(ana)],
  survey: [
    greeted(),
    offered(ana),
    answered(ana),
    bridged(ana),
    { type: 'AgentHungUp', offer: ana.id, survey: true },
  ],
  transferring: [greeted(), offered(ana), answered(ana), bridged(ana), sentOut()],
  transferred: [
    greeted(),
    offered(ana),
    answered(ana),
    bridged(ana),
    sentOut(),
    { type: 'AgentAnswered', offer: registry.id },
  ],
}

export function sentOut(): CallEvent {
  const to = { contact: registry.contact.id }
  return { type: 'TransferRequested', offer: ana.id, to, external: registry }
}
export function greeted(): CallEvent {
  return { type: 'PlaybackEnded', playback: PlaybackId(`greeting-${id}`) }
}
export function offered(offer: Offer): CallEvent {
  return { type: 'OfferMade', offer, why: why(offer) }
}
export function answered(offer: Offer): CallEvent {
  return { type: 'AgentAnswered', offer: offer.id }
}
export function bridged(offer: Offer): CallEvent {
  return { type: 'Bridged', bridge: bridgeOf(offer.id) }
}
export function lost(offer: Offer): CallEvent {
  return { type: 'AgentLegLost', offer: offer.id, cause: 'no audio' }
}

/** Steps through the events, a second apart, and answers the last step. */
export function run(call: Call, events: readonly CallEvent[], from = t0, by: Rules = rules): Stepped {
  let stepped: Stepped = { call, effects: [], agents: [] }
  events.forEach((event, index) => {
    stepped = step(stepped.call, event, from + 1_000 * (index + 1), by)
  })
  return stepped
}

export type CallIn<Of extends CallStage> = Extract<Call, { phase: Of }>

/** A call in this stage; `since` is a whole second after `t0`. */
export function callIn<Of extends keyof typeof wayTo>(phase: Of, by: Rules = rules): CallIn<Of> {
  const menu = phase === 'menu' ? tree : null
  const mayDo: WhenClosed = phase === 'voicemail' ? 'voicemail' : phase === 'closed' ? 'callback' : 'message'
  const admission = mayDo === 'message' ? open : closed
  const { call } = run(arrive(arrival({ menu, closed: mayDo }), admission, t0, by).call, wayTo[phase], t0, by)
  return as(call, phase)
}

export function as<Of extends CallStage>(call: Call, phase: Of): CallIn<Of> {
  invariant(call.phase === phase, `${call.phase} instead of ${phase}`)
  return call as CallIn<Of>
}

/** The effects in short: `HangUp offer-o1`. */
export const inShort = (effects: readonly Effect[]): string[] =>
  effects.map((effect) => {
    if (effect.do === 'RingAgent') return `RingAgent ${effect.offer}${effect.autoAnswer ? ' by itself' : ''}`
    if (effect.do === 'Play') return `Play ${effect.prompt.say}`
    if (effect.do === 'Mute') return `${effect.muted ? 'Mute' : 'Unmute'} ${effect.channel}`
    if ('bridge' in effect) return `${effect.do} ${effect.bridge}`
    return 'channel' in effect ? `${effect.do} ${effect.channel}` : effect.do
  })
