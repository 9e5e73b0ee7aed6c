/** How a callback begins that was promised in no call: a citizen has asked for it on the public page. */
import type { Promised, Waiting } from '../call.ts'
import type { Language } from '../configuration/menu.ts'
import { askedOnPageIn, callbackOf, type Millis, type PbxName } from '../ids.ts'
import type { Queue } from '../queue.ts'
import { bounds } from '../rules.ts'
import { nothingYet } from './new-call.ts'

export interface PageCallback {
  readonly pbx: PbxName
  readonly unique: string
  /** The city's number, which the citizen sees and whose opening hours hold. */
  readonly line: string
  /** E.164. */
  readonly number: string
  readonly language: Language
  readonly queue: Pick<Queue, 'id' | 'priority'>
  readonly request: string
  /** Null: the number is open. */
  readonly opensAt: Millis | null
  /** Of a caller with this number who waits in the queue: one number has one place. Null: nobody does. */
  readonly place: PlaceInQueue | null
}

export type PlaceInQueue = Pick<Waiting, 'queuedAt' | 'priority'>

/** Behind all who came before; with a caller of this number who waits, by their place, which a callback by key would keep. */
export function promisedOnPage(asked: PageCallback, now: Millis): Promised {
  const { pbx, queue, opensAt, place, unique } = asked
  const of = askedOnPageIn(pbx, now, unique)
  const keptUntil = Math.max(now, opensAt ?? now) + bounds.callbackMs
  return {
    ...nothingYet,
    phase: 'promised',
    id: callbackOf(pbx, of, 1),
    direction: 'outbound',
    callback: { of, requests: [asked.request], promisedAt: now, keptUntil, attempt: 1 },
    pbx,
    line: asked.line,
    caller: { number: asked.number, name: null },
    language: asked.language,
    queue: queue.id,
    priority: place?.priority ?? queue.priority,
    arrivedAt: now,
    waitUntil: keptUntil,
    queuedAt: place?.queuedAt ?? now,
    notBefore: now,
    offeredAt: null,
    // There is nothing to tell a network that has not called.
    lineAnswered: true,
    lastAgent: null,
    since: now,
  }
}
