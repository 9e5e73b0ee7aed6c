/** The scenario of one run as data generated from a seed: it can be printed, minimised and run again. */
import type { CrashAt } from './kernel/messages.ts'
import { QueueId } from '../../src/core/ids.ts'
import type { CallerNotice } from '../../src/core/announcements/caller-notice.ts'
import { newQueue, type Queue } from '../../src/core/queue.ts'
import type { Rules } from '../../src/core/rules.ts'
import { Random } from './kernel/random.ts'
import { startOfTime } from './kernel/schedule.ts'

export interface CallerPlan {
  readonly id: string
  readonly atMs: number
  readonly queue: string
  /** Time until the caller gives up, unless talking. */
  readonly patienceMs: number
}

export type Fault = { readonly atMs: number } & (
  | { readonly fault: 'node killed'; readonly afterMessages: number; readonly downMs: number }
  | { readonly fault: 'node hung'; readonly forMs: number }
  | { readonly fault: 'all nodes down'; readonly downMs: number }
  | { readonly fault: 'pbx connection cut' }
  | { readonly fault: 'pbx slow'; readonly byMs: number; readonly forMs: number }
  | { readonly fault: 'pbx answers lost'; readonly count: number }
  | { readonly fault: 'pbx requests lost'; readonly count: number }
  | { readonly fault: 'events lost'; readonly count: number }
  | { readonly fault: 'events doubled'; readonly forMs: number }
  | { readonly fault: 'events late'; readonly byMs: number; readonly forMs: number }
  | { readonly fault: 'application replaced' }
  | { readonly fault: 'asterisk restarted'; readonly downMs: number }
  | { readonly fault: 'redis down'; readonly forMs: number }
  | { readonly fault: 'redis emptied'; readonly downMs: number }
  | { readonly fault: 'redis flushed' }
  | { readonly fault: 'redis rolled back'; readonly downMs: number }
  | { readonly fault: 'redis answers lost'; readonly count: number }
  | { readonly fault: 'redis stalled'; readonly forMs: number }
  | { readonly fault: 'redis cut off from one node'; readonly forMs: number }
  | { readonly fault: 'native call'; readonly agent: number; readonly forMs: number }
  | { readonly fault: 'phone unreachable'; readonly agent: number; readonly forMs: number }
  | { readonly fault: 'phone switched off'; readonly agent: number; readonly forMs: number }
  | { readonly fault: 'phone frozen'; readonly agent: number; readonly forMs: number }
  | { readonly fault: 'clock jumped'; readonly byMs: number }
  | { readonly fault: 'agent dismissed'; readonly agent: number; readonly forMs: number }
)
export type FaultName = Fault['fault']

export interface Scenario {
  readonly seed: number
  readonly agents: number
  readonly nodes: 1 | 2
  readonly rules: Rules
  readonly queues: readonly Queue[]
  /** Whether callers choose by key before a queue. */
  readonly hasMenus: boolean
  /** What callers hear on entering a queue. */
  readonly notices: readonly CallerNotice[]
  readonly callers: readonly CallerPlan[]
  /** When the number `eveningNumber` opens. */
  readonly eveningOpensMs: number
  /** When the number `morningNumber` closes. */
  readonly morningClosesMs: number
  readonly faults: readonly Fault[]
  /** Additionally, a process dies at this message. */
  readonly crashAt?: CrashAt
}

/** Its callers may leave a message. */
export const closedNumber = 'night'
/** It opens while people call; until then its callers may choose by key to be called back. */
export const eveningNumber = 'evening'
/** It closes while people call; those who wait then are served for the grace of its own. */
export const morningNumber = 'morning'
/** Shorter than many callers' patience, and than the grace of the rules. */
export const morningGraceMs = 6_000
/** How long the numbers serve callers after they have closed; of the others the rules say it. */
export const graces: Readonly<Record<string, number>> = {
  [closedNumber]: 5_000,
  [eveningNumber]: 0,
  [morningNumber]: morningGraceMs,
}

export interface ScenarioSize {
  readonly callers: number
  readonly faults: number
  /** Restricts the faults to these. */
  readonly only?: readonly FaultName[]
}

/** How far Redis is rolled back. */
export const rollbackMs = 1_000

export function scenarioOf(seed: number, size: ScenarioSize): Scenario {
  const random = new Random(seed, 'script')
  const agents = random.whole(4, 12)
  const queues = queuesOf(random)
  // Load between 0.5 and 1.5 of the agents' capacity.
  const betweenMs = 11_000 / agents / random.between(0.5, 1.5)
  let atMs = 3_000
  const callers = Array.from({ length: size.callers }, (_, index) => {
    atMs += random.exponential(betweenMs)
    return {
      id: `c${index + 1}`,
      atMs: Math.round(atMs),
      queue: random.chance(0.7) ? 'city' : 'taxes',
      patienceMs: Math.round(
        random.chance(0.1) ? random.between(0, 300) : 1_000 + random.exponential(20_000),
      ),
    }
  })
  const faults = Array.from({ length: size.faults }, () => {
    const at = random.between(2_000, atMs)
    let fault = faultOf(random, at, agents)
    while (size.only?.includes(fault.fault) === false) fault = faultOf(random, at, agents)
    return fault
  })
  const closed = new Random(seed, 'closed number')
  const share = closed.chance(0.3) ? 0.15 : 0
  const evening = new Random(seed, 'number that opens')
  const eveningShare = evening.chance(0.4) ? 0.2 : 0
  const morning = new Random(seed, 'number that closes')
  const morningShare = morning.chance(0.4) ? 0.2 : 0
  return {
    seed,
    agents,
    nodes: random.chance(0.5) ? 1 : 2,
    rules: rulesOf(random),
    queues: withOverflow(
      withCallbacks(
        withTexts(
          withAnnouncements(queues, new Random(seed, 'announcements')),
          new Random(seed, 'own announcements'),
        ),
        new Random(seed, 'callbacks by key'),
      ),
      new Random(seed, 'overflow'),
    )
      .map(ageing(new Random(seed, 'ageing')))
      .map(surveyed(new Random(seed, 'surveys')))
      .map(withWrapUp(new Random(seed, 'wrap-ups'))),
    hasMenus: new Random(seed, 'menus').chance(0.3),
    notices: noticesOf(new Random(seed, 'notices')),
    callers: callers
      .map((caller) => (closed.chance(share) ? { ...caller, queue: closedNumber } : caller))
      .map((caller) => (evening.chance(eveningShare) ? { ...caller, queue: eveningNumber } : caller))
      .map((caller) => (morning.chance(morningShare) ? { ...caller, queue: morningNumber } : caller)),
    eveningOpensMs: evening.whole(20_000, 90_000),
    morningClosesMs: morning.whole(20_000, 90_000),
    faults: faults.sort((a, b) => a.atMs - b.atMs),
  }
}

function queuesOf(random: Random): Queue[] {
  const queue = (id: string, priority: number): Queue => ({
    ...newQueue(QueueId(id), id),
    levelMin: random.whole(1, 2),
    priority,
  })
  return [queue('city', 10), queue('taxes', random.pick([5, 10]))]
}

/** One of all queues and one of the city's, which end while people still call; they begin at once or while people call. */
function noticesOf(random: Random): readonly CallerNotice[] {
  if (random.chance(0.8)) return []
  const time = () => ({
    from: startOfTime + random.pick([0, random.whole(5_000, 40_000)]),
    until: startOfTime + random.whole(45_000, 120_000),
    daily: null,
  })
  return [
    { id: 1, text: 'Nu este apă.', queues: [], ...time() },
    { id: 2, text: 'Casieria este închisă.', queues: [QueueId('city')], ...time() },
  ]
}

/** More often than a city would, because callers of a simulation have little patience. */
function withAnnouncements(queues: readonly Queue[], random: Random): readonly Queue[] {
  if (random.chance(0.6)) return queues
  const announce = {
    position: random.chance(0.8),
    estimate: true,
    firstAfterSeconds: random.pick([1, 3, 6]),
    everySeconds: random.pick([5, 9]),
  }
  return queues.map((queue) => ({ ...queue, announce }))
}

/** Own texts beside or in place of the others; one is in Romanian alone. */
function withTexts(queues: readonly Queue[], random: Random): readonly Queue[] {
  const texts = [
    {
      ro: 'Cereri se pot depune pe site.',
      en: 'Requests may be sent by the web site.',
      hu: 'A kérelmek a honlapon is benyújthatók.',
    },
    { ro: 'Actele se cer la ghișeu.' },
    { ro: 'Plata se face și cu cardul.', en: 'Cards are taken.' },
  ]
  const [hasTexts, areAlone] = [random.chance(0.5), random.chance(0.3)]
  return queues.map((queue) => {
    const { announce } = queue
    if (announce === undefined || !hasTexts) return queue
    return {
      ...queue,
      announce: { ...announce, ...(areAlone ? { position: false, estimate: false } : {}), texts },
    }
  })
}

/** Sooner than a city would, for the same reason. */
function withCallbacks(queues: readonly Queue[], random: Random): readonly Queue[] {
  if (random.chance(0.5)) return queues
  const callback = { afterSeconds: random.pick([1, 4, 10]), standingMax: random.pick([2, 20]) }
  return queues.map((queue) => ({ ...queue, callback }))
}

/** Most to the other queue. Sooner than a city would; also in a circle, which two versions of a configuration make for a caller who waits through both. */
function withOverflow(queues: readonly Queue[], random: Random): readonly Queue[] {
  if (random.chance(0.5)) return queues
  const overflow = {
    ...(random.chance(0.5) ? { whenWaiting: random.pick([1, 3, 8]) } : {}),
    ...(random.chance(0.7) ? { afterSeconds: random.pick([2, 6, 15]) } : {}),
    ...(random.chance(0.5) ? { whenNobodySignedIn: true } : {}),
  }
  const leave = random.pick([['city'], ['taxes'], ['city', 'taxes'], ['city', 'taxes']])
  return queues.map((queue) => {
    const other = queues.find(({ id }) => id !== queue.id)
    if (other === undefined || !leave.includes(queue.id)) return queue
    const way = random.pick([null, null, 'voicemail', 'callback'] as const)
    const target = way === null ? { to: other.id } : ({ [way]: true } as const)
    return { ...queue, overflow: { ...overflow, ...target } }
  })
}

/** Sooner than a city would, and not in every queue. */
function ageing(random: Random): (queue: Queue) => Queue {
  if (random.chance(0.4)) return (queue) => queue
  return (queue) => (random.chance(0.8) ? { ...queue, ageingSeconds: random.pick([1, 2, 4]) } : queue)
}

/** After shorter conversations than a city would. */
function surveyed(random: Random): (queue: Queue) => Queue {
  if (random.chance(0.6)) return (queue) => queue
  return (queue) =>
    random.chance(0.8) ? { ...queue, survey: { talkedSeconds: random.pick([0, 3, 10]) } } : queue
}

/** In some queues, longer or shorter than the rules say. */
function withWrapUp(random: Random): (queue: Queue) => Queue {
  if (random.chance(0.6)) return (queue) => queue
  return (queue) => (random.chance(0.7) ? { ...queue, wrapUpSeconds: random.pick([0, 1, 5]) } : queue)
}

function rulesOf(random: Random): Rules {
  return {
    answer: random.chance(0.8) ? 'queue' : 'agent',
    greeting: random.chance(0.5),
    wrapUpMs: random.pick([0, 2_000, 10_000]),
    ringTimeoutMs: random.pick([4_000, 15_000]),
    lineLengthMax: random.pick([8, 50, 1_000]),
    waitMaxMs: random.pick([15_000, 600_000]),
    closingGraceMs: 60_000,
    callOut: {
      allowed: ['+402', '+407'],
      allowedToSupervisors: [],
      agents: 'any',
      supervisors: 'any',
      perHour: 30,
      perHourAll: 100_000,
    },
    missedMax: random.pick([2, 3, 1_000]),
    returningMs: 0,
    reconnectMs: 10_000,
    callbackAgainMs: 20_000,
    voicemailMaxMs: 20_000,
  }
}

function faultOf(random: Random, at: number, agents: number): Fault {
  const atMs = Math.round(at)
  const ms = (min: number, max: number) => Math.round(random.between(min, max))
  const agent = random.whole(0, agents - 1)
  switch (random.whole(0, 19)) {
    case 0:
    case 1:
      return { atMs, fault: 'node killed', afterMessages: random.whole(0, 60), downMs: ms(300, 2_000) }
    case 2:
    case 3:
      return { atMs, fault: 'node hung', forMs: random.chance(0.5) ? ms(50, 2_000) : ms(2_000, 12_000) }
    case 4:
      return random.chance(0.3)
        ? { atMs, fault: 'all nodes down', downMs: ms(2_000, 45_000) }
        : { atMs, fault: 'application replaced' }
    case 5:
      return random.chance(0.5)
        ? { atMs, fault: 'pbx connection cut' }
        : { atMs, fault: 'pbx slow', byMs: ms(1_000, 4_500), forMs: ms(5_000, 30_000) }
    case 6:
      return {
        atMs,
        fault: random.pick(['pbx answers lost', 'pbx requests lost']),
        count: random.whole(1, 5),
      }
    case 7:
      return { atMs, fault: 'events lost', count: random.whole(1, 4) }
    case 8:
      return { atMs, fault: 'events doubled', forMs: ms(1_000, 30_000) }
    case 9:
      return { atMs, fault: 'events late', byMs: ms(50, 4_000), forMs: ms(1_000, 20_000) }
    case 10:
      return { atMs, fault: 'asterisk restarted', downMs: ms(500, 6_000) }
    case 11:
      // Sometimes long enough for the fallback to serve new and waiting callers.
      return { atMs, fault: 'redis down', forMs: random.chance(0.2) ? ms(6_000, 60_000) : ms(50, 6_000) }
    case 12:
      return random.chance(0.5)
        ? { atMs, fault: 'redis flushed' }
        : { atMs, fault: 'redis emptied', downMs: ms(10, 2_000) }
    case 13:
      return { atMs, fault: 'redis rolled back', downMs: ms(10, 2_000) }
    case 14:
      return { atMs, fault: 'redis answers lost', count: random.whole(1, 3) }
    case 15:
      return { atMs, fault: 'redis stalled', forMs: ms(100, 5_000) }
    case 16:
      return { atMs, fault: 'redis cut off from one node', forMs: ms(100, 8_000) }
    case 17:
      return { atMs, fault: 'native call', agent, forMs: ms(500, 20_000) }
    case 18:
      if (random.chance(0.5)) return { atMs, fault: 'agent dismissed', agent, forMs: ms(5_000, 30_000) }
      // Long enough for several offers.
      if (random.chance(0.3)) return { atMs, fault: 'phone frozen', agent, forMs: ms(5_000, 60_000) }
      return {
        atMs,
        fault: random.pick(['phone unreachable', 'phone switched off']),
        agent,
        forMs: ms(500, 20_000),
      }
    default:
      return { atMs, fault: 'clock jumped', byMs: ms(-5_000, 5_000) }
  }
}

/** The scenario as text, one line per caller and fault. */
export function printed({ seed, agents, nodes, rules, callers, faults, crashAt }: Scenario): string {
  const lines = [
    ...callers.map(({ id, atMs, queue, patienceMs }) => ({
      atMs,
      text: `${id} calls ${queue}, patient for ${patienceMs} ms`,
    })),
    ...faults.map(({ atMs, fault, ...rest }) => ({ atMs, text: `FAULT ${fault} ${JSON.stringify(rest)}` })),
  ].sort((a, b) => a.atMs - b.atMs)
  return [
    `seed ${seed}: ${agents} agents, ${nodes} node(s), ${JSON.stringify(rules)}`,
    ...(crashAt === undefined ? [] : [`  a process dies at no. ${crashAt.nth} of "${crashAt.what}"`]),
    ...lines.map(({ atMs, text }) => `  ${String(atMs).padStart(7)} ms  ${text}`),
  ].join('\n')
}
