/** Everything of one run: Asterisk, Redis, the nodes with their supervisor, citizens and staff. */
import { AgentId, CallId, ChannelId, offerOfLeg, PbxName, type BridgeId } from '../../../src/core/ids.ts'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import { acdKeys } from '../../../src/redis/keys.ts'
import type { Alarm, LastRecorded } from '../../../src/acd/ports.ts'
import { FakeAsterisk } from '../../../test/support/fake-pbx.ts'
import { Citizens } from './simulated-callers.ts'
import { Dialplan } from './dialplan.ts'
import { Messages } from '../kernel/messages.ts'
import { Node, type Site } from './node.ts'
import { Random } from '../kernel/random.ts'
import { RedisServer, type Engine } from '../redis/link.ts'
import { Schedule } from '../kernel/schedule.ts'
import type { Script } from '../scenario.ts'
import { Staff } from './simulated-agents.ts'
import { Weather } from './fault-state.ts'

/** What the checks and the trace are told. */
export interface Watcher {
  readonly bridged: (call: CallId, leg: ChannelId) => void
  readonly rung: (leg: ChannelId, username: string) => void
  readonly spooled: (node: string, events: readonly AcdEvent[]) => void
  readonly withdrawn: (events: readonly AcdEvent[]) => void
  /** A new owner asks how far the ledger goes. */
  readonly lastRecorded: (node: string) => LastRecorded
  readonly recorded: (call: CallId) => void
  /** A process died with changes that Redis does not have. */
  readonly diedUnsaved: () => void
  readonly alarm: (node: string, alarm: Alarm) => void
  readonly logged: (node: string, line: string) => void
}

/** A Redis that can be set back. */
export interface RedisEngine extends Engine {
  /** What the event stream has got since it was last asked; where asking costs time, only when `now` is set. */
  newEvents(now?: true): readonly string[] | Promise<readonly string[]>
  keep(): unknown
  /** Null: it comes back empty. */
  restart(kept: unknown): void | Promise<void>
  /** Emptied while everybody stays connected. */
  flush(): void | Promise<void>
}

/** Of the nodes that die, so many leave a supervisor behind, who sees it; of the others the machine is gone. */
const seenToDie = 0.7

/** From a crash until another node has the line, and what it had let lie is done. */
const crashRoughMs = 11_000

export class World {
  readonly script: Script
  readonly schedule = new Schedule()
  readonly random: Random
  readonly weather = new Weather(this.schedule)
  readonly asterisk = new FakeAsterisk(this.schedule)
  readonly messages: Messages
  readonly redis: RedisServer
  readonly engine: RedisEngine
  readonly keys = acdKeys('sim', PbxName('pbx1'))
  readonly citizens: Citizens
  readonly staff: Staff
  readonly agents: AgentProfile[]
  readonly #site: Site
  readonly watcher: Watcher
  readonly #nodes = new Map<string, Node>()
  /** No node is started before then (elapsed). */
  #noNodeBefore = 0

  /** `counts`: how many messages of each kind come. */
  constructor(
    script: Script,
    engineOf: (now: () => number) => RedisEngine,
    watcher: Watcher,
    counts: boolean,
  ) {
    this.script = script
    this.watcher = watcher
    this.random = new Random(script.seed, 'world')
    this.engine = engineOf(() => this.schedule.now())
    this.redis = new RedisServer(this.engine)
    this.messages = new Messages(counts, script.crashAt ?? null, () => this.weather.disturb(crashRoughMs))
    this.citizens = new Citizens(this.asterisk, this.schedule, new Dialplan(this.asterisk, this.schedule))
    this.staff = new Staff({
      asterisk: this.asterisk,
      schedule: this.schedule,
      seed: script.seed,
      ringTimeoutMs: script.rules.ringTimeoutMs,
      press: (button) => {
        const node = this.owner
        if (node === undefined) return
        this.schedule.after(this.random.between(0.5, 5), () => {
          node.process.deliver('a button', () => button(node.owner.desk))
        })
      },
      shown: (agent) => this.owner?.owner.line.agent(agent)?.value,
    })
    this.agents = Array.from({ length: script.agents }, (_, index) => profileOf(script, index))
    this.#site = {
      schedule: this.schedule,
      messages: this.messages,
      weather: this.weather,
      random: this.random,
      asterisk: this.asterisk,
      redis: this.redis,
      keys: this.keys,
      rules: script.rules,
      opening: () => ({ open: true, closesAt: null }),
      people: { agents: this.agents, queues: script.queues },
      spoolOf: (node) => ({
        add: (events) => watcher.spooled(node, events),
        withdraw: watcher.withdrawn,
      }),
      lastRecorded: watcher.lastRecorded,
      recorded: watcher.recorded,
      alarm: watcher.alarm,
      logged: watcher.logged,
    }
    this.#animate(watcher)
  }

  /** The node that has the line: it may hang at the moment. */
  get owner(): Node | undefined {
    for (const node of this.#nodes.values()) if (node.ownsLine) return node
    return undefined
  }
  nodes(): readonly Node[] {
    return [...this.#nodes.values()].filter(({ process }) => !process.isDead)
  }

  /** Nodes are down for so long, whatever the supervisor wants. */
  keepDown(forMs: number): void {
    this.#noNodeBefore = this.schedule.elapsed + forMs
  }

  directoryChanged(): void {
    for (const node of this.nodes()) node.directoryChanged()
  }

  #animate(watcher: Watcher): void {
    const { asterisk, schedule, script, staff } = this
    asterisk.playMs = 1_500
    asterisk.onRing = (leg, username) => {
      watcher.rung(leg, username)
      staff.rings(leg, username)
    }
    asterisk.onTell = (event) => {
      if (event.type === 'BridgeFull') this.#bridged(event.bridge, watcher)
    }
    asterisk.setDirectory(this.agents)
    for (const agent of this.agents) staff.employ(agent)
    for (const caller of script.callers) this.citizens.expect(caller)
    for (const name of ['one', 'two'].slice(0, script.nodes)) {
      schedule.after(this.random.between(0, 500), () => this.#start(name))
    }
  }

  #bridged(bridge: BridgeId, watcher: Watcher): void {
    const members = [...(this.asterisk.bridges.get(bridge) ?? [])]
    const leg = members.find((id) => offerOfLeg(id) !== null)
    const caller = members.find((id) => offerOfLeg(id) === null)
    if (leg === undefined || caller === undefined) return
    this.citizens.bridged(CallId(caller))
    watcher.bridged(CallId(caller), leg)
  }

  #start(name: string): void {
    const { schedule, random } = this
    if (schedule.elapsed < this.#noNodeBefore) {
      schedule.at(this.#noNodeBefore + random.between(0, 500), () => this.#start(name))
      return
    }
    const node = new Node(this.#site, name)
    this.#nodes.set(name, node)
    node.process.onDeath(() => {
      // While Redis is away a process remembers what may be lost there, also before it has heard so.
      if (node.isUnsaved || !this.redis.isUp) this.watcher.diedUnsaved()
      const { token } = node
      if (random.chance(seenToDie)) schedule.after(random.between(5, 60), () => this.#releaseLease(token))
      schedule.after(random.between(300, 1_500), () => this.#start(name))
    })
  }

  /** As the supervisor does for a node that has ended, in vain while Redis is away. */
  #releaseLease(token: string): unknown {
    const { engine, keys, redis, schedule, weather } = this
    if (!redis.isUp || schedule.elapsed < weather.redisStalledUntil) return undefined
    return engine.execute('releaseLease', [keys.lease, keys.lastLease, token])
  }
}

function profileOf(script: Script, index: number): AgentProfile {
  const random = new Random(script.seed, `profile ${index}`)
  const skills: Record<string, number> = { city: random.whole(1, 3), taxes: random.whole(1, 3) }
  // The first two can do everything, so that every queue is served by somebody.
  if (index > 1 && random.chance(0.3)) delete skills[random.pick(['city', 'taxes'])]
  if (index < 2) Object.assign(skills, { city: 3, taxes: 3 })
  const username = `a${index}`
  return { id: AgentId(username), username, name: username, skills }
}
