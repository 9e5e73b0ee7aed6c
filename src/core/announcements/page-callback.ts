/**
 * A callback that a citizen asks for on the public page, about a request whose number and code they know (decision 0073). The same
 * value goes from HTTP to the owner's node.
 */
import type { Estimate } from './estimate.ts'
import type { LineLanguage } from '../configuration/menu.ts'
import type { Millis, QueueId } from '../ids.ts'
import { numberRefusals } from '../phone-number.ts'
import type { Queue } from '../queue.ts'

export interface AskedOnPage {
  /** The id of the request. */
  readonly request: string
  /** As typed. */
  readonly number: string
  /** The queue of the call in which the request was registered; null: it is not known. */
  readonly queue: QueueId | null
  /** In which the page was read. */
  readonly language: LineLanguage
  /** False: so many have been asked for about the request today that none is begun; one that stands is answered all the same. */
  readonly mayBegin: boolean
}

/** Expected refusals; the page has a sentence for each. */
export const pageCallbackRefusals = [
  'line is away',
  /** No queue takes callbacks, or the number stays closed for too long. */
  'no callbacks now',
  'request has another',
  'too many today',
  'too many callbacks',
  ...numberRefusals,
] as const
export type PageCallbackRefusal = (typeof pageCallbackRefusals)[number]

export interface PagePromise {
  /** E.164. */
  readonly number: string
  /** Null: the number is open. */
  readonly opensAt: Millis | null
  /** The wait of somebody who comes now; null: not known, or the number is closed. */
  readonly estimate: Estimate | null
}

export type PageCallbackAnswer =
  | { readonly ok: true; readonly value: PagePromise }
  | { readonly ok: false; readonly refusal: PageCallbackRefusal }

/** The queue that calls: that of the request's call, else the first of the configuration that takes callbacks; null: none does. */
export function queueThatCalls<One extends Pick<Queue, 'id' | 'callback'>>(
  queues: readonly One[],
  wanted: QueueId | null,
): One | null {
  const taking = queues.filter(({ callback }) => callback !== undefined)
  return taking.find(({ id }) => id === wanted) ?? taking[0] ?? null
}
