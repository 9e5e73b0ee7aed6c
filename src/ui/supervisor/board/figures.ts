/**
 * The figures of the board, computed from the live feed. The strip and the tables use the same functions, so
 * they agree.
 */
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView, Today } from '../../../http/live/wire.ts'

/** Whether a call waits in a queue: for the first time, or at its front again because the agent was lost. */
export function isWaiting(call: LiveCallView): boolean {
  if (call.queuedAt === null) return false
  if (call.phase === 'connecting') return call.answeredAt === null && call.direction === 'inbound'
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
export const inLineSince = (call: LiveCallView): number =>
  Date.parse(call.answeredAt === null ? (call.queuedAt ?? call.arrivedAt) : call.since)

/** An agent's state as a supervisor sees it, including the phone and the call. */
export type WorkState =
  | AgentView['state']
  | 'help'
  | 'calling'
  | 'held'
  | 'reconnecting'
  | 'no phone'
  | 'own call'

export function workState(agent: AgentView, call: LiveCallView | undefined): WorkState {
  if (agent.state === 'talking' && call !== undefined && call.helpSince !== null) return 'help'
  if (agent.state === 'talking' && call?.phase === 'held') return 'held'
  if (call?.phase === 'reconnecting') return 'reconnecting'
  if (call?.phase === 'summoning' || call?.phase === 'dialling') return 'calling'
  if (agent.state !== 'ready') return agent.state
  if (agent.phones.active === null) return 'no phone'
  return agent.phones.ownCalls > 0 ? 'own call' : 'ready'
}

export const isFree = (agent: AgentView): boolean => workState(agent, undefined) === 'ready'

/** States that need a supervisor's attention come first. */
const rank: Readonly<Record<WorkState, number>> = {
  help: 0,
  'no phone': 1,
  reconnecting: 2,
  offered: 3,
  calling: 4,
  held: 5,
  talking: 6,
  'wrap-up': 7,
  'own call': 8,
  ready: 9,
  paused: 10,
  'signed out': 11,
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

/** States of an agent on shift that the board counts, in the order in which they are shown. */
export const countedStates = [
  'help',
  'ready',
  'offered',
  'calling',
  'talking',
  'held',
  'reconnecting',
  'wrap-up',
  'own call',
  'no phone',
  'paused',
] as const satisfies readonly WorkState[]

/** How many agents are in each state; states without anybody are left out. */
export function agentsByState(
  agents: Iterable<AgentView>,
  calls: ReadonlyMap<string, LiveCallView>,
): readonly { readonly state: WorkState; readonly count: number }[] {
  const counts = new Map<WorkState, number>()
  for (const agent of agents) {
    const state = workState(agent, calls.get(agent.callId ?? ''))
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return countedStates.flatMap((state) => {
    const count = counts.get(state) ?? 0
    return count === 0 ? [] : [{ state, count }]
  })
}

export interface Strip {
  readonly waiting: number
  readonly longestMs: number | null
  readonly free: number
}

export function stripOf(calls: Iterable<LiveCallView>, agents: Iterable<AgentView>, now: number): Strip {
  const waits = [...calls].filter(isWaiting).map((call) => waitMs(call, now))
  return {
    waiting: waits.length,
    longestMs: waits.length === 0 ? null : Math.max(...waits),
    free: [...agents].filter(isFree).length,
  }
}

/** As `stripOf`, of each queue: its calls, and the agents who serve it. */
export function queueStrips(
  queues: Today['queues'],
  calls: Iterable<LiveCallView>,
  agents: ReadonlyMap<string, AgentView>,
  now: number,
): readonly (Strip & Pick<Today['queues'][number], 'id' | 'recent'>)[] {
  const all = [...calls]
  return queues.map(({ id, recent, agents: servers }) => ({
    id,
    recent,
    ...stripOf(
      all.filter(({ queue }) => queue.id === id),
      servers.flatMap((agent) => agents.get(agent) ?? []),
      now,
    ),
  }))
}

/**
 * `breach`: outside a target. `alarm`: callers wait beyond the target and nobody is free, so without a supervisor it
 * only gets worse.
 */
export type Tone = 'none' | 'breach' | 'alarm'

export function tonesOf(
  { longestMs, waiting, free }: Strip,
  targetMs: number,
): { readonly waiting: Tone; readonly longest: Tone; readonly free: Tone } {
  const late = longestMs !== null && longestMs > targetMs
  if (late && free === 0) return { waiting: 'alarm', longest: 'alarm', free: 'alarm' }
  return {
    waiting: 'none',
    longest: late ? 'breach' : 'none',
    free: waiting > 0 && free === 0 ? 'breach' : 'none',
  }
}
