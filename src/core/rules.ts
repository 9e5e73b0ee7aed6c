/** The settings of the ACD, times in milliseconds. Values come from `config.ts`. */
import type { AnswerAt } from './configuration/schema.ts'
import type { Queue } from './queue.ts'

export interface Rules {
  /** Of numbers that do not say it themselves. */
  readonly answer: AnswerAt
  readonly greeting: boolean
  /** After calls of queues that do not say it themselves. */
  readonly wrapUpMs: number
  readonly ringTimeoutMs: number
  readonly lineLengthMax: number
  readonly waitMaxMs: number
  /** Of numbers that do not say it themselves. */
  readonly closingGraceMs: number
  /** Of a configuration without rules of its own (`callOutRules`). */
  readonly callOut: CallOutRules
  /** Offers missed in a row before the agent is paused. */
  readonly missedMax: number
  /** How long after a call a caller who rings again gets the same agent, if that one is free; 0: never. */
  readonly returningMs: number
  /** How long a caller waits for the agent whose leg was lost. */
  readonly reconnectMs: number
  /** How long after an attempt in vain a citizen to whom a callback was promised is dialled again. */
  readonly callbackAgainMs: number
  /** How long a caller may speak who leaves a message. */
  readonly voicemailMaxMs: number
}

/** The rules for a call of this queue. */
export const rulesIn = (queue: Pick<Queue, 'wrapUpSeconds'> | undefined, rules: Rules): Rules =>
  queue?.wrapUpSeconds === undefined ? rules : { ...rules, wrapUpMs: queue.wrapUpSeconds * 1_000 }

/** The numbers that agents may call, and how often. */
export interface CallOutRules {
  /** Beginnings of numbers in E.164 (`+402`), and whole short numbers (`0219`). */
  readonly allowed: readonly string[]
  /** The same, for agents who are supervisors as well. */
  readonly allowedToSupervisors: readonly string[]
  readonly agents: CallOutRight
  readonly supervisors: CallOutRight
  /** Citizens whom one agent has dialled within an hour. */
  readonly perHour: number
  /** Typed numbers that all agents together have dialled within an hour. */
  readonly perHourAll: number
}

/**
 * When the network is told that a call is answered, from which on it costs the caller money. `queue`: as soon as it comes. `agent`:
 * once an agent or a message answers; until then no key gets through.
 */
export const answersAt = ['queue', 'agent'] as const satisfies readonly AnswerAt[]

/** `returns`: only the number of an earlier call or of a request. */
export const callOutRights = ['any', 'returns', 'none'] as const
export type CallOutRight = (typeof callOutRights)[number]

/** Bounds that are not settings. */
export const bounds = {
  /** A greeting or a message is shorter than this. */
  promptMs: 60_000,
  /** The tone before a message is shorter: of one that seems longer the end was not reported. */
  toneMs: 3_000,
  /** A caller who hangs up sooner after the tone has left no message. */
  voicemailMinMs: 1_500,
  /** A message that has been open for longer is late. */
  voicemailLateMs: 86_400_000,
  /** How long a caller has for a key once a menu has been read. */
  menuKeyMs: 5_000,
  /** How long a caller who has not chosen to be called back waits before they are asked once more. */
  questionEveryMs: 180_000,
  /** How long a caller may spend in menus before they wait for a person. */
  menuMs: 180_000,
  /** How many menus a caller is read before they wait for a person: each one is work, and an event on record. */
  menuReadings: 40,
  /** A bridge is complete milliseconds after the answer; one that takes much longer has failed. */
  bridgeMs: 5_000,
  /** How long the phone of an agent who calls may take to pick up: the browser's does so by itself. */
  summonMs: 20_000,
  /** How long a citizen's phone rings. */
  dialMs: 45_000,
  /** How often a citizen to whom a callback was promised is dialled. */
  callbackAttempts: 3,
  /**
   * How long a callback is kept for, from the opening on if it was promised before. A city hall may stay closed from Christmas to Epiphany,
   * for two weeks: a week with opening hours is left.
   */
  callbackMs: 21 * 86_400_000,
  /** Callers of a number that stays closed for longer are not asked whether they want to be called back. */
  callbackOpensMs: 14 * 86_400_000,
  /** How many callbacks may stand in a queue that does not say so itself, before callers of a closed number are not asked. */
  callbacksMax: 100,
  /** How many callbacks may stand that were asked for on the public page, and how often one is asked for about a request in a day. */
  pageCallbacksMax: 20,
  pageCallbacksPerDay: 3,
  /** How long the save of a callback may take that was asked for on the public page. */
  pageCallbackSavedMs: 2_000,
  /** How long the phone of a contact rings to whom a caller has been sent; the caller hears music. */
  transferMs: 25_000,
  /** How often an agent has contacts dialled in an hour: far more than calls served, so it bounds a mistake or an abuse. */
  contactDialsPerHour: 60,
  /** How long a caller talks with a contact while no agent is in the call. */
  transferredMs: 7_200_000,
  /** How long the network's answer and the announcement to the citizen, or the contact, may take beyond that. */
  dialMarginMs: 20_000,
  /** How long a caller waits for one agent who is not rung: that one was free a moment ago, or is about to be. */
  reservedMs: 5_000,
  /** How long a caller waits in the queue to which an agent has sent them, before they go back to that agent. */
  sentOnMs: 300_000,
  /** How long a recording may be paused: a pause that is forgotten ends by itself. */
  recordingPauseMs: 300_000,
  /** Networks cut a call that is not answered after about 3 minutes of early media. */
  answerAtLatestMs: 150_000,
  /** An offer expires this long after the phone's own ring timer, so that only a lost event lets it expire. */
  offerMarginMs: 3_000,
  /** How long an agent rests after an offer that failed. */
  restMs: 2_000,
  /** A ready agent without a reachable phone for so long is paused. */
  phoneAwayMs: 60_000,
  /**
   * Signed out for longer than this, an agent begins a new shift, and a supervisor's pause of the last one is over. The
   * law demands twelve hours between two working days (Codul muncii, art. 135), a break within a shift is far shorter.
   */
  betweenShiftsMs: 6 * 3_600_000,
  /**
   * Offers in a row at which an answering phone did not ring before its agent is paused: a single one may be a lost
   * packet, and each costs a caller some seconds.
   */
  unrungMax: 2,
  /** The PBX gives up a phone that does not ring sooner than this: an offer that stands for longer rings. */
  ringsWithinMs: 6_000,
} as const
