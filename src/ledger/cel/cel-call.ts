/**
 * One citizen's call as Asterisk's CEL records it. Used for calls that the application saw not at all or not to the end:
 * the caller hung up before Stasis, the server was away, or the fallback queue served the call.
 */
import type { Caller, EndedBy, Outcome } from '../../core/call.ts'
import { CallId, QueueId, type AgentId, type Millis, type PbxName } from '../../core/ids.ts'
import { closedLegs } from '../../core/leg.ts'
import { hasQueued, waitStart } from '../../core/reports/wait.ts'
import type { CelRow } from './rows.ts'
import { durations, listOrNull, type CallSummary } from '../calls/summary.ts'
import type { CallWithoutCaller } from '../calls/tables.ts'

/** The call after the rows read so far. `endedAt` is null while the channel exists. */
export interface CelCall {
  readonly id: CallId
  readonly channelName: string
  readonly line: string
  readonly number: string
  readonly arrivedAt: Millis
  readonly queuedAt: Millis | null
  readonly offeredAt: Millis | null
  readonly answeredAt: Millis | null
  /** Username of the phone that answered last. */
  readonly answeredBy: string | null
  readonly refused: 'closed' | 'unserved' | 'unknown number' | 'not ASCII' | null
  /** The channel that ended the call, by name. */
  readonly hungUpBy: string
  readonly lastAt: Millis
  readonly endedAt: Millis | null
  /** Whether the end is only the last that was written of the call: Asterisk crashed. */
  readonly isCut: boolean
}

/** Calls from the provider begin here (`dialplan/inbound.conf`). */
const trunkContext = 'inbound'
/** Cause of a hang-up by Q.850. */
const switchCongestion = 42

/** The call that begins with this row; null when the row does not begin a citizen's call. */
export function celCallBegun(row: CelRow): CelCall | null {
  if (row.event !== 'CHAN_START' || row.context !== trunkContext || row.channel !== row.call) return null
  return {
    id: CallId(row.channel),
    channelName: row.channelName,
    line: row.exten.replace(/[^\d+*#]/g, '').slice(0, 32),
    // The number of this row may be a withheld one, which only the dialplan's next steps remove.
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
    isCut: false,
  }
}

/** The call after a row of its own: of the caller's channel, or of another leg. */
export function celCallAfter(before: CelCall, row: CelRow): CelCall {
  const call = { ...before, lastAt: Math.max(before.lastAt, row.at) }
  if (row.channel !== call.id) return otherLeg(call, row)
  const filtered = row.context.startsWith('linia-')
  const known = filtered ? { ...call, line: lineOf(call, row), number: row.number } : call
  switch (row.event) {
    case 'LINIA_UNKNOWN_NUMBER':
      return { ...known, refused: 'unknown number' }
    case 'LINIA_NOT_ASCII':
      return { ...known, refused: 'not ASCII' }
    case 'LINIA_FALLBACK_CLOSED':
      return { ...known, refused: 'closed' }
    case 'LINIA_FALLBACK_UNSERVED':
    case 'LINIA_BUSY':
      return { ...known, refused: 'unserved' }
    case 'LINIA_FALLBACK_QUEUED':
      return { ...known, queuedAt: known.queuedAt ?? row.at }
    case 'LINIA_FALLBACK_RESCUED':
      // The dialplan queues a rescued caller by time of arrival.
      return { ...known, queuedAt: known.queuedAt ?? known.arrivedAt }
    case 'BRIDGE_ENTER':
      return answered(known, row.at, talkerIn(row.peer, known.answeredBy))
    case 'HANGUP': {
      const { source, cause } = hangUpIn(row.extra)
      // More calls than `maxcalls`: Asterisk ended it before its dialplan could say why.
      const isBeyondMax = row.context === trunkContext && cause === switchCongestion
      return { ...known, hungUpBy: source, refused: known.refused ?? (isBeyondMax ? 'unserved' : null) }
    }
    case 'CHAN_END':
      return { ...known, endedAt: row.at }
    default:
      return known
  }
}

/** The call after a crash of Asterisk: it ended with its last row. */
export function celCallCut(call: CelCall): CelCall {
  return { ...call, endedAt: call.lastAt, isCut: true }
}

export function celSummary(
  call: CelCall & { readonly endedAt: Millis },
  facts: { readonly pbx: PbxName; readonly caller: Caller; readonly agent: AgentId | null },
  /** The last state that the ACD observed; null when it observed nothing. */
  observed: CallWithoutCaller | null,
): CallSummary {
  const { id, endedAt } = call
  const arrivedAt = observed?.arrivedAt ?? call.arrivedAt
  const answeredAt = observed?.answeredAt ?? call.answeredAt
  // Bridged without the fallback queue: the application had the call, and its events were lost.
  const inQueueAt = observed !== null && hasQueued(observed) ? observed.queuedAt : call.queuedAt
  const queuedAt = waitStart({ arrivedAt, queuedAt: inQueueAt ?? (answeredAt === null ? null : arrivedAt) })
  return {
    ...facts,
    agent: facts.agent ?? observed?.lastAgent ?? null,
    legs: legsOf(observed, facts.agent, endedAt),
    others: observed === null ? null : listOrNull(closedLegs(observed.others, endedAt)),
    id,
    direction: observed?.direction ?? 'inbound',
    line: observed?.line ?? call.line,
    // The fallback queue counts as the queue `general`.
    queue: queuedAt === null ? null : (observed?.queue ?? QueueId('general')),
    arrivedAt,
    queuedAt,
    offeredAt: observed?.offeredAt ?? call.offeredAt ?? answeredAt,
    answeredAt,
    endedAt,
    heldMs: observed === null ? 0 : heldUntil(observed, endedAt),
    outcome: answeredAt === null ? outcomeOf(call, observed) : 'answered',
    endedBy: endedByOf(call),
    ...durations(queuedAt, answeredAt, observed?.survey?.askedAt ?? endedAt),
    survey: observed?.survey ?? null,
  }
}

/** Null, not known: nobody observed the call, or another agent served it afterwards. */
function legsOf(observed: CallWithoutCaller | null, agent: AgentId | null, endedAt: Millis) {
  const last = observed?.legs.at(-1)
  if (observed === null || last === undefined || (agent !== null && agent !== last.agent)) return null
  return closedLegs(observed.legs, endedAt)
}

/** A hold without an end lasted until the end of the call. */
const heldUntil = (observed: CallWithoutCaller, endedAt: Millis): number =>
  observed.heldMs + (observed.phase === 'held' ? Math.max(0, endedAt - observed.since) : 0)

/** The outcome of an unanswered call. */
function outcomeOf(call: CelCall, observed: CallWithoutCaller | null): Outcome {
  // The ACD was playing the reason for dismissal when it lost track of the call.
  if (observed?.phase === 'dismissing') return observed.outcome
  if (observed?.phase === 'closed') return 'closed'
  // A caller who was about to speak, and one who spoke: the recording tells whether anybody was heard.
  if (observed?.phase === 'voicemail') return observed.prompt === null ? 'voicemail' : observed.without
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
  // A supervisor who joins does not answer the call.
  if (row.event !== 'BRIDGE_ENTER' || isSupervisorLeg(row)) return call
  const user = phoneUser(row.channelName)
  // Only the second channel in the bridge has the other one as its peer: then the two talk.
  if (row.peer.includes(call.channelName)) return answered(call, row.at, user)
  return call
}

/** Their legs enter the dialplan there, which starts no recorder (`asterisk/ari/effects.ts`). */
const isSupervisorLeg = ({ context, exten }: CelRow): boolean =>
  context === 'linia-leg' && exten === 'supervisor'

/** The phone with which the caller talks, of the others in the bridge: who joins later does not change it. */
function talkerIn(peers: string, before: string | null): string | null {
  const users = peers.split(',').map(phoneUser)
  return users.find((user) => user === before) ?? users.find((user) => user !== null) ?? null
}

function answered(call: CelCall, at: Millis, user: string | null): CelCall {
  if (user === null) return call
  return { ...call, answeredAt: call.answeredAt ?? at, answeredBy: user }
}

function lineOf(call: CelCall, row: CelRow): string {
  // In `linia-call` the extension is the number's canonical short form, whichever form was dialled.
  return row.context === 'linia-call' ? row.exten : call.line
}

/** `PJSIP/agent01-web-0000002a` → `agent01`; null for the trunk and for other texts. */
function phoneUser(channelName: string): string | null {
  const user = /^PJSIP\/(?<user>.+?)(?:-web)?-[0-9a-f]{8}$/.exec(channelName)?.groups?.['user']
  return user === undefined || user === 'trunk' ? null : user
}

/** Both unknown where it is not the JSON of a hang-up. */
function hangUpIn(extra: string): { readonly source: string; readonly cause: number | null } {
  try {
    const { hangupsource: source, hangupcause: cause } = JSON.parse(extra) as Record<string, unknown>
    return {
      source: typeof source === 'string' ? source : '',
      cause: typeof cause === 'number' ? cause : null,
    }
  } catch {
    return { source: '', cause: null }
  }
}
