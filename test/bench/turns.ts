/**
 * The systems in turn, part after part, so that what is compared was measured within minutes: an hour later the
 * same machine may be another one. The phones are the same ones all the time.
 */
import { citizensFrom, type DemoAccount, type DemoFile } from '../../src/stack/demo/demo-file.ts'
import { say } from '../../src/stack/screen.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { openPhones } from './agents.ts'
import { answeredToBridged } from './bridged.ts'
import type { Timing } from './figures.ts'
import { agentsAtLoad, highest, steady, type Steady } from './load.ts'
import { watchHost } from './machine.ts'
import { painted } from './painted.ts'
import { freeAgents, handOvers, queuedWait, type Limit, type QueuedWait, type Timed } from './phases.ts'
import type { SippRun } from './sipp.ts'
import type { Sizes } from './sizes.ts'
import type { System } from './systems.ts'
import { Watch } from './watch.ts'
import type { Slow } from '../support/pace.ts'

/** One system's time with the machine. */
export interface Turn {
  readonly part: string
  readonly span: Slow
  /** The share of the processors' time that the host gave to others meanwhile. */
  readonly hostTook: number
}

/** Of one system; null: nobody wanted to know. */
export interface Found {
  readonly system: System
  readonly turns: Turn[]
  seen: Awaited<ReturnType<typeof painted>> | null
  handedOver: Timed | null
  reached: Timed | null
  queued: QueuedWait | null
  bridged: readonly Timing[] | null
  steady: Steady | null
  limit: Limit | null
}

const agentsAtWork = 10

export async function inTurns(
  stack: Stack,
  demo: DemoFile,
  systems: readonly System[],
  sizes: Sizes,
): Promise<readonly Found[]> {
  const floor = new Floor(stack, demo, sizes)
  const all = systems.map((system) => nothingFound(system))
  // Nobody else may be at work yet.
  const ours = all.filter(({ system }) => system.name === 'Linia' && sizes.painted > 0)
  for (const found of ours) await floor.turn(found, 'in Chromium', () => floor.see(found))
  try {
    if (sizes.handovers + sizes.arrivals + sizes.queued > 0) {
      await floor.openPhones(agentsAtWork)
      for (const found of all)
        await floor.turn(found, `${agentsAtWork} agents`, () => floor.askFew(found, agentsAtWork))
    }
    if (sizes.loadSeconds + sizes.limit > 0) {
      await floor.openPhones(agentsAtLoad)
      // app_queue's recordings are not encoded: it is given the time that Linia's took.
      let idleMs = 0
      for (const found of all)
        idleMs = await floor.turn(found, `${agentsAtLoad} agents`, () => floor.load(found, idleMs))
    }
  } finally {
    await floor.close()
  }
  return all
}

const nothingFound = (system: System): Found => ({
  system,
  turns: [],
  seen: null,
  handedOver: null,
  reached: null,
  queued: null,
  bridged: null,
  steady: null,
  limit: null,
})

class Floor {
  readonly #stack: Stack
  readonly #demo: DemoFile
  readonly #sizes: Sizes
  readonly #agents: readonly DemoAccount[]
  readonly #phones: SippRun[] = []
  /** How many have a phone, and by system how many of them work for it. */
  #open = 0
  readonly #atWork = new Map<System, number>()
  /** Of the phase under way. */
  #watch = new Watch()

  constructor(stack: Stack, demo: DemoFile, sizes: Sizes) {
    this.#stack = stack
    this.#demo = demo
    this.#sizes = sizes
    this.#agents = demo.accounts.filter((account) => account.role === 'agent').slice(0, agentsAtLoad)
  }

  async openPhones(count: number): Promise<void> {
    const more = this.#agents.slice(this.#open, count)
    const hears: Watch['agent'] = (moment) => this.#watch.agent(moment)
    const complains = (line: string): void => this.#watch.phoneComplains(line)
    this.#phones.push(await openPhones(this.#demo.sip, more, hears, complains))
    this.#open = count
  }

  async close(): Promise<void> {
    for (const phones of this.#phones) await phones.stop()
  }

  /** With all who have a phone at work for this system. */
  async turn<T>(found: Found, part: string, work: () => Promise<T>): Promise<T> {
    const { system, turns } = found
    say(`${system.name}, ${part} …`)
    await system.enter()
    await system.begin(this.#agents.slice(this.#atWork.get(system) ?? 0, this.#open))
    this.#atWork.set(system, this.#open)
    const from = Date.now()
    const hostTook = await watchHost()
    const known = await work()
    turns.push({ part, span: { from, to: Date.now() }, hostTook: await hostTook() })
    return known
  }

  /** The last agent sits at a browser, alone at work. */
  async see(found: Found): Promise<void> {
    const count = this.#sizes.painted
    say(`  ${count} calls that an agent and a supervisor see in Chromium …`)
    const agent = this.#demo.accounts.findLast(({ role }) => role === 'agent')
    const supervisor = this.#demo.accounts.find(({ role }) => role === 'supervisor')
    if (agent === undefined || supervisor === undefined) throw new Error('the demo has no such people')
    found.seen = await painted(this.#demo, agent, supervisor, count)
  }

  async askFew(found: Found, agents: number): Promise<void> {
    const { handovers, arrivals, queued } = this.#sizes
    const bench = this.#bench(found.system)
    const beganAt = Date.now()
    if (handovers > 0) found.handedOver = await handOvers(bench, this.#fresh(), agents, handovers)
    if (arrivals > 0) found.reached = await freeAgents(bench, this.#fresh(), arrivals)
    if (queued > 0) found.queued = await queuedWait(bench, this.#fresh(), agents, queued)
    const record = this.#stack.environment['CEL_FILE'] ?? ''
    found.bridged = await answeredToBridged(record, beganAt, Date.now())
  }

  /** How long the system was left alone after the steady load, in milliseconds. */
  async load(found: Found, idleMs: number): Promise<number> {
    const { perSecond, loadSeconds: seconds, limit } = this.#sizes
    const options = {
      stack: this.#stack,
      system: found.system,
      bench: this.#bench(found.system),
      fresh: this.#fresh,
    }
    if (seconds > 0) found.steady = await steady(options, { perSecond, seconds, idleMs })
    if (limit > 0) found.limit = await highest(options)
    return found.steady?.loaded.idleMs ?? 0
  }

  readonly #fresh = (): Watch => (this.#watch = new Watch())

  #bench({ number }: System) {
    return { server: this.#demo.sip, host: citizensFrom(this.#demo), number }
  }
}
