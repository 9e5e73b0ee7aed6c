/** The settings that decide, in milliseconds where they are times. Values come from `config.ts`. */
export interface Rules {
  /** `queue`: answer, then wait. `agent`: early media until an agent answers. */
  readonly answer: 'queue' | 'agent'
  readonly greeting: boolean
  readonly wrapUpMs: number
  readonly ringTimeoutMs: number
  readonly lineLengthMax: number
  readonly waitMaxMs: number
  readonly closingGraceMs: number
  /** Offers missed in a row before the agent is paused. */
  readonly missedMax: number
}

/** Bounds that nobody needs to set. */
export const bounds = {
  /** A greeting or a message is shorter than this. */
  promptMs: 60_000,
  /** A bridge stands milliseconds after the answer; much later means that it never will. */
  bridgeMs: 5_000,
  /** How long a caller waits for the agent whose leg was lost. */
  reconnectMs: 10_000,
  /** Early media cannot last for ever: networks cut a call that is not answered after about 3 minutes. */
  answerAtLatestMs: 150_000,
  /** An offer outlives the phone's own ring timer by this, so that only a lost event lets it expire. */
  offerMarginMs: 3_000,
  /** An agent whose offer failed is left alone for so long. */
  restMs: 2_000,
  /** A ready agent whom no phone can reach for so long is paused. */
  phoneAwayMs: 60_000,
} as const
