/** An announcement to a caller who waits, between two stretches of music. */
import type { Millis, PlaybackId } from '../ids.ts'
import type { Estimate } from './estimate.ts'

export interface Announcement {
  /** The id of a notice (`CallerNotice`): then nothing else is said. */
  readonly notice: number | null
  /** 1 is the first in the queue; null: not said. */
  readonly position: number | null
  readonly estimate: Estimate | null
  /** Which of the queue's own texts, from 0: then nothing else is said. */
  readonly text: number | null
  /** The names of the sounds, in the order in which they are heard; at least one. */
  readonly sounds: readonly string[]
}

/** An announcement that the caller is hearing. It outlasts an offer: the reading goes on while a phone rings. */
export interface Reading {
  readonly playback: PlaybackId
  readonly sounds: readonly string[]
  /** It is over by then even if the event of its end is lost. */
  readonly until: Millis
}

/** The caller is asked whether they want to be called back, and then whether at this number. A key counts until then. */
export interface CallbackQuestion {
  readonly awaits: 'interest' | 'confirmation'
  readonly until: Millis
}

/** The announcements that the caller has heard so far. */
export interface Announced {
  /** How many announcements, for the name of the playback. */
  readonly count: number
  /** When the last one that was no notice began; null: none. */
  readonly at: Millis | null
  /** The shortest time that was said: no longer one is said afterwards. */
  readonly estimate: Estimate | null
  /** Whether the place and the estimate come next, before another of the queue's own texts. */
  readonly isPlaceNext: boolean
  /** The own text whose turn comes next, from 0; beyond the last one: the first. */
  readonly nextText: number
  /** The ids of the notices: each is heard once. */
  readonly notices: readonly number[]
  /** When the caller was last asked whether they want to be called back; null: not yet. */
  readonly askedAt: Millis | null
}

export const nothingAnnounced: Announced = {
  count: 0,
  at: null,
  estimate: null,
  isPlaceNext: true,
  nextText: 0,
  notices: [],
  askedAt: null,
}
