/**
 * Simulated agents with a phone and a desk. They sign in, become ready, answer most calls, hold and mute, reload their
 * pages and take breaks, and never act on two calls at once.
 */
import { isExternal } from '../../../src/core/contact.ts'
import type { Agent } from '../../../src/core/agent.ts'
import { agentLegOf, type AgentId, type CallId, type ChannelId, type QueueId } from '../../../src/core/ids.ts'
import type { LiveCall, TransferTarget } from '../../../src/core/call.ts'
import { isEar } from '../../../src/core/ids.ts'
import type { Device } from '../../../src/core/offer.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import type { Desk } from '../../../src/acd/ports.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import { Random } from '../kernel/random.ts'
import type { Schedule } from '../kernel/schedule.ts'
import { planConversation, type UnsignedCommand } from './in-conversation.ts'
import { planSecondLine } from './second-line.ts'
import { lookAtBoard, planSupervision } from './supervising.ts'

export interface SimulatedAgentDeps {
  readonly asterisk: FakeAsterisk
  readonly schedule: Schedule
  readonly seed: number
  readonly ringTimeoutMs: number
  /** Where an agent may send a caller, whether it is accepted there or not. */
  readonly targets: readonly TransferTarget[]
  /** Presses a button at the desk: reaches the owner node, if there is one. */
  readonly press: (button: (desk: Desk) => void) => void
  /** The agent's state as shown on the screen; undefined while there is no owner. */
  readonly shown: (agent: AgentId) => Agent | undefined
  /** The calls as shown on the board; none while there is no owner. */
  readonly calls: () => readonly LiveCall[]
  readonly colleagues: readonly AgentId[]
  readonly profiles: () => readonly AgentProfile[]
  readonly queues: readonly QueueId[]
  /** Whether agents call citizens. */
  readonly mayCallOut: () => boolean
  /** The caller has time for a conversation of this length. */
  readonly keepTalking: (call: CallId, forMs: number) => void
}

/** Silence after which an agent hangs up. */
const silenceMaxMs = 60_000
/** Of those who are free, paused or in their wrap-up, at each look. */
const callOutChance = 0.04
/** A long hold. */
const longHoldMs = 45_000

export class SimulatedAgents {
  readonly #deps: SimulatedAgentDeps
  readonly #agents = new Map<string, SimulatedAgent>()

  constructor(deps: SimulatedAgentDeps) {
    this.#deps = deps
  }

  employ(profile: AgentProfile): void {
    const agent = new SimulatedAgent(profile, this.#deps)
    this.#agents.set(profile.username, agent)
    agent.begin()
  }

  agent(username: string): SimulatedAgent | undefined {
    return this.#agents.get(username)
  }

  /** Whether an agent has hung up this leg. */
  hasLeft(leg: ChannelId): boolean {
    return [...this.#agents.values()].some(({ left }) => left.has(leg))
  }

  /** Whether the tap of this supervisor's leg has ended by itself. */
  hasLostTap(leg: ChannelId): boolean {
    return [...this.#agents.values()].some(({ tapsLost }) => tapsLost.has(leg))
  }

  rings(leg: ChannelId, username: string): void {
    this.#agents.get(username)?.rings(leg)
  }
}

export class SimulatedAgent {
  readonly profile: AgentProfile
  readonly device: Device
  /** Legs that the agent has hung up, by phone or at the desk. */
  readonly left = new Set<ChannelId>()
  readonly tapsLost = new Set<ChannelId>()
  readonly #deps: SimulatedAgentDeps
  readonly #random: Random
  readonly #transfers: Random
  readonly #outside: Random
  /** In a conversation, beside the stage; at the board. */
  readonly #consults: Random
  readonly #board: Random
  readonly #callsOut: Random
  readonly #secondLines: Random
  #pages = 0
  #breakUntil = 0
  /** Beginning of an own call, outside the ACD (elapsed); null: none. */
  #ownCallSince: number | null = null

  constructor(profile: AgentProfile, deps: SimulatedAgentDeps) {
    this.profile = profile
    this.#deps = deps
    this.#random = new Random(deps.seed, `agent ${profile.username}`)
    this.#transfers = new Random(deps.seed, `transfers of ${profile.username}`)
    this.#outside = new Random(deps.seed, `parties outside of ${profile.username}`)
    this.#consults = new Random(deps.seed, `consults of ${profile.username}`)
    this.#board = new Random(deps.seed, `board of ${profile.username}`)
    this.#callsOut = new Random(deps.seed, `calls out of ${profile.username}`)
    this.#secondLines = new Random(deps.seed, `second lines of ${profile.username}`)
    this.device = this.#random.chance(0.7) ? 'web' : 'desk'
  }

  get ownCallMs(): number {
    return this.#ownCallSince === null ? 0 : this.#deps.schedule.elapsed - this.#ownCallSince
  }

  begin(): void {
    const { asterisk, schedule } = this.#deps
    schedule.after(this.#random.between(0, 3_000), () => {
      asterisk.register(this.profile.username, this.device)
      this.#openPage(false)
      this.#look()
    })
  }

  unreachable(forMs: number): void {
    const { asterisk, schedule } = this.#deps
    asterisk.register(this.profile.username, this.device, false)
    schedule.after(forMs, () => asterisk.register(this.profile.username, this.device))
  }

  /** Without a word: Asterisk learns of it when it rings the phone. */
  switchedOff(forMs: number): void {
    const { asterisk, schedule } = this.#deps
    asterisk.deafen(this.profile.username, this.device)
    schedule.after(forMs, () => asterisk.register(this.profile.username, this.device))
  }

  /** It answers each qualify and does not ring. */
  frozen(forMs: number): void {
    const { asterisk, schedule } = this.#deps
    asterisk.freeze(this.profile.username, this.device)
    schedule.after(forMs, () => asterisk.register(this.profile.username, this.device))
  }

  ownCall(forMs: number): void {
    const { asterisk, schedule } = this.#deps
    this.#ownCallSince = schedule.elapsed
    asterisk.ownCalls(this.profile.username, 1)
    schedule.after(forMs, () => {
      this.#ownCallSince = null
      asterisk.ownCalls(this.profile.username, 0)
    })
  }

  rings(leg: ChannelId): void {
    const { asterisk, schedule, ringTimeoutMs } = this.#deps
    const random = this.#random
    const others = [...asterisk.channels.values()].filter(
      ({ id, phone, up }) => id !== leg && up && phone?.username === this.profile.username,
    )
    if (this.#ownCallSince !== null || others.length > 0) {
      schedule.after(50, () => asterisk.hangUp(leg, 'busy'))
      return
    }
    const chance = random.next()
    // Answers soon, or just as the phone stops ringing.
    if (chance < 0.78) schedule.after(300 + random.exponential(1_500), () => this.#answer(leg))
    else if (chance < 0.83) schedule.after(ringTimeoutMs - random.between(0, 5), () => this.#answer(leg))
    else if (chance < 0.88) schedule.after(random.between(200, 3_000), () => asterisk.hangUp(leg, 'declined'))
    else if (chance < 0.92)
      schedule.after(random.between(200, 3_000), () =>
        this.#press((desk, id) => void desk.perform({ do: 'decline', agent: id })),
      )
    else if (chance < 0.94) schedule.after(random.between(10, 300), () => asterisk.hangUp(leg, 'unreachable'))
    else if (chance < 0.96) {
      // Signs out while the phone rings, and answers all the same.
      schedule.after(random.between(200, 3_000), () =>
        this.#press((desk, id) => void desk.perform({ do: 'signOut', agent: id })),
      )
      schedule.after(3_000, () => this.#answer(leg))
    }
  }

  #answer(leg: ChannelId): void {
    const { asterisk, schedule } = this.#deps
    if (!asterisk.channels.has(leg)) return
    asterisk.answer(leg)
    // Planned actions apply to this leg only.
    const still = (act: () => void) => () => {
      if (asterisk.channels.has(leg)) act()
    }
    const talkMs = 1_000 + this.#random.exponential(5_500)
    const longerMs = this.#scheduleIncidents(leg, talkMs, still)
    const besideMs = this.#planBeside(leg, talkMs, still) + this.#planSecondLine(leg, talkMs, still)
    const ends = still(() => {
      // Most agents wait for a citizen whose phone rings.
      if (asterisk.channels.get(leg)?.ringback === true && this.#callsOut.chance(0.7))
        schedule.after(this.#callsOut.between(2_000, 30_000), ends)
      else if (this.#transfers.chance(0.25)) this.#sendOn(leg)
      else this.#finish(leg)
    })
    schedule.after(talkMs + longerMs + besideMs, ends)
    this.#listen(leg, null)
  }

  /** Plans what an agent does in a call beside talking, or a supervisor; returns by how much it prolongs the call. */
  #planBeside(leg: ChannelId, talkMs: number, still: (act: () => void) => () => void): number {
    const { schedule, calls, colleagues, shown, keepTalking } = this.#deps
    const later = (waitMs: number, act: () => void): void => void schedule.after(waitMs, still(act))
    const command = (one: UnsignedCommand): void => this.#command(one)
    const supervised = calls().find(({ supervisions }) =>
      supervisions.some(({ offer }) => agentLegOf(offer.id) === leg),
    )
    if (supervised !== undefined) {
      const loseTap = (): void => this.#loseTap(leg)
      return planSupervision({ random: this.#board, leg, call: supervised, later, command, loseTap })
    }
    const call = calls().find((one) => 'offer' in one && agentLegOf(one.offer.id) === leg)
    return planConversation(talkMs, {
      random: this.#consults,
      outside: this.#outside,
      later,
      command,
      reload: () => this.#openPage(true),
      self: this.profile.id,
      colleagues,
      shown,
      keepTalking: (forMs) => call !== undefined && keepTalking(call.id, forMs),
    })
  }

  /** Plans a colleague who is asked by the phone; returns by how much it prolongs the call. */
  #planSecondLine(leg: ChannelId, talkMs: number, still: (act: () => void) => () => void): number {
    const { asterisk, schedule, profiles, shown } = this.#deps
    return planSecondLine(talkMs, {
      random: this.#secondLines,
      asterisk,
      self: this.profile,
      device: this.device,
      leg,
      later: (waitMs, act) => void schedule.after(waitMs, still(act)),
      command: (one) => this.#command(one),
      colleagues: profiles().filter(({ id }) => id !== this.profile.id),
      shown,
      hangUp: () => {
        this.left.add(leg)
        asterisk.hangUp(leg)
      },
    })
  }

  #loseTap(leg: ChannelId): void {
    const { asterisk } = this.#deps
    const beside = [...asterisk.bridges.values()].find((members) => members.has(leg))
    const ear = [...(beside ?? [])].find(isEar)
    if (ear === undefined) return
    this.tapsLost.add(leg)
    asterisk.endEar(ear)
  }

  #command(command: UnsignedCommand): void {
    this.#press((desk, agent) => {
      if (command.do === 'hangUp' || command.do === 'stopSupervising') this.#leaves()
      void desk.perform({ ...command, agent })
    })
  }

  /** The button ends the agent's part in the call, which may be on another leg by now. */
  #leaves(): void {
    for (const call of this.#deps.calls()) {
      const offers = [
        ...('offer' in call ? [call.offer] : []),
        ...(call.consult === null || isExternal(call.consult.offer) ? [] : [call.consult.offer]),
        ...call.supervisions.map(({ offer }) => offer),
      ]
      for (const { agent, id } of offers) if (agent === this.profile.id) this.left.add(agentLegOf(id))
    }
  }

  /** Schedules incidents during a conversation; returns by how much they prolong it. */
  #scheduleIncidents(leg: ChannelId, talkMs: number, still: (act: () => void) => () => void): number {
    const { asterisk, schedule } = this.#deps
    const random = this.#random
    const from = random.between(100, talkMs)
    const chance = random.next()
    const longerMs = chance < 0.02 ? longHoldMs : 0
    // Sometimes after the end of the conversation.
    const to = from + longerMs + random.between(5, 1.3 * (talkMs - from))
    const both = (first: () => void, then: () => void) => {
      schedule.after(from, still(first))
      schedule.after(to, still(then))
    }
    if (chance < 0.08) {
      both(
        () => this.#press((desk, id) => void desk.perform({ do: 'hold', agent: id })),
        () => this.#press((desk, id) => void desk.perform({ do: 'resume', agent: id })),
      )
    } else if (chance < 0.14) {
      both(
        () => asterisk.holdKey(leg, true),
        () => asterisk.holdKey(leg, false),
      )
    } else if (chance < 0.2) {
      both(
        () => this.#press((desk, id) => void desk.perform({ do: 'mute', agent: id, muted: true })),
        () => this.#press((desk, id) => void desk.perform({ do: 'mute', agent: id, muted: false })),
      )
    } else if (chance < 0.26 && this.device === 'web') {
      schedule.after(
        from,
        still(() => this.#openPage(true)),
      )
      // If the new page is not announced, Asterisk ends the old leg for missing audio.
      schedule.after(
        from + 6_000,
        still(() => asterisk.hangUp(leg, 'no audio')),
      )
    } else if (chance < 0.3) {
      schedule.after(
        from,
        still(() => asterisk.hangUp(leg, 'no audio')),
      )
    } else if (chance < 0.33) {
      // The network fails, and the leg with it.
      schedule.after(
        from,
        still(() => this.unreachable(random.between(100, 15_000))),
      )
      schedule.after(
        from + 5_000,
        still(() => asterisk.hangUp(leg, 'no audio')),
      )
    } else if (chance < 0.37) {
      schedule.after(from, () =>
        this.#press((desk, id) => void desk.perform({ do: 'pause', agent: id, reason: 'meal' })),
      )
    } else if (chance < 0.4) {
      // The phone hangs: the leg is lost, and the new one does not ring.
      schedule.after(
        from,
        still(() => {
          this.frozen(random.between(1_000, 12_000))
          asterisk.hangUp(leg, 'no audio')
        }),
      )
    }
    return longerMs
  }

  /** Sends the caller on; goes on talking for a while where that is refused. */
  #sendOn(leg: ChannelId): void {
    const { asterisk, schedule, targets } = this.#deps
    const to = targets[this.#transfers.whole(0, targets.length - 1)]
    if (to !== undefined) this.#press((desk, id) => void desk.perform({ do: 'transfer', agent: id, to }))
    // Not there for a caller who comes back.
    if (this.#transfers.chance(0.5))
      schedule.after(20, () =>
        this.#press((desk, id) => void desk.perform({ do: 'pause', agent: id, reason: 'meal' })),
      )
    schedule.after(this.#transfers.between(500, 3_000), () => {
      if (asterisk.channels.has(leg)) this.#finish(leg)
    })
  }

  #finish(leg: ChannelId): void {
    const { asterisk, schedule } = this.#deps
    const chance = this.#random.next()
    const room = [...asterisk.bridges.values()].find((members) => members.has(leg))
    const caller = [...(room ?? [])].find((id) => asterisk.channels.get(id)?.phone === null)
    if (chance < 0.45 && caller !== undefined) {
      asterisk.hangUp(caller)
      return
    }
    this.left.add(leg)
    if (chance < 0.65) {
      this.#command({ do: 'hangUp' })
      // The button has no effect while there is no owner.
      schedule.after(10_000, () => asterisk.hangUp(leg))
    } else asterisk.hangUp(leg)
  }

  /** Hangs up after a long silence. */
  #listen(leg: ChannelId, silentSince: number | null): void {
    const { asterisk, schedule } = this.#deps
    schedule.after(5_000, () => {
      if (!asterisk.channels.has(leg)) return
      const hears = asterisk.talks(leg)
      const since = hears ? null : (silentSince ?? schedule.elapsed)
      if (since !== null && schedule.elapsed - since > silenceMaxMs) {
        this.left.add(leg)
        asterisk.hangUp(leg)
      } else this.#listen(leg, since)
    })
  }

  /** Acts on the shown state every few seconds. */
  #look(): void {
    const { schedule } = this.#deps
    schedule.after(this.#random.between(500, 3_000), () => {
      const agent = this.#deps.shown(this.profile.id)
      if (agent !== undefined) {
        this.#act(agent)
        if (this.#deps.mayCallOut() && this.#callsOut.chance(callOutChance)) this.#callOut()
        const command = (one: UnsignedCommand): void => this.#command(one)
        lookAtBoard({ ...this.#deps, random: this.#board, self: this.profile.id, command })
      }
      this.#look()
    })
  }

  /** At whatever moment: an agent who is engaged is refused. */
  #callOut(): void {
    const number = this.#callsOut.chance(0.9) ? '0722000111' : '0900123456'
    const asked = { do: 'callOut', number, returns: null, isSupervisor: false } as const
    this.#press((desk, agent) => void desk.perform({ ...asked, agent }))
    if (this.#callsOut.chance(0.1)) this.#press((desk, agent) => void desk.perform({ ...asked, agent }))
  }

  #act(agent: Agent): void {
    const random = this.#random
    const { elapsed } = this.#deps.schedule
    switch (agent.state) {
      case 'signed out':
        return this.#press((desk, id) => void desk.perform({ do: 'signIn', agent: id }))
      case 'paused':
        if (elapsed < this.#breakUntil) return undefined
        return this.#press((desk, id) => void desk.perform({ do: 'ready', agent: id }))
      case 'ready':
        if (!random.chance(0.02)) return undefined
        this.#breakUntil = elapsed + random.between(1_000, 15_000)
        return this.#press((desk, id) =>
          random.chance(0.7)
            ? void desk.perform({ do: 'pause', agent: id, reason: 'break' })
            : void desk.perform({ do: 'signOut', agent: id }),
        )
      case 'wrap-up':
        if (random.chance(0.2))
          return this.#press((desk, id) => void desk.perform({ do: 'endWrapUp', agent: id }))
        if (random.chance(0.1))
          return this.#press((desk, id) => void desk.perform({ do: 'extendWrapUp', agent: id, byMs: 3_000 }))
        return undefined
      case 'offered':
      case 'talking':
        return undefined
    }
  }

  /** A reloaded page has a new instance name, and its phone registers anew. */
  #openPage(reloaded: boolean): void {
    const { asterisk, schedule } = this.#deps
    this.#pages += 1
    const instance = `${this.profile.username}-${this.#pages}`
    this.#press((desk, id) => void desk.perform({ do: 'pageOpened', agent: id, instance }))
    if (!reloaded) return
    asterisk.register(this.profile.username, this.device, false)
    schedule.after(this.#random.between(50, 2_000), () => {
      asterisk.register(this.profile.username, this.device)
    })
  }

  #press(button: (desk: Desk, id: AgentId) => void): void {
    this.#deps.press((desk) => button(desk, this.profile.id))
  }
}
