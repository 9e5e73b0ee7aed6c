/**
 * The figures of the board, computed from the live feed. The strip and the tables use the same functions, so
 * they agree.
 */
import { usualPercent } from '../../../core/reports/target.ts'
import { waitStart } from '../../../core/reports/wait.ts'
import type { AgentView } from '../../../http/agents/wire.ts'
import type { LiveCallView, Today } from '../../../http/live/wire.ts'

/** Whether a call waits in a queue: for the first time, or at its front again because the agent was lost. */
export function isWaiting(call: LiveCallView): boolean {
  if (call.queuedAt === null || isCallback(call)) return false
  if (call.phase === 'connecting') return call.answeredAt === null && call.direction === 'inbound'
  return call.phase === 'waiting' || call.phase === 'ringing'
}

/** Whether a citizen is to be called back and has not been reached: nobody is on the line. */
export const isCallback = ({ callback, answeredAt }: LiveCallView): boolean =>
  callback !== null && answeredAt === null

/** Whether its turn comes by the order of the queue. */
const isQueued = (call: LiveCallView): boolean =>
  isWaiting(call) || (isCallback(call) && (call.phase === 'promised' || call.phase === 'ringing'))

/** How many callers hear the greeting or choose from a menu: they are in no queue yet. */
export const beforeQueue = (calls: Iterable<LiveCallView>): number =>
  [...calls].filter(({ phase }) => phase === 'greeting' || phase === 'menu').length

export function waitMs(call: LiveCallView, now: number): number {
  return Math.max(0, now - inLineSince(call))
}

/** In the order of the places, with those who are to be called back in theirs, and those who have called meanwhile in the place of their callback. */
export function waitingCalls(calls: Iterable<LiveCallView>): LiveCallView[] {
  return [...calls].filter(isQueued).sort((a, b) => placeSince(a) - placeSince(b))
}

/** Callers whom an agent has sent to a contact, the longest there first: no agent has them. */
export function externalCalls(calls: Iterable<LiveCallView>): LiveCallView[] {
  return [...calls]
    .filter(({ external }) => external !== null)
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
}

/** A call that has already been answered waits since it lost its agent. */
const placeSince = (call: LiveCallView): number =>
  Date.parse(call.answeredAt === null ? (call.queuedAt ?? call.arrivedAt) : call.since)

/** Of a citizen who is to be called back, the time of their place. */
export function inLineSince(call: LiveCallView): number {
  const queuedAt = placeSince(call)
  return isCallback(call) ? queuedAt : waitStart({ queuedAt, arrivedAt: Date.parse(call.arrivedAt) })
}

/** An agent's state as a supervisor sees it, including the phone and the call. */
export type WorkState =
  | AgentView['state']
  | 'help'
  | 'calling'
  | 'consulted'
  | 'held'
  | 'reconnecting'
  | 'no phone'
  | 'own call'

export function workState(agent: AgentView, call: LiveCallView | undefined): WorkState {
  // The call's own stage is the state of the agent who serves the caller.
  if (call?.consult?.with.id === agent.id && agent.state === 'talking') return 'consulted'
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
  consulted: 7,
  'wrap-up': 8,
  'own call': 9,
  ready: 10,
  paused: 11,
  'signed out': 12,
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

/** A supervisor who comes back to the board still sees it. */
const emergencyShownMs = 3_600_000

/** The agents whose phones have dialled 112 within the last hour, the latest first; also those who have signed out. */
export function emergencies(
  agents: Iterable<AgentView>,
  now: number,
): readonly { readonly id: string; readonly name: string; readonly at: string }[] {
  return [...agents]
    .flatMap(({ id, name, emergencyAt: at }) => (at === null ? [] : [{ id, name, at }]))
    .filter(({ at }) => now - Date.parse(at) < emergencyShownMs)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

/** States of an agent on shift that the board counts, in the order in which they are shown. */
export const countedStates = [
  'help',
  'ready',
  'offered',
  'calling',
  'talking',
  'consulted',
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

/** T of a queue. */
export type WithinMs = (queue: string) => number

export function thresholdsIn(today: Pick<Today, 'queues' | 'serviceLevelTargetMs'> | null): WithinMs {
  const known = new Map(today?.queues.map(({ id, target }) => [id, target.withinMs]))
  return (queue) => known.get(queue) ?? today?.serviceLevelTargetMs ?? 20_000
}

/** The least and the greatest T of all queues, in seconds. */
export function thresholdRange(today: Pick<Today, 'queues' | 'serviceLevelTargetMs'> | null): {
  readonly from: number
  readonly to: number
} {
  const all = today?.queues.map(({ target }) => target.withinMs / 1_000) ?? []
  const usual = (today?.serviceLevelTargetMs ?? 20_000) / 1_000
  return all.length === 0 ? { from: usual, to: usual } : { from: Math.min(...all), to: Math.max(...all) }
}

/** Whether any queue has a target of its own, that is, another one than the usual. */
export const hasOwnTargets = ({ queues, serviceLevelTargetMs }: Today): boolean =>
  queues.some(({ target }) => target.withinMs !== serviceLevelTargetMs || target.percent !== usualPercent)

export interface Strip {
  readonly waiting: number
  readonly longestMs: number | null
  /** Whether somebody waits beyond T of their queue. */
  readonly late: boolean
  readonly free: number
}

export function stripOf(
  calls: Iterable<LiveCallView>,
  agents: Iterable<AgentView>,
  now: number,
  withinMs: WithinMs,
): Strip {
  const waiting = [...calls].filter(isWaiting)
  const waits = waiting.map((call) => waitMs(call, now))
  return {
    waiting: waits.length,
    longestMs: waits.length === 0 ? null : Math.max(...waits),
    late: waiting.some((call) => waitMs(call, now) > withinMs(call.queue.id)),
    free: [...agents].filter(isFree).length,
  }
}

/** As `stripOf`, of each queue: its calls, and the agents who serve it. */
export function queueStrips(
  queues: Today['queues'],
  calls: Iterable<LiveCallView>,
  agents: ReadonlyMap<string, AgentView>,
  now: number,
): readonly (Strip & Pick<Today['queues'][number], 'id' | 'recent' | 'target'>)[] {
  const all = [...calls]
  return queues.map(({ id, recent, target, agents: servers }) => ({
    id,
    recent,
    target,
    ...stripOf(
      all.filter(({ queue }) => queue.id === id),
      servers.flatMap((agent) => agents.get(agent) ?? []),
      now,
      () => target.withinMs,
    ),
  }))
}

/** Where the callers of this queue have overflowed to today. */
export const overflowsFrom = (queue: string, overflows: Today['overflows'] = []): Today['overflows'] =>
  overflows.filter(({ from, day }) => from === queue && day > 0)

/**
 * `breach`: outside a target. `alarm`: callers wait beyond the target and nobody is free, so without a supervisor it
 * only gets worse.
 */
export type Tone = 'none' | 'breach' | 'alarm'

export function tonesOf({ late, waiting, free }: Strip): {
  readonly waiting: Tone
  readonly longest: Tone
  readonly free: Tone
} {
  if (late && free === 0) return { waiting: 'alarm', longest: 'alarm', free: 'alarm' }
  return {
    waiting: 'none',
    longest: late ? 'breach' : 'none',
    free: waiting > 0 && free === 0 ? 'breach' : 'none',
  }
}
