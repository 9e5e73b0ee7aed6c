/** Callers who left a queue without an answer, or were promised a callback, as the events of their calls have them. */
import { fileScope } from '../../support/run/scope.ts'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { EndedBy, Outcome } from '../../../src/core/call.ts'
import type { Returned } from '../../../src/core/call-event.ts'
import { callbackOf, PbxName, QueueId, type AgentId, type CallId } from '../../../src/core/ids.ts'
import type { AbandonedCalls } from '../../../src/http/calls/wire.ts'
import type { Served } from '../serve.ts'
import { Story } from '../states.ts'

export const at = Date.parse('2026-11-24T10:00:00Z')
export const seconds = 1_000
export const hour = 3_600 * seconds
let calls = 0

export const pbx = PbxName('pbx1')

interface GaveUp {
  readonly number: string | null
  readonly arrivedAt?: number
  readonly waits?: number
  readonly queue?: string
  readonly outcome?: Outcome
  readonly endedBy?: EndedBy
}

const endedBy = (by: EndedBy, end: AcdCallEvent): AcdCallEvent =>
  end.after.phase === 'ended' ? { ...end, after: { ...end.after, endedBy: by } } : end

/** A caller who hangs up in the queue, or whose call ends there otherwise. */
export function gaveUp({
  number,
  arrivedAt = at - hour,
  waits = 60 * seconds,
  queue = 'general',
  outcome = 'abandoned',
  endedBy: by = 'caller',
}: GaveUp) {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.6${calls}`, arrivedAt, number)
  const events = [
    story.arrives(),
    story.waits(arrivedAt),
    endedBy(by, story.ends(arrivedAt + waits, outcome)),
  ]
  const inQueue = (event: AcdCallEvent): AcdCallEvent => ({
    ...event,
    after: { ...event.after, queue: QueueId(queue) },
  })
  return { id: story.id, events: events.map(inQueue) }
}

interface Promised {
  readonly number: string
  readonly arrivedAt?: number
  /** The callback that the number had before; null: it has a new one. */
  readonly kept?: CallId | null
  /** In no queue. */
  readonly isClosed?: boolean
}

/** A caller to whom a callback is promised. */
export function promised({ number, arrivedAt = at - hour, kept = null, isClosed = false }: Promised) {
  calls += 1
  const story = new Story(`pbx1-${process.pid}.6${calls}`, arrivedAt, number)
  const call = kept ?? callbackOf(pbx, story.id, 1)
  const arrives = story.arrives()
  const before = isClosed ? [] : [story.waits(arrivedAt)]
  const promise = story.beside({ type: 'CallbackPromised', call, by: null }, arrivedAt + 30 * seconds, {})
  const end = story.ends(arrivedAt + 40 * seconds, 'callback')
  const after = isClosed ? { ...end.after, queuedAt: null } : end.after
  return {
    id: story.id,
    callback: call,
    events: [arrives, ...before, promise, { ...end, after } as AcdCallEvent],
  }
}

export interface Attempt {
  readonly of: CallId
  readonly nth: number
  readonly number: string
  readonly agent: AgentId
  readonly beganAt: number
  readonly endedAt?: number
  readonly outcome?: Outcome
  readonly endedBy?: EndedBy
  readonly returns?: Returned
}

/** An attempt to call back the citizen of that call. Without `endedAt` it goes on, or has not begun. */
export function attempt({
  of,
  nth,
  number,
  agent,
  beganAt,
  endedAt,
  outcome = 'no answer',
  endedBy: by = 'system',
  returns = { call: of },
}: Attempt) {
  const story = new Story(callbackOf(pbx, of, nth), beganAt, number)
  const placed = {
    ...story.dials(agent, beganAt),
    event: { type: 'CallPlaced', by: null, returns },
  }
  const end = endedAt === undefined ? [] : [endedBy(by, story.ends(endedAt, outcome))]
  return [placed as AcdCallEvent, ...end]
}

/** `own`: the first of the last three digits of a test's numbers; the ledger is the whole file's. A withheld number is in no test's list. */
export async function listed({ ask }: Served, as: string, own: string) {
  const { status, json } = await ask('GET', '/api/calls/abandoned', { as })
  if (status !== 200) fileScope().fail(`the list answers ${status}`)
  return (json as unknown as AbandonedCalls).items.filter(
    ({ callerEnding }) => callerEnding === null || callerEnding.startsWith(own),
  )
}

export const idsOf = (items: readonly { readonly call: string }[]) => items.map(({ call }) => call)
