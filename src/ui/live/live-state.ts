/** The state built from the live feed: a snapshot, then changes. Nothing here is authoritative. */
import { completeList } from '../../core/complete-list.ts'
import { usualPercent } from '../../core/reports/target.ts'
import type { AgentView } from '../../http/agents/wire.ts'
import type { TransferView } from '../../http/transfer/wire.ts'
import type {
  CallContext,
  LiveCallView,
  LiveEvents,
  CallOutView,
  PauseView,
  Today,
} from '../../http/live/wire.ts'

export interface LiveState {
  /** `silent`: no event for `silentAfterMs`, so the screen may be out of date. */
  readonly status: 'connecting' | 'live' | 'silent'
  /** Whether the server is connected to Asterisk. */
  readonly lineUp: boolean
  /** Another page of the same agent has taken over. */
  readonly superseded: boolean
  readonly calls: ReadonlyMap<string, LiveCallView>
  readonly agents: ReadonlyMap<string, AgentView>
  /** The reasons for pauses, also those that are no longer offered. */
  readonly pauses: readonly PauseView[]
  /** Which citizens this agent may call; null: it is not known yet. */
  readonly callOut: CallOutView | null
  readonly today: Today | null
  readonly context: CallContext | null
  /** The course of this agent's transfers, by call. */
  readonly transfers: ReadonlyMap<string, TransferView>
  /** The last call that ended, as it was, with its outcome: wrap-up still shows it. */
  readonly ended:
    | ({ readonly call: LiveCallView } & Pick<LiveEvents['call-ended'], 'outcome' | 'endedBy'>)
    | null
  /** The server's clock minus this computer's, so that timers are right on a wrong clock. */
  readonly skewMs: number
  /** This computer's time of the last event. */
  readonly heardAt: number | null
}

export const silentAfterMs = 5_000

export const initialLive: LiveState = {
  status: 'connecting',
  lineUp: true,
  superseded: false,
  calls: new Map(),
  agents: new Map(),
  pauses: [],
  callOut: null,
  today: null,
  context: null,
  transfers: new Map(),
  ended: null,
  skewMs: 0,
  heardAt: null,
}

export type LiveEvent = {
  readonly [Name in keyof LiveEvents]: { readonly name: Name; readonly payload: LiveEvents[Name] }
}[keyof LiveEvents]

export const liveEventNames = completeList<keyof LiveEvents>()([
  'snapshot',
  'call',
  'call-ended',
  'transfer',
  'agent',
  'today',
  'context',
  'superseded',
  'beat',
])

export function applyLive(state: LiveState, event: LiveEvent, now: number, instance: string): LiveState {
  const heard: LiveState = { ...state, status: 'live', heardAt: now }
  switch (event.name) {
    case 'snapshot':
      return {
        ...heard,
        calls: byId(event.payload.calls),
        agents: byId(event.payload.agents),
        pauses: (event.payload as Partial<LiveEvents['snapshot']>).pauses ?? [],
        callOut: (event.payload as Partial<LiveEvents['snapshot']>).callOut ?? null,
        today: wholeToday(event.payload.today),
        context: event.payload.context,
        transfers: new Map(event.payload.transfers.map((transfer) => [transfer.callId, transfer])),
        skewMs: Date.parse(event.payload.at) - now,
      }
    case 'call':
      return { ...heard, calls: new Map(state.calls).set(event.payload.id, event.payload) }
    case 'call-ended':
      return endCall(heard, event.payload)
    case 'transfer':
      return { ...heard, transfers: new Map(state.transfers).set(event.payload.callId, event.payload) }
    case 'agent':
      return { ...heard, agents: new Map(state.agents).set(event.payload.id, event.payload) }
    case 'today':
      return { ...heard, today: wholeToday(event.payload) }
    case 'context':
      return { ...heard, context: event.payload }
    case 'superseded':
      return event.payload.instance === instance ? heard : { ...heard, superseded: true }
    case 'beat':
      return {
        ...heard,
        lineUp: event.payload.lineUp,
        skewMs: updatedSkew(state.skewMs, Date.parse(event.payload.at) - now),
      }
  }
}

/** During an update the feed may be of a node of the release before, which knows no surveys and no targets. */
const olderToday = { surveys: [], tooLong: false }
const olderFigures = { targetPercent: usualPercent }

const withTargets = <Part extends Pick<Today, 'day' | 'recent'>>(part: Part): Part => ({
  ...part,
  day: { ...olderFigures, ...part.day },
  recent: { ...olderFigures, ...part.recent },
})

function wholeToday(today: Today): Today {
  const olderQueue = { target: { percent: usualPercent, withinMs: today.serviceLevelTargetMs } }
  return {
    ...olderToday,
    ...withTargets(today),
    queues: today.queues.map((queue) => ({ ...olderQueue, ...withTargets(queue) })),
  }
}

/** Heartbeats differ by more than this only after a clock was set. */
const clockSetMs = 5_000
/**
 * The most that one late heartbeat may change the estimate; smaller clock corrections are followed step by
 * step.
 */
const followedMs = 50

/**
 * The sample with the smallest delay gives the best estimate of the offset; following late ones would make
 * timers jump back.
 */
function updatedSkew(before: number, sample: number): number {
  return before - sample > clockSetMs ? sample : Math.max(sample, before - followedMs)
}

function endCall(state: LiveState, payload: LiveEvents['call-ended']): LiveState {
  const call = state.calls.get(payload.id)
  const calls = new Map(state.calls)
  calls.delete(payload.id)
  const { outcome, endedBy } = payload
  return { ...state, calls, ended: call === undefined ? state.ended : { call, outcome, endedBy } }
}

/**
 * Called periodically: marks the feed as silent after too long without an event, whatever its socket reports,
 * also when there was none since it was opened.
 */
export function withSilence(state: LiveState, now: number, openedAt: number): LiveState {
  if (state.status === 'silent') return state
  return now - (state.heardAt ?? openedAt) > silentAfterMs ? { ...state, status: 'silent' } : state
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]))
}
