import type { CallId, Millis } from '../ids.ts'

/** The citizen has hung up and is called back by the place that they had in the queue. */
export interface Callback {
  /** The call in which it was promised; of one that was asked for on the public page a name of its own (`askedOnPageIn`). */
  readonly of: CallId
  /** The requests about which it was asked for on the public page, first one first. Absent: none. */
  readonly requests?: readonly string[]
  readonly promisedAt: Millis
  /** It is given up then. */
  readonly keptUntil: Millis
  /** Each call that dials the citizen is one, from 1. */
  readonly attempt: number
  /** How many of them do not count: the citizen called meanwhile. Absent: none. */
  readonly spared?: number
}
