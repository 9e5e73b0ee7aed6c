/**
 * What Asterisk's own record tells of one citizen's call of which the application saw nothing, or not the
 * end: the caller gave up before it was handed over, the server was away, the fallback queue served it.
 */
import type { Caller, EndedBy, Outcome } from '../../core/call.ts'
import { CallId, QueueId, type AgentId, type Millis, type PbxName } from '../../core/ids.ts'
import type { CelRow } from './rows.ts'
import { durations, type CallSummary } from '../calls/summary.ts'
import type { CallWithoutCaller } from '../calls/tables.ts'

/** What the rows so far have told. `endedAt` null: the channel still stands. */
export interface CelCall {
  readonly id: CallId
  readonly channelName: string
  readonly line: string
  readonly number: string
  readonly arrivedAt: Millis
  readonly queuedAt: Millis | null
  readonly offeredAt: Millis | null
  readonly answeredAt: Millis | null
  /** Username behind the phone that answered, the last one of several. */
  readonly answeredBy: string | null
  readonly refused: 'closed' | 'unserved' | 'unknown number' | null
  /** The channel that ended the call, by name. */
  readonly hungUpBy: string
  readonly lastAt: Millis
  readonly endedAt: Millis | null
}

/** Calls from the provider begin here (`dialplan/inbound.conf`). */
const trunkContext = 'inbound'

/** The call that this row begins, or null when it begins none of a citizen's. */
export function celCallBegun(row: CelRow): CelCall | null {
  if (row.event !== 'CHAN_START' || row.context !== trunkContext || row.channel !== row.call) return null
  return {
    id: CallId(row.channel),
    channelName: row.channelName,
    line: row.exten.replace(/[^\d+*#]/g, '').slice(0, 32),
    // Not the number of this row: only the dialplan's next steps remove a withheld one.
    number: '',
    arrivedAt: row.at,
    queuedAt: null,
    offeredAt: null,
    answeredAt: null,
    answeredBy: null,
    refused: null,
    hungUpBy: '',
    lastAt: row.at,
    endedAt: null,
  }
}

/** The call after a row that belongs to it: the caller's own channel, or another leg of the same call. */
export function celCallAfter(before: CelCall, row: CelRow): CelCall {
  const call = { ...before, lastAt: Math.max(before.lastAt, row.at) }
  if (row.channel !== call.id) return otherLeg(call, row)
  const filtered = row.context.startsWith('linia-')
  const known = filtered ? { ...call, line: lineOf(call, row), number: row.number } : call
  switch (row.event) {
    case 'LINIA_UNKNOWN_NUMBER':
      return { ...known, refused: 'unknown number' }
    case 'LINIA_FALLBACK_CLOSED':
      return { ...known, refused: 'closed' }
    case 'LINIA_FALLBACK_UNSERVED':
    case 'LINIA_BUSY':
      return { ...known, refused: 'unserved' }
    case 'LINIA_FALLBACK_QUEUED':
      return { ...known, queuedAt: known.queuedAt ?? row.at }
    case 'LINIA_FALLBACK_RESCUED':
      // The dialplan gives a rescued caller his place by arrival.
      return { ...known, queuedAt: known.queuedAt ?? known.arrivedAt }
    case 'BRIDGE_ENTER':
      return answered(known, row.at, phoneUser(row.peer))
    case 'HANGUP':
      return { ...known, hungUpBy: hangUpSource(row.extra) }
    case 'CHAN_END':
      return { ...known, endedAt: row.at }
    default:
      return known
  }
}

/** Asterisk died under the call: it ended when it was last heard of. */
export function celCallCut(call: CelCall): CelCall {
  return { ...call, endedAt: call.lastAt }
}

export function celSummary(
  call: CelCall & { readonly endedAt: Millis },
  facts: { readonly pbx: PbxName; readonly caller: Caller; readonly agent: AgentId | null },
  /** What the line saw of it; null when it saw nothing. */
  told: CallWithoutCaller | null,
): CallSummary {
  const { id, endedAt } = call
  const arrivedAt = told?.arrivedAt ?? call.arrivedAt
  const answeredAt = told?.answeredAt ?? call.answeredAt
  // Bridged without the fallback queue: the application had it and its own record was lost.
  const queuedAt = told?.queuedAt ?? call.queuedAt ?? (answeredAt === null ? null : arrivedAt)
  return {
    ...facts,
    agent: facts.agent ?? told?.lastAgent ?? null,
    id,
    line: told?.line ?? call.line,
    // The fallback queue stands for the line's general one.
    queue: queuedAt === null ? null : (told?.queue ?? QueueId('general')),
    arrivedAt,
    queuedAt,
    offeredAt: told?.offeredAt ?? call.offeredAt ?? answeredAt,
    answeredAt,
    endedAt,
    heldMs: told === null ? 0 : heldUntil(told, endedAt),
    outcome: answeredAt === null ? outcomeOf(call, told) : 'answered',
    endedBy: endedByOf(call),
    ...durations(queuedAt, answeredAt, endedAt),
  }
}

/** A hold that nobody ended lasted until the call did. */
const heldUntil = (told: CallWithoutCaller, endedAt: Millis): number =>
  told.heldMs + (told.phase === 'held' ? Math.max(0, endedAt - told.since) : 0)

/** Of a call that nobody answered. */
function outcomeOf(call: CelCall, told: CallWithoutCaller | null): Outcome {
  // He was being told why he is not served when the line lost sight of him.
  if (told?.phase === 'dismissing') return told.outcome
  if (call.refused === 'closed') return 'closed'
  if (call.refused !== null) return 'rejected'
  return endedByOf(call) === 'caller' ? 'abandoned' : 'failed'
}

function endedByOf(call: CelCall): EndedBy {
  if (call.hungUpBy === call.channelName) return 'caller'
  return call.answeredBy !== null && phoneUser(call.hungUpBy) === call.answeredBy ? 'agent' : 'system'
}

function otherLeg(call: CelCall, row: CelRow): CelCall {
  if (row.event === 'CHAN_START') return { ...call, offeredAt: call.offeredAt ?? row.at }
  if (row.event !== 'BRIDGE_ENTER') return call
  const user = phoneUser(row.channelName)
  // Whoever of the two enters the bridge second sees the other: only then do they talk.
  if (row.peer.includes(call.channelName)) return answered(call, row.at, user)
  return call
}

function answered(call: CelCall, at: Millis, user: string | null): CelCall {
  if (user === null) return call
  return { ...call, answeredAt: call.answeredAt ?? at, answeredBy: user }
}

function lineOf(call: CelCall, row: CelRow): string {
  // `linia-call` is entered with the line's own short form, whatever form was dialled.
  return row.context === 'linia-call' ? row.exten : call.line
}

/** `PJSIP/agent01-web-0000002a` → `agent01`; null for a trunk or no channel. */
function phoneUser(channelName: string): string | null {
  const user = /^PJSIP\/(?<user>.+?)(?:-web)?-[0-9a-f]{8}$/.exec(channelName)?.groups?.['user']
  return user === undefined || user === 'trunk' ? null : user
}

function hangUpSource(extra: string): string {
  try {
    const read: unknown = JSON.parse(extra)
    if (typeof read !== 'object' || read === null || !('hangupsource' in read)) return ''
    return typeof read.hangupsource === 'string' ? read.hangupsource : ''
  } catch {
    // Not what cel_custom writes for a hang-up: then it is not known who did.
    return ''
  }
}
