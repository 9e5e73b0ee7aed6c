/**
 * Runs the systems alternately, part after part, so that compared values were measured within minutes of each other:
 * a shared machine changes over an hour. Each part opens new phones, so that no state is carried into the next.
 */
import { citizensFrom, type DemoAccount, type DemoFile } from '../../demo/demo-file.ts'
import { say } from '../../../src/stack/terminal.ts'
import type { Stack } from '../../../src/stack/stack.ts'
import { openPhones } from '../load-generator/agents.ts'
import { answerToBridge } from '../measures/answer-to-bridge.ts'
import type { Timing } from '../report/figures.ts'
import { agentsAtLoad, highest, steadily, type Loaded, type LoadOptions, type LoadPace } from './load.ts'
import { watchHost } from '../measures/machine.ts'
import { measureTimeToPaint } from '../measures/time-to-paint.ts'
import {
  freeAgents,
  handOvers,
  queuedWait,
  type Bench,
  type Limit,
  type QueuedWait,
  type Timed,
} from './phases.ts'
import type { SippRun } from '../load-generator/sipp.ts'
import type { Sizes } from '../sizes.ts'
import type { System } from './systems.ts'
import { CallMonitor } from '../load-generator/call-monitor.ts'

/** One system's time with the machine. */
export interface Turn {
  readonly part: string
  /** By the wall clock, in milliseconds. */
  readonly from: number
  readonly to: number
  /** Steal time during the turn, as a share. */
  readonly hostTook: number
}

/** Results of one system; null: not wanted. */
export interface Measurements {
  readonly system: System
  readonly turns: Turn[]
  seen: Awaited<ReturnType<typeof measureTimeToPaint>> | null
  handedOver: Timed | null
  reached: Timed | null
  queued: QueuedWait | null
  bridged: readonly Timing[] | null
  /** At half of the steady load; null also for a system without a ledger. */
  atHalf: Loaded | null
  loaded: Loaded | null
  limit: Limit | null
}

const agentsAtWork = 10

export interface ComparisonOptions {
  readonly sizes: Sizes
  /** By the monotonic clock: no turn is begun that would probably end later. */
  readonly endsBy: number
  /** Called after each measure. */
  readonly measured: (found: Measurements) => Promise<void>
  /** Called with a sentence for each turn that is left out. */
  readonly skipped: (sentence: string) => Promise<void>
}

export async function compareSystems(
  stack: Stack,
  demo: DemoFile,
  systems: readonly System[],
  { sizes, endsBy, measured, skipped }: ComparisonOptions,
): Promise<readonly Measurements[]> {
  const comparison = new Comparison(stack, demo, sizes, measured)
  const all = systems.map((system) => unmeasured(system))
  const whole = all.filter(({ system }) => system.name !== 'bare loop')
  const hasTimeFor = async (system: System, part: string, ms: number): Promise<boolean> => {
    const has = performance.now() + ms < endsBy
    if (!has) await skipped(`${system.name}, ${part}: it would take about ${Math.ceil(ms / 1000)} s`)
    return has
  }
  // First, while no other agent is at work.
  const ours = all.filter(({ system }) => system.name === 'Linia' && sizes.painted > 0)
  for (const found of ours)
    await comparison.turn(found, 'in Chromium', () => comparison.measurePainting(found))
  try {
    const few = all.filter(({ system }) => fewAgentsMs(sizes, system) > aroundMs)
    if (few.length > 0) {
      await comparison.openPhones(agentsAtWork)
      const part = `${agentsAtWork} agents`
      for (const found of few)
        if (await hasTimeFor(found.system, part, fewAgentsMs(sizes, found.system)))
          await comparison.turn(found, part, () => comparison.measureFewAgents(found, agentsAtWork))
    }
    if (sizes.loadSeconds > 0) {
      await comparison.openPhones(agentsAtLoad)
      let idleMs = 0
      const part = `${agentsAtLoad} agents`
      for (const found of whole) {
        // app_queue's recordings are not encoded; it idles for as long as Linia's encoding took.
        const given = idleMs
        if (!(await hasTimeFor(found.system, part, loadMs(sizes, found.system) + given))) continue
        await comparison.turn(found, part, () => comparison.measureLoad(found, given))
        idleMs = found.loaded?.idleMs ?? 0
      }
    }
    if (sizes.limit > 0)
      for (const [index, found] of whole.entries()) {
        if (!(await hasTimeFor(found.system, 'the limit', limitMsMin))) continue
        await comparison.openPhones(agentsAtLoad)
        const left = whole.length - index
        await comparison.turn(found, 'the limit', () =>
          comparison.measureLimit(found, performance.now() + (endsBy - performance.now()) / left),
        )
      }
  } finally {
    await comparison.closePhones()
  }
  return all
}

/** What the turns take, about: calls of 3 s at ten agents, arrivals each half second, a start and an end of 15 s. */
const aroundMs = 15_000
const fewAgentsMs = ({ handovers, arrivals, queued }: Sizes, system: System): number =>
  aroundMs + handovers * 330 + arrivals * 500 + (system.name === 'Linia' ? queued * 350 : 0)
/** Linia at half of the rate first, and afterwards its encoding. */
const loadMs = ({ loadSeconds }: Sizes, system: System): number =>
  aroundMs + loadSeconds * (system.name === 'Linia' ? 2_500 : 1_000)
const limitMsMin = 60_000

const unmeasured = (system: System): Measurements => ({
  system,
  turns: [],
  seen: null,
  handedOver: null,
  reached: null,
  queued: null,
  bridged: null,
  atHalf: null,
  loaded: null,
  limit: null,
})

class Comparison {
  readonly #stack: Stack
  readonly #demo: DemoFile
  readonly #sizes: Sizes
  readonly #measured: ComparisonOptions['measured']
  readonly #agents: readonly DemoAccount[]
  #phones: SippRun | null = null
  /** Agents with an open phone. */
  #staff: readonly DemoAccount[] = []
  /** Monitor of the current phase. */
  #monitor = new CallMonitor()

  constructor(stack: Stack, demo: DemoFile, sizes: Sizes, measured: ComparisonOptions['measured']) {
    this.#stack = stack
    this.#demo = demo
    this.#sizes = sizes
    this.#measured = measured
    this.#agents = demo.accounts.filter((account) => account.role === 'agent').slice(0, agentsAtLoad)
  }

  /** Opens the phones of `count` agents in place of the open ones. */
  async openPhones(count: number): Promise<void> {
    await this.closePhones()
    this.#fresh()
    this.#staff = this.#agents.slice(0, count)
    const onEvent: CallMonitor['onPhoneEvent'] = (event) => this.#monitor.onPhoneEvent(event)
    const onComplaint = (line: string): void => this.#monitor.onPhoneComplaint(line)
    this.#phones = await openPhones(this.#demo.sip, this.#staff, onEvent, onComplaint)
  }

  async closePhones(): Promise<void> {
    await this.#phones?.stop()
    this.#phones = null
  }

  /** Runs one part for a system, with the open phones signed in. */
  async turn(found: Measurements, part: string, work: () => Promise<void>): Promise<void> {
    const { system, turns } = found
    say(`${system.name}, ${part} …`)
    await system.activate()
    await system.signIn(this.#staff)
    const from = Date.now()
    const hostTook = await watchHost()
    await work()
    turns.push({ part, from, to: Date.now(), hostTook: await hostTook() })
    await this.#measured(found)
    await system.deactivate()
  }

  /** The last agent works in a browser, with no other agent signed in. */
  async measurePainting(found: Measurements): Promise<void> {
    const count = this.#sizes.painted
    say(`  ${count} calls shown to an agent and a supervisor in Chromium …`)
    const agent = this.#demo.accounts.findLast(({ role }) => role === 'agent')
    const supervisor = this.#demo.accounts.find(({ role }) => role === 'supervisor')
    if (agent === undefined || supervisor === undefined)
      throw new Error('the demo has no agent or no supervisor')
    found.seen = await measureTimeToPaint(this.#demo, agent, supervisor, count)
  }

  async measureFewAgents(found: Measurements, agents: number): Promise<void> {
    const { handovers, arrivals, queued } = this.#sizes
    const bench = this.#bench(found.system)
    const beganAt = Date.now()
    if (handovers > 0) {
      found.handedOver = await handOvers(bench, this.#fresh(), agents, handovers)
      await this.#measured(found)
    }
    if (arrivals > 0) {
      found.reached = await freeAgents(bench, this.#fresh(), arrivals)
      await this.#measured(found)
    }
    // The optimum of these callers is computed: only Linia is held to it.
    if (queued > 0 && found.system.name === 'Linia') {
      found.queued = await queuedWait(bench, this.#fresh(), agents, queued)
      await this.#measured(found)
    }
    const record = this.#stack.environment['CEL_FILE'] ?? ''
    found.bridged = await answerToBridge(record, beganAt, Date.now())
  }

  async measureLoad(found: Measurements, idleMs: number): Promise<void> {
    const { perSecond, loadSeconds: seconds } = this.#sizes
    const options = this.loadOf(found.system)
    const whole: LoadPace = { perSecond, seconds, idleMs }
    if (found.system.name === 'Linia') {
      const half = { ...whole, perSecond: perSecond / 2, seconds: Math.ceil(seconds / 2) }
      found.atHalf = await steadily(options, half)
      await this.#measured(found)
    }
    found.loaded = await steadily(options, whole)
  }

  async measureLimit(found: Measurements, endsBy: number): Promise<void> {
    found.limit = await highest(this.loadOf(found.system), endsBy)
  }

  loadOf(system: System): LoadOptions {
    return { stack: this.#stack, system, bench: this.#bench(system), fresh: this.#fresh }
  }

  readonly #fresh = (): CallMonitor => (this.#monitor = new CallMonitor())

  #bench({ number }: System): Bench {
    return { server: this.#demo.sip, host: citizensFrom(this.#demo), number }
  }
}
