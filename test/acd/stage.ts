/** The real owner on a real Redis, with a small Asterisk in memory. */
import type { CallerNotice } from '../../src/core/announcements/caller-notice.ts'
import { noWords, type NumberWords } from '../../src/core/announcements/own-words.ts'
import type { MenuTree } from '../../src/core/configuration/menu.ts'
import type { Contact } from '../../src/core/contact.ts'
import { blockAt, type CallerBlock } from '../../src/core/blocked-callers/caller-block.ts'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { Test } from 'tap'
import type { Agent } from '../../src/core/agent.ts'
import type { LiveCall, CallStage } from '../../src/core/call.ts'
import type { Effect } from '../../src/core/effect.ts'
import { usualPauses } from '../../src/core/configuration/pauses.ts'
import { agentLegOf, AgentId, CallId, ChannelId, QueueId, type OfferId } from '../../src/core/ids.ts'
import { invariant } from '../../src/core/invariant.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import type { Opening } from '../../src/core/opening-hours.ts'
import { newQueue, type AgentProfile, type Queue } from '../../src/core/queue.ts'
import type { AnswerAt, OutboundSetting, WhenClosed } from '../../src/core/configuration/schema.ts'
import type { Rules } from '../../src/core/rules.ts'
import { redisLease } from '../../src/redis/lease.ts'
import type { AcdKeys } from '../../src/redis/keys.ts'
import { redisAcdStore } from '../../src/redis/store.ts'
import { systemClock } from '../../src/clock.ts'
import { Owner } from '../../src/acd/owner.ts'
import type { Alarm, Clock, Directory, LastRecorded } from '../../src/acd/ports.ts'
import { rules as sampleRules } from '../core/samples.ts'
import { FakeAsterisk, type FakePbx } from '../support/pbx/fake-pbx.ts'
import { readyRedis, type TestRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'

export const queue = newQueue(QueueId('city'), 'Primărie')

const rules: Rules = {
  ...sampleRules,
  greeting: false,
  wrapUpMs: 0,
  lineLengthMax: 1_000,
  closingGraceMs: 60_000,
}

export function agentNamed(name: string, level = 1): AgentProfile {
  return { id: AgentId(name), username: name, name, skills: { city: level } }
}

export class Stage {
  readonly asterisk = new FakeAsterisk()
  readonly redis: TestRedis
  readonly keys: AcdKeys
  readonly agents: AgentProfile[]
  readonly queues = [queue]
  readonly contacts: Contact[] = []
  menu: MenuTree | null = null
  readonly blocks: CallerBlock[] = []
  notices: readonly CallerNotice[] = []
  rules = rules
  opening: Opening = { open: true, closesAt: null }
  /** Whether a sentence can be heard. */
  hasSound: (sound: string) => boolean = () => true
  /** How often the owner has asked for it: at each arrival, and each second for each callback whose time has come. */
  openingsAsked = 0
  /** By how much the owner's clock is ahead of the test's. */
  aheadMs = 0
  /** Whether callers may leave a message while the number is closed. */
  closed: WhenClosed = 'message'
  /** When calls to the number are answered; null: as the rules say. */
  answer: AnswerAt | null = null
  /** How long callers of the number are served after closing; null: as the rules say. */
  closingGraceMs: number | null = null
  /** The number's own. */
  words: NumberWords = noWords
  /** The configuration's rules for calls to citizens; null: those of `rules`. */
  outbound: OutboundSetting | null = null
  /** Whether the owner's seconds pass by themselves: for tests about what is done each second. */
  secondsPass = false
  readonly #seconds = new Set<() => void>()
  /** Instead of the test's own clock. */
  clock: Clock | null = null
  /** How long its process was suspended, by the monotonic clock. */
  sleptMs = 0
  readonly events: AcdEvent[] = []
  readonly withdrawn: AcdEvent[] = []
  readonly alarms: Alarm[] = []
  /** The last numbers on record, as a new owner gets them. */
  told: LastRecorded = { calls: new Map(), agents: new Map() }
  readonly recorded: string[] = []
  recordings: (call: string) => Promise<void> = () => Promise.resolve()
  readonly losses: string[] = []
  readonly #t: Test
  #directoryChanged: () => void = () => undefined

  constructor(t: Test, redis: TestRedis, agents: readonly string[]) {
    this.#t = t
    this.redis = redis
    this.keys = redis.keys()
    this.agents = agents.map((name) => agentNamed(name))
  }

  /** Memory is ahead of the events: an event is published once it is saved. */
  async endTold(id: string): Promise<void> {
    await soon(() => this.events.some((event) => event.id === id && 'endedAt' in event.after))
  }

  /** One server process; `node` is its name. */
  server(node = 'one'): Server {
    const server = new Server(this, node)
    this.#t.teardown(() => server.kill())
    return server
  }

  directory(): Directory {
    return {
      agents: () => this.agents,
      queues: () => this.queues,
      pauses: () => ({ offered: usualPauses, former: [] }),
      outbound: () => this.outbound,
      contacts: () => this.contacts,
      callerNotices: () => this.notices,
      blockOf: (number, at) => blockAt(this.blocks, number, at),
      numbers: () => [
        {
          number: '969',
          also: ['0256408969'],
          queue: queue.id,
          hours: null,
          menu: null,
          closed: this.closed,
          answer: this.answer,
          closingGraceMs: this.closingGraceMs,
          words: this.words,
        },
      ],
      menuOf: () => this.menu,
      queueOf: () => this.queues[0] ?? queue,
      agentByUsername: (username) => this.agents.find((agent) => agent.username === username),
      onChange: (listener) => {
        this.#directoryChanged = listener
      },
    }
  }

  /** The dead node's lease has expired, and for so long that another node may take it at once. */
  async leaseLapses(): Promise<void> {
    const inspect = await readyRedis(this.redis)
    const { lease, lastLease } = this.keys
    const token = (await inspect.get(lease)) ?? (await inspect.get(lastLease)) ?? ''
    await inspect.set(lease, token)
    await inspect.releaseLease(lease, lastLease, token)
  }

  /**
   * A second passes for the owner, with its tasks, before this returns: what the tasks decide is in memory then. The
   * seconds do not pass by themselves, so that no sweep does what an event should have done before.
   */
  second(): void {
    this.aheadMs += 1_000
    const due = [...this.#seconds]
    for (const wake of due) wake()
  }

  /** Seconds pass until the condition holds, five at most: for what is repeated each second. */
  async seconds(condition: () => boolean): Promise<void> {
    const withinSecond = () =>
      soon(condition, 200).then(
        () => true,
        () => false,
      )
    for (let left = 5; left > 0; left -= 1) {
      this.second()
      if (await withinSecond()) return
    }
    throw new Error(`not in five seconds: ${condition.toString()}`)
  }

  nextSecond(wake: () => void): () => void {
    if (this.secondsPass) return systemClock.after(1_000, wake)
    const once = () => {
      this.#seconds.delete(once)
      wake()
    }
    this.#seconds.add(once)
    return () => void this.#seconds.delete(once)
  }

  /** The configuration has these queues from now on; the number leads to the first one. */
  reconfigure(...queues: readonly Queue[]): void {
    this.queues.splice(0, this.queues.length, ...queues)
    this.#directoryChanged()
  }

  /** The configuration has these rules for calls to citizens from now on. */
  publish(outbound: OutboundSetting | null): void {
    this.outbound = outbound
    this.#directoryChanged()
  }

  hire(name: string): void {
    this.agents.push(agentNamed(name))
    this.#directoryChanged()
  }

  /** Closes the account. */
  dismiss(...names: string[]): void {
    const left = this.agents.filter(({ username }) => !names.includes(username))
    this.agents.splice(0, this.agents.length, ...left)
    this.#directoryChanged()
  }

  /** The effects of one kind that the PBX has performed. */
  did<Do extends Effect['do']>(kind: Do): Extract<Effect, { do: Do }>[] {
    return this.asterisk.done.filter(
      (effect): effect is Extract<typeof effect, { do: Do }> => effect.do === kind,
    )
  }

  channel(id: string) {
    return this.asterisk.channels.get(ChannelId(id))
  }

  /** Whether caller and agent hear each other. */
  hear(call: string, offer: OfferId): boolean {
    return [...this.asterisk.bridges.values()].some(
      (members) => members.has(ChannelId(call)) && members.has(agentLegOf(offer)),
    )
  }
}

export class Server {
  readonly stage: Stage
  readonly owner: Owner
  readonly pbx: FakePbx
  readonly #redis
  readonly #lease
  #dead = false

  constructor(stage: Stage, node: string) {
    this.stage = stage
    this.pbx = stage.asterisk.adapter()
    this.#redis = stage.redis.connect({ commandTimeoutMs: 1_000 })
    const clock = stage.clock ?? {
      ...systemClock,
      now: () => Date.now() + stage.aheadMs,
      monotonic: () => performance.now() + stage.sleptMs,
    }
    this.#lease = redisLease(this.#redis, stage.keys, { node, clock })
    this.owner = new Owner({
      pbx: this.pbx,
      store: redisAcdStore(this.#redis, stage.keys, () => this.#lease.token()),
      lease: this.#lease,
      directory: stage.directory(),
      spool: {
        add: (events) => stage.events.push(...events),
        withdraw: (events) => stage.withdrawn.push(...events),
      },
      lastRecorded: () => Promise.resolve(stage.told),
      recordings: {
        finish: async (call) => {
          await stage.recordings(call)
          stage.recorded.push(call)
        },
      },
      rules: stage.rules,
      opening: () => {
        stage.openingsAsked += 1
        return stage.opening
      },
      hasSound: (sound) => stage.hasSound(sound),
      clock,
      newId: randomUUID,
      meter: {
        committed: () => undefined,
        performed: () => undefined,
        alarm: (kind) => stage.alarms.push(kind),
      },
      log: pino({ level: process.env['LINIA_TEST_LOG'] ?? 'silent' }),
      lost: (why) => stage.losses.push(why),
      nextSecond: (wake) => stage.nextSecond(wake),
    })
  }

  async start(): Promise<this> {
    await this.owner.start()
    return this
  }

  /** As `kill -9`: nothing is published, no lease is released. */
  kill(): Promise<void> {
    if (this.#dead) return Promise.resolve()
    this.#dead = true
    void this.pbx.stop()
    this.#redis.disconnect()
    return this.owner.stop()
  }

  /** Signs the agent in, with a browser phone, and makes the agent ready. */
  async work(...names: string[]): Promise<void> {
    for (const name of names) {
      this.stage.asterisk.register(name, 'web')
      await soon(() => this.agentOrNull(name)?.phones.web === true)
      await this.owner.desk.perform({ do: 'signIn', agent: AgentId(name) })
      const answer = await this.owner.desk.perform({ do: 'ready', agent: AgentId(name) })
      invariant(answer.ok, `${name} is not ready`)
    }
  }

  agentOrNull(name: string): Agent | undefined {
    return this.owner.line.agent(AgentId(name))?.value
  }

  agent(name: string): Agent {
    const agent = this.agentOrNull(name)
    invariant(agent !== undefined, `no agent ${name}`)
    return agent
  }

  call(id: string): LiveCall | undefined {
    return this.owner.line.call(CallId(id))?.value
  }

  /** Waits until the call is in this stage. */
  async phase<Of extends CallStage>(id: string, phase: Of): Promise<Extract<LiveCall, { phase: Of }>> {
    await soon(() => this.call(id)?.phase === phase).catch(() => {
      throw new Error(`${id} is ${this.call(id)?.phase} instead of ${phase}`)
    })
    return this.call(id) as Extract<LiveCall, { phase: Of }>
  }

  async over(id: string): Promise<void> {
    await soon(() => this.call(id) === undefined)
  }

  /** Rings, answers, bridges. */
  async talk(id: string): Promise<OfferId> {
    const { offer } = await this.phase(id, 'ringing')
    await soon(() => this.stage.channel(agentLegOf(offer.id)) !== undefined)
    this.stage.asterisk.answer(agentLegOf(offer.id))
    await this.phase(id, 'talking')
    return offer.id
  }
}
