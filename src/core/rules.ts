/** The settings of the ACD, times in milliseconds. Values come from `config.ts`. */
export interface Rules {
  /** `queue`: answer, then wait. `agent`: early media until an agent answers. */
  readonly answer: 'queue' | 'agent'
  readonly greeting: boolean
  readonly wrapUpMs: number
  readonly ringTimeoutMs: number
  readonly lineLengthMax: number
  readonly waitMaxMs: number
  readonly closingGraceMs: number
  readonly callOut: CallOutRules
  /** Offers missed in a row before the agent is paused. */
  readonly missedMax: number
  /** How long after a call a caller who rings again gets the same agent, if that one is free; 0: never. */
  readonly returningMs: number
}

/** The numbers that agents may call, and how often. */
export interface CallOutRules {
  /** Beginnings of numbers in E.164 (`+402`), and whole short numbers (`0219`). */
  readonly allowed: readonly string[]
  /** Calls of one agent within an hour. */
  readonly perHour: number
}

/** Bounds that are not settings. */
export const bounds = {
  /** A greeting or a message is shorter than this. */
  promptMs: 60_000,
  /** A bridge is complete milliseconds after the answer; one that takes much longer has failed. */
  bridgeMs: 5_000,
  /** How long the phone of an agent who calls may take to pick up: the browser's does so by itself. */
  summonMs: 20_000,
  /** How long a citizen's phone rings. */
  dialMs: 45_000,
  /** How long the network's answer and the announcement to the citizen may take beyond that. */
  dialMarginMs: 20_000,
  /** How long a caller waits for the agent whose leg was lost. */
  reconnectMs: 10_000,
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
