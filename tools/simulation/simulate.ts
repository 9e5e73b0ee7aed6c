/** Runs one scenario from its first caller until the system is empty, and reports the first violated invariant. */
import { isOutbound, PbxName, type CallId, type ChannelId } from '../../src/core/ids.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import { upcastAcdEvent, versioned, type Stored } from '../../src/core/versions.ts'
import { acdKeys } from '../../src/redis/keys.ts'
import type { Alarm } from '../../src/acd/ports.ts'
import { checkWords } from './checks/own-words.ts'
import { Invariants } from './checks/invariants.ts'
import { ModelEngine } from './redis/model-engine.ts'
import { scheduleFault } from './world/fault-injection.ts'
import { History } from './checks/history.ts'
import type { Scenario } from './scenario.ts'
import { must, Violation } from './checks/violation.ts'
import { World, type RedisEngine } from './world/world.ts'

export interface Run {
  readonly violation: Violation | null
  readonly steps: number
  /** State changes of calls and agents. */
  readonly transitions: number
  readonly elapsedMs: number
  /** Calls that ended with a conversation. */
  readonly talked: number
  /** Number of messages by kind, when counted. */
  readonly messageCounts: ReadonlyMap<string, number>
  /** Whether the scenario's crash happened. */
  readonly crashed: boolean
}

export interface RunOptions {
  /** Creates the Redis engine; default: the model. */
  readonly engineOf?: (now: () => number) => RedisEngine
  /** Receives every event, to print the last ones of a failure. */
  readonly trace?: (elapsed: number, text: string) => void
  /** Counts the messages by kind, which costs 5 % of the run time. */
  readonly counts?: boolean
}

export const keys = acdKeys('sim', PbxName('pbx1'))
const sampleEveryMs = 250
/** Time from the last caller's end until the system must be idle. */
const settleMs = 40_000
/** Bound, after the last arrival, for all callers to have ended. */
const emptyWithinMs = 600_000
/** From then on supervisors cancel the callbacks: all agents may have paused. */
const callbacksWithinMs = 150_000

/** Alarms that indicate a bug in the product. */
const neverAlarms: ReadonlySet<Alarm> = new Set(['call quarantined', 'event not taken'])

export async function simulate(scenario: Scenario, options: RunOptions = {}): Promise<Run> {
  return new Simulation(scenario, options).run()
}

class Simulation {
  readonly #scenario: Scenario
  readonly #world: World
  readonly #history: History
  readonly #invariants: Invariants
  readonly #trace: RunOptions['trace']
  readonly #talkMs = new Map<CallId, number>()
  readonly #legsMs = new Map<ChannelId, number>()
  readonly #recorded = new Set<CallId>()
  #violation: Violation | null = null
  #seen = -1

  constructor(scenario: Scenario, { engineOf, trace, counts }: RunOptions) {
    this.#scenario = scenario
    this.#history = new History(scenario)
    this.#trace = trace
    this.#world = new World(
      scenario,
      engineOf ?? ((now) => new ModelEngine(now, keys.events)),
      {
        bridged: (call) => this.#history.bridged(call, this.#world.schedule.now()),
        hungUp: (channel) => this.#invariants.checkHangUp(channel),
        tapped: (bridge) => this.#invariants.checkTap(bridge),
        dialled: (citizen) => this.#invariants.checkDial(citizen, this.#history.hasAgent(citizen)),
        pickedUp: (leg) => this.#history.pickedUp(leg),
        left: (caller) => this.#invariants.left(caller),
        rung: (leg, username) => this.#invariants.checkRing(leg, username),
        heard: (caller, prompt) =>
          checkWords(this.#world.asterisk.channels.get(caller)?.arrived?.line ?? '', prompt),
        spooled: (node, events) => this.#history.spooled(node, events),
        withdrawn: (events) => this.#history.withdrawn(events),
        lastRecorded: (node) => this.#history.lastRecorded(node),
        recorded: (call) => this.#recorded.add(call),
        diedUnsaved: () => {
          this.#history.mayFork = true
        },
        alarm: (node, alarm) => this.#alarm(node, alarm),
        logged: (node, line) => this.#fail(new Violation('an error in the log', `${node}: ${line}`)),
      },
      counts ?? false,
    )
    this.#invariants = new Invariants(this.#world)
    for (const fault of scenario.faults) scheduleFault(this.#world, fault)
    this.#sample()
  }

  async run(): Promise<Run> {
    const { schedule, asterisk } = this.#world
    try {
      const lastMs = this.#scenario.callers.at(-1)?.atMs ?? 0
      await this.#until(lastMs + 1)
      const giveUpAt = lastMs + emptyWithinMs
      const isBusy = (): boolean => {
        const line = this.#world.owner?.owner.line
        return asterisk.channels.size > 0 || line === undefined || line.calls().length > 0
      }
      while (isBusy() && schedule.elapsed < giveUpAt) {
        await this.#until(schedule.elapsed + 1_000)
        if (schedule.elapsed > lastMs + callbacksWithinMs) this.#world.cancelCallbacks()
      }
      await this.#until(schedule.elapsed + settleMs)
      await this.#end()
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      this.#violation ??= error
    }
    return {
      violation: this.#violation,
      steps: schedule.steps,
      transitions: this.#history.transitions,
      elapsedMs: Math.round(schedule.elapsed),
      talked: [...this.#world.simulatedCallers.calls].filter(
        ([id, { firstBridgedAt }]) => firstBridgedAt !== null && !isOutbound(id),
      ).length,
      messageCounts: this.#world.messages.messageCounts,
      crashed: this.#world.messages.crashed,
    }
  }

  async #until(elapsed: number): Promise<void> {
    await this.#world.schedule.run(elapsed, () => this.#afterStep())
  }

  #afterStep(): void {
    if (this.#violation !== null) throw this.#violation
    const added = this.#world.engine.newEvents()
    if (!(added instanceof Promise)) for (const json of added) this.#onEvent(json)
    if (this.#history.transitions === this.#seen) return
    this.#seen = this.#history.transitions
    this.#invariants.checkStep()
  }

  #sample(): void {
    this.#world.schedule.after(sampleEveryMs, async () => {
      for (const json of await this.#world.engine.newEvents(true)) this.#onEvent(json)
      this.#invariants.checkStep()
      this.#invariants.checkBounds()
      const { faultState, asterisk } = this.#world
      for (const { id, phone } of asterisk.channels.values()) {
        if (!faultState.isHealthy || !asterisk.talks(id)) continue
        const times: Map<string, number> = phone === null ? this.#talkMs : this.#legsMs
        times.set(id, (times.get(id) ?? 0) + sampleEveryMs)
      }
      this.#sample()
    })
  }

  async #end(): Promise<void> {
    this.#invariants.checkEnd()
    for (const json of await this.#world.engine.newEvents(true)) this.#onEvent(json)
    const { engine, simulatedCallers, schedule } = this.#world
    const effects = (await engine.execute('xrange', [keys.effects, '-', '+'])) as unknown[]
    must(effects.length === 0, 'an effect is left', () => JSON.stringify(effects))
    // A save may be under way: compare again a moment later.
    let difference = await this.#difference()
    for (let samples = 0; samples < 8 && difference !== null; samples++) {
      await this.#until(schedule.elapsed + sampleEveryMs)
      difference = await this.#difference()
    }
    must(difference === null, 'Redis and memory differ', () => difference ?? '')
    this.#history.close(
      new Map(
        [...simulatedCallers.calls.keys()].map((id) => {
          const bridgedMs = this.#talkMs.get(id) ?? 0
          return [id, { arrived: bridgedMs > 0, bridgedMs }]
        }),
      ),
      this.#legsMs,
      {
        redisLost: this.#scenario.faults.some(({ fault }) => fault.startsWith('redis')),
        recorded: this.#recorded,
      },
    )
  }

  /** The first difference between Redis and the owner's memory; null: none. */
  async #difference(): Promise<string | null> {
    const states = (await this.#world.engine.execute('hgetall', [keys.states])) as Record<string, string>
    const line = this.#world.owner?.owner.line
    const memory = Object.fromEntries([
      ...(line?.calls() ?? []).map(
        ({ value }) => [`call:${value.id}`, JSON.stringify(versioned(value))] as const,
      ),
      ...(line?.agents() ?? []).map(
        ({ value }) => [`agent:${value.id}`, JSON.stringify(versioned(value))] as const,
      ),
    ])
    const subject = Object.keys({ ...states, ...memory }).find((one) => states[one] !== memory[one])
    return subject === undefined ? null : `${subject}\n    ${states[subject]}\n    ${memory[subject]}`
  }

  #onEvent(json: string): void {
    const event = upcastAcdEvent(JSON.parse(json) as Stored<AcdEvent>)
    this.#invariants.checkEvent(event)
    this.#trace?.(
      this.#world.schedule.elapsed,
      `${event.id} ${event.seq} ${JSON.stringify(event.event)} → ${'phase' in event.after ? event.after.phase : event.after.state}`,
    )
    this.#history.add(event)
  }

  #alarm(node: string, alarm: Alarm): void {
    this.#trace?.(this.#world.schedule.elapsed, `ALARM ${node}: ${alarm}`)
    if (neverAlarms.has(alarm)) this.#fail(new Violation('an alarm', `${node}: ${alarm}`))
  }

  /** Called from within a node, so it must not throw: the run ends after this step. */
  #fail(violation: Violation): void {
    this.#violation ??= violation
  }
}
