/**
 * Routing: which agent is offered which call. Each queue's waiting callers and its free agents with the skill are kept
 * sorted (`sorted.ts`), so a decision looks only at their heads: it costs the same with ten callers and with a thousand.
 *
 * Order of callers within a queue: its front, then entry into the queue, then id. The first ones of the queues are compared by
 * their effective priorities, then in the same way. Order of agents: the one who talked with the caller shortly before, then skill level,
 * then longest idle, then id.
 */
import { reachableDevice, type Ready } from './agent.ts'
import type { Queued } from './call.ts'
import type { AgentId, CallId, Millis } from './ids.ts'
import type { Device } from './offer.ts'
import type { AgentProfile, Queue } from './queue.ts'

/** Why this call went to this agent; kept with the call. */
export interface Why {
  readonly call: CallId
  readonly agent: AgentId
  readonly skill: string
  readonly level: number
  /** How long the caller had waited and the agent had been idle. */
  readonly waitedMs: number
  readonly idleMs: number
  /** How many callers waited and how many agents were free and had the skill. */
  readonly waiting: number
  readonly candidates: number
  /** The caller talked with this agent shortly before. */
  readonly returning?: true
}

/** A free agent with the level that counts in one queue. */
export interface Candidate {
  readonly agent: Ready
  readonly level: number
}

/** One queue at this moment, both sides sorted best first. */
export interface QueueView {
  readonly queue: Queue
  readonly waiting: readonly Queued[]
  readonly candidates: readonly Candidate[]
}

export interface Pick {
  readonly call: Queued
  readonly agent: Ready
  readonly device: Device
  readonly why: Why
}

const nobody: Known = () => undefined
const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Of one queue. It does not change with time, so that a queue stays sorted while its callers wait. */
export function compareWaiting(a: Queued, b: Queued): number {
  return Number(isAtFront(b)) - Number(isAtFront(a)) || a.queuedAt - b.queuedAt || byId(a.id, b.id)
}

/** At the front of their queue: their agent was lost, an agent has sent them on, or a supervisor has moved them there. */
export const isAtFront = ({ priority }: Queued): boolean => priority === 0

/**
 * The first caller of a queue is compared by it with those of other queues; lower is served first. It falls while they wait,
 * faster in a queue with a shorter `ageingSeconds`, so that nobody is passed over for ever. `waitMaxMs`: how long a caller can
 * wait on the line; a citizen who is to be called back ages no further, though a night lies between.
 */
export function effectivePriority(
  { queuedAt }: Queued,
  { priority, ageingSeconds }: Queue,
  now: Millis,
  waitMaxMs: Millis,
): number {
  if (ageingSeconds === undefined) return priority
  return priority - Math.min(now - queuedAt, waitMaxMs) / (ageingSeconds * 1_000)
}

function compareFirst(a: Pair, b: Pair, now: Millis, waitMaxMs: Millis): number {
  const effective = ({ call, view }: Pair): number => effectivePriority(call, view.queue, now, waitMaxMs)
  const areAtFront = isAtFront(a.call) || isAtFront(b.call)
  return (areAtFront ? 0 : effective(a) - effective(b)) || compareWaiting(a.call, b.call)
}

export function compareCandidates(a: Candidate, b: Candidate): number {
  return b.level - a.level || a.agent.idleSince - b.agent.idleSince || byId(a.agent.id, b.agent.id)
}

/** The agent's level for a queue; null for an agent who does not serve it. */
export function levelFor(profile: AgentProfile, queue: Queue): number | null {
  const level = profile.skills[queue.skill]
  return level !== undefined && level >= queue.levelMin ? level : null
}

interface Pair {
  readonly view: QueueView
  readonly call: Queued
  readonly candidate: Candidate
}

/** The agent who talked last with a caller who rings again, if there is one. */
export type Known = (call: Queued) => AgentId | undefined

/** The first caller of a queue whom one of its free agents may be offered, with the best such agent; null: there is none. */
function firstPair(view: QueueView, known: Known): Pair | null {
  // The first caller and the first agent, but where that agent has just sent the caller there.
  for (const call of view.waiting) {
    if (view.candidates.length === 0) return null
    const last = known(call)
    const candidate =
      view.candidates.find(({ agent }) => agent.id === last) ??
      view.candidates.find(({ agent }) => !hasSentOn(agent.id, call))
    if (candidate !== undefined) return { view, call, candidate }
  }
  return null
}

/** Whether this agent has sent the caller to the queue where they wait. */
const hasSentOn = (agent: AgentId, { transfer }: Queued): boolean =>
  transfer?.state === 'under way' && transfer.by === agent

/** The first caller of all queues that have a free agent, with the best agent of that queue; null: there is none. */
export function pick(
  queues: Iterable<QueueView>,
  now: Millis,
  { waitMaxMs }: { readonly waitMaxMs: Millis },
  known: Known = nobody,
): Pick | null {
  let best: Pair | null = null
  for (const view of queues) {
    const pair = firstPair(view, known)
    if (pair !== null && (best === null || compareFirst(pair, best, now, waitMaxMs) < 0)) best = pair
  }
  if (best === null) return null
  const { call, candidate, view } = best
  const device = reachableDevice(candidate.agent.phones)
  if (device === null) return null
  return {
    call,
    agent: candidate.agent,
    device,
    why: {
      call: call.id,
      agent: candidate.agent.id,
      skill: view.queue.skill,
      level: candidate.level,
      waitedMs: now - call.queuedAt,
      idleMs: now - candidate.agent.idleSince,
      waiting: view.waiting.length,
      candidates: view.candidates.length,
      ...(known(call) === candidate.agent.id ? { returning: true as const } : {}),
    },
  }
}
