/** The simulated world of one run: Asterisk, Redis, the nodes with their supervisors, callers and agents. */
import { questionSounds } from '../../../src/core/announcements/callback-question.ts'
import { surveyParts, surveySound, type SurveyPart } from '../../../src/core/announcements/survey.ts'
import { languages } from '../../../src/core/configuration/menu.ts'
import type { Prompt } from '../../../src/core/effect.ts'
import { AgentId, CallId, ChannelId, offerOfLeg, PbxName, type BridgeId } from '../../../src/core/ids.ts'
import { contacts, noContact, SimulatedExternals } from './simulated-externals.ts'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import { acdKeys } from '../../../src/redis/keys.ts'
import type { Alarm, LastRecorded } from '../../../src/acd/ports.ts'
import { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import { PageVisitors } from './page-visitors.ts'
import { numberOf, SimulatedCallers } from './simulated-callers.ts'
import { Dialplan } from './dialplan.ts'
import { Messages } from '../kernel/messages.ts'
import { Node, type Site } from './node.ts'
import { Random } from '../kernel/random.ts'
import { RedisServer, type Engine } from '../redis/link.ts'
import { Schedule, startOfTime } from '../kernel/schedule.ts'
import { closedNumber, eveningNumber, morningNumber, type Scenario } from '../scenario.ts'
import { SimulatedAgents } from './simulated-agents.ts'
import { menusFor, readingMs } from './menus.ts'
import { FaultState } from './fault-state.ts'

/** Events for the invariants and the trace. */
export interface WorldObserver {
  readonly bridged: (call: CallId, leg: ChannelId) => void
  readonly rung: (leg: ChannelId, username: string) => void
  /** A caller begins to hear a prompt. */
  readonly heard: (caller: ChannelId, prompt: Prompt) => void
  /** The application hangs up a channel. */
  readonly hungUp: (channel: ChannelId) => void
  /** A supervisor and an ear are together. */
  readonly tapped: (bridge: BridgeId) => void
  /** An agent's leg was picked up. */
  /** A citizen’s phone begins to ring. */
  readonly dialled: (citizen: ChannelId) => void
  readonly pickedUp: (leg: ChannelId) => void
  /** A caller's channel ended. */
  readonly left: (caller: ChannelId) => void
  readonly spooled: (node: string, events: readonly AcdEvent[]) => void
  readonly withdrawn: (events: readonly AcdEvent[]) => void
  /** A new owner asks for the last recorded numbers. */
  readonly lastRecorded: (node: string) => LastRecorded
  readonly recorded: (call: CallId) => void
  /** A process died with changes not yet in Redis. */
  readonly diedUnsaved: () => void
  readonly alarm: (node: string, alarm: Alarm) => void
  readonly logged: (node: string, line: string) => void
}

/** A Redis that can be restored to a snapshot. */
export interface RedisEngine extends Engine {
  /** New entries of the event stream. An engine on which reading is slow reads only when `now` is set. */
  newEvents(now?: true): readonly string[] | Promise<readonly string[]>
  keep(): unknown
  /** Null: empty. */
  restart(kept: unknown): void | Promise<void>
  /** Empties it; connections stay. */
  flush(): void | Promise<void>
}

/** Whether a caller wants to be called back. */
const questions: ReadonlySet<string> = new Set(languages.flatMap(questionSounds))

/** How each caller is asked how it was, by the sound. */
const surveys: ReadonlyMap<string, SurveyPart> = new Map(
  languages.flatMap((language) => surveyParts.map((part) => [surveySound(language, part), part] as const)),
)

/** Longer than any bound of an answer that should have stopped it. */
const announcementMs = 4_000

/** Probability that a supervisor survives a node's death; otherwise the machine is gone. */
const supervisorSurvives = 0.7

/** From a crash until another node is owner and has performed the outstanding effects. */
const crashRoughMs = 11_000

export class World {
  readonly scenario: Scenario
  readonly schedule = new Schedule()
  readonly random: Random
  readonly faultState = new FaultState(this.schedule)
  readonly asterisk = new FakeAsterisk(this.schedule)
  readonly messages: Messages
  readonly redis: RedisServer
  readonly engine: RedisEngine
  readonly keys = acdKeys('sim', PbxName('pbx1'))
  readonly simulatedCallers: SimulatedCallers
  readonly simulatedAgents: SimulatedAgents
  readonly externals: SimulatedExternals
  readonly pageVisitors: PageVisitors
  readonly agents: AgentProfile[]
  readonly #site: Site
  readonly observer: WorldObserver
  readonly #nodes = new Map<string, Node>()
  /** No node is started before then (elapsed). */
  #noNodeBefore = 0

  /** `counts`: count messages by kind. */
  constructor(
    scenario: Scenario,
    engineOf: (now: () => number) => RedisEngine,
    observer: WorldObserver,
    counts: boolean,
  ) {
    this.scenario = scenario
    this.observer = observer
    this.random = new Random(scenario.seed, 'world')
    this.agents = Array.from({ length: scenario.agents }, (_, index) => profileOf(scenario, index))
    this.engine = engineOf(() => this.schedule.now())
    this.redis = new RedisServer(this.engine)
    this.messages = new Messages(counts, scenario.crashAt ?? null, () =>
      this.faultState.disturb(crashRoughMs),
    )
    this.simulatedCallers = new SimulatedCallers(
      this.asterisk,
      this.schedule,
      new Dialplan(this.asterisk, this.schedule),
      {
        citizens: new Random(scenario.seed, 'citizens who are called'),
        keys: scenario.hasMenus ? new Random(scenario.seed, 'keys') : null,
        answers: new Random(scenario.seed, 'answers by key'),
        surveyed: new Random(scenario.seed, 'answers to surveys'),
        whileClosed: new Random(scenario.seed, 'answers while it is closed'),
      },
    )
    this.externals = new SimulatedExternals(
      this.asterisk,
      this.schedule,
      new Random(scenario.seed, 'external parties'),
    )
    this.pageVisitors = new PageVisitors({
      random: new Random(scenario.seed, 'visitors of the public page'),
      schedule: this.schedule,
      lastMs: scenario.callers.at(-1)?.atMs ?? 0,
      numberOf,
      owner: () => this.owner,
    })
    this.simulatedAgents = new SimulatedAgents({
      asterisk: this.asterisk,
      schedule: this.schedule,
      seed: scenario.seed,
      ringTimeoutMs: scenario.rules.ringTimeoutMs,
      targets: [
        ...scenario.queues.map(({ id }) => ({ queue: id })),
        ...this.agents.map(({ id }) => ({ agent: id })),
        ...[...contacts.map(({ id }) => id), noContact].map((contact) => ({ contact })),
      ],
      press: (button) => {
        const node = this.owner
        if (node === undefined) return
        this.schedule.after(this.random.between(0.5, 5), () => {
          node.process.deliver('a button', () => button(node.owner.desk))
        })
      },
      shown: (agent) => this.owner?.owner.line.agent(agent)?.value,
      calls: () => this.owner?.owner.line.calls().map(({ value }) => value) ?? [],
      colleagues: this.agents.map(({ id }) => id),
      profiles: () => this.agents,
      queues: scenario.queues.map(({ id }) => id),
      // The last calls of a run are not made by agents.
      mayCallOut: () => this.schedule.elapsed < (scenario.callers.at(-1)?.atMs ?? 0),
      keepTalking: (call, forMs) => this.simulatedCallers.keepTalking(call, forMs),
    })
    this.#site = {
      schedule: this.schedule,
      messages: this.messages,
      faultState: this.faultState,
      random: this.random,
      asterisk: this.asterisk,
      redis: this.redis,
      keys: this.keys,
      rules: scenario.rules,
      opening: (now, number) => {
        const closesAt = startOfTime + scenario.morningClosesMs
        if (number === morningNumber)
          return now < closesAt
            ? { open: true, closesAt }
            : { open: false, opensAt: null, closedAt: closesAt }
        const opensAt = number === eveningNumber ? startOfTime + scenario.eveningOpensMs : null
        const isClosed = number === closedNumber || (opensAt !== null && now < opensAt)
        return isClosed ? { open: false, opensAt, closedAt: null } : { open: true, closesAt: null }
      },
      people: {
        agents: this.agents,
        queues: scenario.queues,
        menu: scenario.hasMenus ? menusFor(scenario.queues) : null,
        notices: scenario.notices,
      },
      spoolOf: (node) => ({
        add: (events) => observer.spooled(node, events),
        withdraw: observer.withdrawn,
      }),
      lastRecorded: observer.lastRecorded,
      recorded: observer.recorded,
      alarm: observer.alarm,
      logged: observer.logged,
    }
    this.#animate(observer)
  }

  /** The owner node, which may be hung. */
  get owner(): Node | undefined {
    for (const node of this.#nodes.values()) if (node.ownsLine) return node
    return undefined
  }
  nodes(): readonly Node[] {
    return [...this.#nodes.values()].filter(({ process }) => !process.isDead)
  }

  /** Prevents the supervisors from starting nodes for this time. */
  keepDown(forMs: number): void {
    this.#noNodeBefore = this.schedule.elapsed + forMs
  }

  /** A supervisor cancels those that no agent has taken yet. */
  cancelCallbacks(): void {
    const node = this.owner
    const [agent] = this.agents
    if (node === undefined || agent === undefined) return
    for (const { value } of node.owner.line.calls())
      if (value.phase === 'promised')
        node.process.deliver('a button', () => {
          void node.owner.desk.perform({ do: 'cancelCallback', agent: agent.id, call: value.id })
        })
  }

  directoryChanged(): void {
    for (const node of this.nodes()) node.directoryChanged()
  }

  #animate(observer: WorldObserver): void {
    const { asterisk, schedule, scenario, simulatedAgents } = this
    asterisk.playMs = 1_500
    asterisk.playMsOf = ({ say }) =>
      say === 'menu'
        ? readingMs
        : say === 'announcement' || say === 'callback question'
          ? announcementMs
          : asterisk.playMs
    asterisk.onPlay = (caller, prompt) => {
      observer.heard(caller, prompt)
      if (prompt.say === 'callback question') this.simulatedCallers.askedWhileClosed(caller)
      if (prompt.say !== 'announcement') return
      const [first = ''] = prompt.sounds
      if (questions.has(first)) this.simulatedCallers.asked(caller, false)
      const part = surveys.get(first)
      if (part !== undefined) this.simulatedCallers.surveyed(caller, part)
      // Only a number has so many parts.
      if (prompt.sounds.length > 4) this.simulatedCallers.asked(caller, true)
    }
    asterisk.onRing = (leg, username) => {
      observer.rung(leg, username)
      simulatedAgents.rings(leg, username)
    }
    asterisk.onHangUp = (channel) => observer.hungUp(channel)
    asterisk.onDialExternal = (leg) => this.externals.dialled(leg)
    asterisk.onDial = (citizen) => {
      observer.dialled(citizen)
      this.simulatedCallers.dialled(citizen)
    }
    asterisk.onEmit = (event) => {
      if (event.type === 'BridgeFull') this.#bridged(event.bridge, observer)
      if (event.type === 'BridgeFull' && event.bridge.startsWith('tap-')) observer.tapped(event.bridge)
      if (event.type === 'LegUp') observer.pickedUp(event.channel)
      if (event.type === 'LegGone' && offerOfLeg(event.channel) === null) observer.left(event.channel)
    }
    asterisk.setDirectory(this.agents, contacts)
    for (const agent of this.agents) simulatedAgents.employ(agent)
    for (const caller of scenario.callers) this.simulatedCallers.expect(caller)
    for (const name of ['one', 'two'].slice(0, scenario.nodes)) {
      schedule.after(this.random.between(0, 500), () => this.#start(name))
    }
  }

  #bridged(bridge: BridgeId, observer: WorldObserver): void {
    const members = [...(this.asterisk.bridges.get(bridge) ?? [])]
    const leg = members.find((id) => offerOfLeg(id) !== null)
    const caller = members.find((id) => this.asterisk.channels.get(id)?.phone === null)
    if (leg === undefined || caller === undefined) return
    this.simulatedCallers.bridged(CallId(caller))
    observer.bridged(CallId(caller), leg)
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
      // While Redis is down, changes may be unsaved before the process notices.
      if (node.isUnsaved || !this.redis.isUp) this.observer.diedUnsaved()
      this.simulatedCallers.nobodyLooks()
      const { token } = node
      if (random.chance(supervisorSurvives))
        schedule.after(random.between(5, 60), () => this.#releaseLease(token))
      schedule.after(random.between(300, 1_500), () => this.#start(name))
    })
  }

  /** As the supervisor does for an ended node; without effect while Redis is down. */
  #releaseLease(token: string): unknown {
    const { engine, keys, redis, schedule, faultState } = this
    if (!redis.isUp || schedule.elapsed < faultState.redisStalledUntil) return undefined
    return engine.execute('releaseLease', [keys.lease, keys.lastLease, token])
  }
}

function profileOf(scenario: Scenario, index: number): AgentProfile {
  const random = new Random(scenario.seed, `profile ${index}`)
  const skills: Record<string, number> = { city: random.whole(1, 3), taxes: random.whole(1, 3) }
  // The first two agents have all skills, so that every queue is served.
  if (index > 1 && random.chance(0.3)) delete skills[random.pick(['city', 'taxes'])]
  if (index < 2) Object.assign(skills, { city: 3, taxes: 3 })
  const username = `a${index}`
  return { id: AgentId(username), username, name: username, skills }
}
