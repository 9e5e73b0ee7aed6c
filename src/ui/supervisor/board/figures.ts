/**
 * The figures of the board, computed from the live feed. The strip and the tables use the same functions, so
 * they agree.
 */
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView, Today } from '../../../http/live/wire.ts'

/** Whether a call waits in a queue: for the first time, or at its front again because the agent was lost. */
export function isWaiting(call: LiveCallView): boolean {
  if (call.queuedAt === null) return false
  if (call.phase === 'connecting') return call.answeredAt === null
  return call.phase === 'waiting' || call.phase === 'ringing'
}

export function waitMs(call: LiveCallView, now: number): number {
  return Math.max(0, now - inLineSince(call))
}

/** Longest wait first. */
export function waitingCalls(calls: Iterable<LiveCallView>): LiveCallView[] {
  return [...calls].filter(isWaiting).sort((a, b) => inLineSince(a) - inLineSince(b))
}

/** A call that has already been answered waits since it lost its agent. */
const inLineSince = (call: LiveCallView): number =>
  Date.parse(call.answeredAt === null ? (call.queuedAt ?? call.arrivedAt) : call.since)

/** An agent's state as a supervisor sees it, including the phone and the call. */
export type WorkState = AgentView['state'] | 'held' | 'reconnecting' | 'no phone' | 'own call'

export function workState(agent: AgentView, call: LiveCallView | undefined): WorkState {
  if (agent.state === 'talking' && call?.phase === 'held') return 'held'
  if (call?.phase === 'reconnecting') return 'reconnecting'
  if (agent.state !== 'ready') return agent.state
  if (agent.phones.active === null) return 'no phone'
  return agent.phones.ownCalls > 0 ? 'own call' : 'ready'
}

export const isFree = (agent: AgentView): boolean => workState(agent, undefined) === 'ready'

/** States that need a supervisor's attention come first. */
const rank: Readonly<Record<WorkState, number>> = {
  'no phone': 0,
  reconnecting: 1,
  offered: 2,
  held: 3,
  talking: 4,
  'wrap-up': 5,
  'own call': 6,
  ready: 7,
  paused: 8,
  'signed out': 9,
}

export function workingAgents(
  agents: Iterable<AgentView>,
  calls: ReadonlyMap<string, LiveCallView>,
): AgentView[] {
  const state = (agent: AgentView): WorkState => workState(agent, calls.get(agent.callId ?? ''))
  return [...agents]
    .filter((agent) => agent.state !== 'signed out')
    .sort(
      (a, b) =>
        rank[state(a)] - rank[state(b)] ||
        Date.parse(a.since) - Date.parse(b.since) ||
        a.name.localeCompare(b.name, 'ro'),
    )
}

/** Our default targets (docs/rules/figures.md): 80 % in time, fewer than 5 % abandoned. */
export const serviceLevelTarget = 0.8
export const abandonmentTarget = 0.05

export interface Strip {
  readonly waiting: number
  readonly longestMs: number | null
  readonly free: number
  readonly serviceLevel: number | null
  readonly abandoned: number | null
}

export function stripOf(
  calls: Iterable<LiveCallView>,
  agents: Iterable<AgentView>,
  today: Today | null,
  now: number,
): Strip {
  const waits = [...calls].filter(isWaiting).map((call) => waitMs(call, now))
  return {
    waiting: waits.length,
    longestMs: waits.length === 0 ? null : Math.max(...waits),
    free: [...agents].filter(isFree).length,
    serviceLevel: today?.serviceLevel ?? null,
    abandoned: today?.abandoned ?? null,
  }
}
