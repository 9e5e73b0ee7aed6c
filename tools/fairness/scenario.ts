/** A day: its queues, agents and callers, all of it decided by the seed before the day begins. */
import type { OverflowSetting } from '../../src/core/configuration/schema.ts'
import { AgentId, CallId, PbxName, QueueId, type Millis } from '../../src/core/ids.ts'
import { newQueue, type AgentProfile, type Queue } from '../../src/core/queue.ts'
import type { Rules } from '../../src/core/rules.ts'
import { Random } from '../simulation/kernel/random.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
/** 2026-11-25 08:00 in Bucharest. */
export const opensAt: Millis = Date.UTC(2026, 10, 25, 6)
export const closesAt: Millis = opensAt + 14 * hourMs
export const pbx = PbxName('pbx1')

/** How many callers come for those who can be served; the peak of a usual day is an overload as well. */
export const kinds = ['quiet', 'usual', 'busy', 'overloaded'] as const
export type Kind = (typeof kinds)[number]
const loadOf: Readonly<Record<Kind, readonly [number, number]>> = {
  quiet: [0.25, 0.5],
  usual: [0.55, 0.75],
  busy: [0.8, 0.95],
  overloaded: [1.05, 1.5],
}

/** `equal`: every queue ages by the same seconds; `unequal`: each by its own; `some`: not all of them age. */
export const ageings = ['none', 'equal', 'unequal', 'some'] as const
export type Ageing = (typeof ageings)[number]

export interface DayCaller {
  readonly id: CallId
  readonly number: string
  readonly queue: Queue
  readonly at: Millis
  /** Infinite: they wait until they are served. */
  readonly patienceMs: Millis
  readonly talkMs: Millis
  readonly wrapUpMs: Millis
  /** The agent's phone rings for so long. */
  readonly pickUpMs: Millis
  /** So many agents let it ring. */
  readonly misses: number
  /** Whether they press the two keys, once they are asked. */
  readonly wantsCallback: boolean
  /** So many attempts to call them back are in vain. */
  readonly inVain: number
  /** After so long a supervisor moves them to the front; infinite: never. */
  readonly movedAfterMs: Millis
}

export interface DayAgent {
  readonly profile: AgentProfile
  readonly from: Millis
  readonly until: Millis
  readonly pauses: readonly { readonly at: Millis; readonly ms: Millis }[]
}

export interface Day {
  readonly seed: number
  readonly kind: Kind
  readonly ageing: Ageing
  readonly queues: readonly [Queue, ...Queue[]]
  readonly agents: readonly DayAgent[]
  /** In the order of their arrival. */
  readonly callers: readonly DayCaller[]
  readonly rules: Rules
}

/** Arrivals by hour, from 08 to 22. */
const arrivalsByHour = [6, 10, 13, 12, 10, 8, 7, 7, 6, 5, 4, 3, 3, 2]
const ringMs = 5_000

export function dayOf(seed: number): Day {
  const random = new Random(seed, 'day')
  const kind = random.pick(kinds)
  const ageing = random.pick(ageings)
  const queues = queuesOf(ageing, new Random(seed, 'queues'))
  const agents = agentsOf(queues, new Random(seed, 'agents'))
  const wrapUpMs = random.whole(10, 40) * 1_000
  const workMs = agents.reduce(
    (sum, { from, until, pauses }) => sum + until - from - pauses.reduce((all, { ms }) => all + ms, 0),
    0,
  )
  const load = random.between(...loadOf[kind])
  const wanted = (load * workMs) / random.whole(300, 600)
  const talkMs = Math.min(Math.max(wanted - wrapUpMs - ringMs, minuteMs), 7 * minuteMs)
  const count = Math.round((load * workMs) / (talkMs + wrapUpMs + ringMs))
  const shares = [random.between(0.1, 0.2), random.between(0.35, 0.55)]
  const chosen = new Random(seed, 'callers')
  const arrivals = Array.from({ length: count }, () => arrivalTime(chosen)).sort((a, b) => a - b)
  return {
    seed,
    kind,
    ageing,
    queues,
    agents,
    callers: arrivals.map((at, index) => {
      const queue = queues[byShare(shares, chosen.next())] ?? queues[0]
      return callerOf(index, at, queue, { talkMs, wrapUpMs }, chosen)
    }),
    rules: rulesWith(wrapUpMs),
  }
}

/** The end of the rush of a starving day. */
export const easesAt: Millis = opensAt + 8 * hourMs

/** Callers of the first queue come faster than they can be served for eight hours, and some of the last queue, who never hang up. */
export function starvingDay(seed: number, ageingSeconds: number | null): Day {
  const random = new Random(seed, 'starving day')
  const age = ageingSeconds === null ? {} : { ageingSeconds }
  const urgent: Queue = { ...newQueue(QueueId('urgent'), 'Urgent'), priority: 5, ...age }
  const patient: Queue = { ...newQueue(QueueId('patient'), 'Patient'), priority: 20, ...age }
  const profile = (index: number): AgentProfile => ({
    id: AgentId(`agent-${index}`),
    username: `agent-${index}`,
    name: `Agent ${index}`,
    skills: { urgent: 3, patient: 3 },
  })
  const agents = [0, 1, 2].map((index) => ({
    profile: profile(index),
    from: opensAt,
    until: closesAt,
    pauses: [],
  }))
  const handled = { talkMs: 180_000, wrapUpMs: 15_000 }
  const capacityPerHour = (agents.length * hourMs) / (handled.talkMs + handled.wrapUpMs + ringMs)
  const arrivals: { readonly at: Millis; readonly queue: Queue }[] = []
  const come = (queue: Queue, perHour: number, from: Millis, until: Millis) => {
    let at = from
    for (;;) {
      at += Math.ceil(random.exponential(hourMs / perHour))
      if (at >= until) return
      arrivals.push({ at, queue })
    }
  }
  come(urgent, 1.8 * capacityPerHour, opensAt, easesAt)
  come(urgent, 0.4 * capacityPerHour, easesAt, closesAt)
  come(patient, 4, opensAt + hourMs, easesAt)
  return {
    seed,
    kind: 'overloaded',
    ageing: ageingSeconds === null ? 'none' : 'equal',
    queues: [urgent, patient],
    agents,
    callers: arrivals
      .sort((a, b) => a.at - b.at)
      .map(({ at, queue }, index) => {
        const caller = callerOf(index, at, queue, handled, random)
        return {
          ...caller,
          patienceMs: queue === patient ? Infinity : random.exponential(15 * minuteMs),
          movedAfterMs: Infinity,
        }
      }),
    rules: { ...rulesWith(handled.wrapUpMs), waitMaxMs: 14 * hourMs },
  }
}

type Priorities = readonly [number, number, number]

function queuesOf(ageing: Ageing, random: Random): readonly [Queue, ...Queue[]] {
  const [first, second, third] = random.pick<Priorities>([
    [5, 10, 20],
    [1, 2, 3],
    [5, 10, 10],
    [10, 10, 10],
    [10, 20, 40],
  ])
  const seconds = [5, 15, 30, 60, 120, 600] as const
  const all = random.pick(seconds)
  const age = (): Pick<Queue, 'ageingSeconds'> => {
    if (ageing === 'equal') return { ageingSeconds: all }
    const ages = ageing === 'unequal' || (ageing === 'some' && random.chance(0.5))
    return ages ? { ageingSeconds: random.pick(seconds) } : {}
  }
  const queue = (name: string, priority: number): Queue => ({
    ...newQueue(QueueId(name), name),
    levelMin: random.pick([1, 1, 2, 3]),
    priority,
    ...age(),
    announce: {
      position: random.chance(0.15),
      estimate: true,
      firstAfterSeconds: random.pick([15, 30, 45]),
      everySeconds: random.pick([90, 120, 180]),
    },
    ...(random.chance(0.35)
      ? { callback: { afterSeconds: random.pick([60, 120, 240]), standingMax: random.whole(3, 20) } }
      : {}),
  })
  const [urgent, usual] = [queue('urgent', first), queue('usual', second)]
  const last = queue('last', third)
  const bound = random.pick<Omit<OverflowSetting, 'to'>>([
    { whenWaiting: random.whole(3, 10) },
    { afterSeconds: random.pick([180, 420]) },
    { whenNobodySignedIn: true, whenWaiting: 15 },
  ])
  if (random.chance(0.35)) return [urgent, usual, { ...last, overflow: { ...bound, to: usual.id } }]
  if (random.chance(0.35)) return [{ ...urgent, overflow: { ...bound, to: usual.id } }, usual, last]
  return [urgent, usual, last]
}

function agentsOf(queues: readonly Queue[], random: Random): readonly DayAgent[] {
  return Array.from({ length: random.whole(4, 12) }, (_, index) => {
    const isEarly = index % 2 === 0
    const from = opensAt + (isEarly ? 0 : random.between(6, 6.75)) * hourMs
    const until = isEarly ? opensAt + random.between(7, 7.5) * hourMs : closesAt
    // The first two serve every queue, so that each is served all day.
    const skills = queues.flatMap(({ skill }) =>
      index < 2
        ? [[skill, random.whole(3, 5)] as const]
        : random.chance(0.7)
          ? [[skill, random.whole(1, 5)] as const]
          : [],
    )
    const name = `agent-${index}`
    const profile: AgentProfile = {
      id: AgentId(name),
      username: name,
      name,
      skills: Object.fromEntries(skills.length === 0 ? [[queues[0]?.skill ?? '', 1]] : skills),
    }
    const pauses = [
      { at: random.between(from + hourMs, until - 2 * hourMs), ms: random.whole(15, 30) * minuteMs },
      { at: random.between(from + hourMs, until - hourMs), ms: random.whole(3, 10) * minuteMs },
    ]
    return {
      profile,
      from: Math.round(from),
      until: Math.round(until),
      pauses: pauses.map(({ at, ms }) => ({ at: Math.round(at), ms })),
    }
  })
}

function callerOf(
  index: number,
  at: Millis,
  queue: Queue,
  handled: { readonly talkMs: Millis; readonly wrapUpMs: Millis },
  random: Random,
): DayCaller {
  return {
    id: CallId(`${pbx}-${Math.floor(at / 1_000)}.${index}`),
    number: `+40721${String(index).padStart(6, '0')}`,
    queue,
    at,
    patienceMs: random.chance(0.2) ? Infinity : Math.ceil(random.exponential(12 * minuteMs)),
    talkMs: Math.ceil(Math.min(Math.max(5_000, lognormal(handled.talkMs, 0.7, random)), hourMs)),
    wrapUpMs: random.chance(0.7) ? handled.wrapUpMs : Math.ceil(random.between(1_000, handled.wrapUpMs)),
    pickUpMs: random.whole(2_000, 8_000),
    misses: random.chance(0.03) ? 1 : 0,
    wantsCallback: random.chance(0.4),
    inVain: random.pick([0, 0, 0, 0, 1, 1, 2, 3]),
    movedAfterMs: random.chance(0.02) ? random.whole(30, 300) * 1_000 : Infinity,
  }
}

const rulesWith = (wrapUpMs: Millis): Rules => ({
  answer: 'queue',
  greeting: false,
  wrapUpMs,
  ringTimeoutMs: 20_000,
  lineLengthMax: 500,
  waitMaxMs: 90 * minuteMs,
  closingGraceMs: 15 * minuteMs,
  callOut: {
    allowed: ['+407'],
    allowedToSupervisors: [],
    agents: 'any',
    supervisors: 'any',
    perHour: 1_000,
    perHourAll: 1_000,
  },
  missedMax: 3,
  returningMs: 0,
  reconnectMs: 10_000,
  callbackAgainMs: 10 * minuteMs,
  voicemailMaxMs: 180_000,
})

function arrivalTime(random: Random): Millis {
  const total = arrivalsByHour.reduce((sum, one) => sum + one, 0)
  let left = random.next() * total
  const hour = arrivalsByHour.findIndex((weight) => (left -= weight) < 0)
  return Math.round(opensAt + (Math.max(hour, 0) + random.next()) * hourMs)
}

function byShare(shares: readonly number[], chosen: number): number {
  let left = chosen
  const index = shares.findIndex((share) => (left -= share) < 0)
  return index === -1 ? shares.length : index
}

/** Of this mean. */
function lognormal(mean: number, sigma: number, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return mean * Math.exp(sigma * normal - (sigma * sigma) / 2)
}
