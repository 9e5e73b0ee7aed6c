/**
 * A small Asterisk in memory behind the `Pbx` port. `FakeAsterisk` outlives the adapters that connect to it, like a
 * real Asterisk: channels stay when a connection breaks, events without a connection are lost, and a second
 * connection replaces the first. `test/contract` runs the same suite over it and the real adapter. A simulator can
 * supply its time and its connections (`tools/simulation`).
 */
import { pino } from 'pino'
import { Heartbeat } from '../../../src/asterisk/fallback/heartbeat.ts'
import type { Room } from '../../../src/core/call-arrival.ts'
import type { MenuKey } from '../../../src/core/configuration/menu.ts'
import type { Effect, Prompt } from '../../../src/core/effect.ts'
import {
  agentLegOf,
  CallId,
  callerLegOf,
  ChannelId,
  isAside,
  isOutbound,
  PbxName,
  type BridgeId,
  type Millis,
  type PlaybackId,
} from '../../../src/core/ids.ts'
import type { Device } from '../../../src/core/offer.ts'
import type { Contact } from '../../../src/core/contact.ts'
import { callable, callableContact, dialledForm } from '../../../src/core/phone-number.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import {
  PbxUnavailable,
  type Inventory,
  type LegEnd,
  type Pbx,
  type PbxEvent,
  type Performed,
} from '../../../src/acd/ports.ts'
import { directWire, realTime, type Wire, type WorldTime } from './fake-wire.ts'

type PbxEffect = Exclude<Effect, { do: 'FinishRecording' }>
type Arrived = Extract<PbxEvent, { type: 'CallArrived' }>

/** The phone of an external party. */
const farHalf = ';2'
export const outside = { username: null, device: null } as const

interface Channel {
  readonly id: ChannelId
  /** Null for a caller; without a user name: an external party's. */
  readonly phone: { readonly username: string; readonly device: Device } | typeof outside | null
  /** A call that the phone has placed. */
  readonly isSecondLine?: true
  /** The caller's channel, for an agent's leg. */
  readonly rungFor?: ChannelId
  readonly arrived: Arrived | null
  up: boolean
  /** In the application; false in the fallback queue. */
  here: boolean
  music: boolean
  ringback: boolean
  muted: boolean
  /** On hold by the phone's own key. */
  held: boolean
  recorder: 'none' | 'on' | 'paused'
  /** Cancels the ring timer. */
  stopRinging: () => void
}

export class FakeAsterisk {
  readonly name = PbxName('pbx1')
  readonly channels = new Map<ChannelId, Channel>()
  readonly bridges = new Map<BridgeId, Set<ChannelId>>()
  /** The channels through which supervisors hear, and the leg that each hears. */
  readonly ears = new Map<ChannelId, ChannelId>()
  readonly phones = new Map<string, { desk: boolean; web: boolean; ownCalls: number }>()
  readonly #usernames = new Map<string, string>()
  #lines = 0
  readonly #elsewhere = new Map<string, number>()
  /** The contacts' numbers, as they are dialled. */
  #contacts: ReadonlySet<string> = new Set()
  #callable: readonly string[] = []
  /** The messages that are heard now, and on which channel. */
  readonly playing = new Map<PlaybackId, ChannelId>()
  /** Phones that count as reachable and do not ring: switched off since their last qualify. */
  readonly #deaf = new Set<string>()
  /** Phones that answer each qualify and do not ring. */
  readonly #frozen = new Set<string>()
  /** Ended legs: an offer rings only once. */
  readonly #overLegs = new Set<ChannelId>()
  /** The recordings of callers who leave a message: when each began and ended (elapsed). */
  readonly messages = new Map<ChannelId, { readonly from: number; until: number | null }>()
  /** Performed effects, in order. */
  readonly done: PbxEffect[] = []
  members: readonly { username: string; device: Device }[] = []
  beats = 0
  /** Number of signs of life: the application keeps its calls and takes no new ones. */
  signsOfLife = 0
  room: Room = 'place'
  /** Time of the last heartbeat. */
  beatAt = 0
  /** Duration of an announcement; null: until the test ends it. */
  playMs: number | null = 0
  /** The same, where it depends on the announcement. */
  playMsOf = (_prompt: Prompt): number | null => this.playMs
  /** When a phone that gives no sign of ringing counts as gone. */
  unrungMs = 5_000
  /** When a phone that answers and gives no sign of ringing is given up. */
  silentMs = 4_500
  /** Called when a caller begins to hear a prompt. */
  onPlay: (caller: ChannelId, prompt: Prompt) => void = () => undefined
  /** Called when a citizen's phone is dialled. */
  onDial: (citizen: ChannelId, number: string) => void = () => undefined
  /** Called when the application hangs up a channel. */
  onHangUp: (channel: ChannelId) => void = () => undefined
  /** Called when the phone of a contact is dialled. */
  onDialExternal: (leg: ChannelId, number: string) => void = () => undefined
  /** Called when a phone starts to ring. */
  onRing: (leg: ChannelId, username: string) => void = () => undefined
  /** Overrides an effect: its result, or a delay before it is performed; undefined: no change. */
  interfere: (effect: PbxEffect) => Performed | Promise<void> | undefined = () => undefined
  /** Called for every event, also without a connection. */
  onEmit: (event: PbxEvent) => void = () => undefined
  readonly #time: WorldTime
  #adapter: FakePbx | null = null
  #alive = true
  #startedAt = 0

  constructor(time: WorldTime = realTime) {
    this.#time = time
  }

  adapter(wire: (adapter: FakePbx) => Wire = (adapter) => directWire(this, adapter)): FakePbx {
    return new FakePbx(this, wire)
  }

  // ---- actions of citizens and agents -----------------------------------------------------------

  /** With `here` false the application is unavailable and the caller enters the fallback queue. */
  arrive(id: string, change: Partial<Arrived> = {}, here = true): CallId {
    const call = CallId(id)
    const arrived: Arrived = {
      type: 'CallArrived',
      pbx: this.name,
      call,
      line: '969',
      callerNumber: '0256100200',
      callerName: '',
      arrivedAt: this.#time.now(),
      queuedAt: null,
      answered: false,
      ...change,
    }
    this.#add({ id: ChannelId(id), phone: null, arrived, up: arrived.answered || !here, here })
    if (here) this.emit(arrived)
    return call
  }

  /** A caller from the fallback queue enters the application. */
  enter(id: ChannelId, queuedAt: Millis | null = null): void {
    const channel = this.channels.get(id)
    if (channel?.arrived === undefined || channel.arrived === null) return
    const arrived = { ...channel.arrived, queuedAt, answered: true }
    Object.assign(channel, { here: true, arrived })
    this.emit(arrived)
  }

  register(username: string, device: Device, reachable = true): void {
    const phone = this.#phone(username)
    phone[device] = reachable
    if (reachable) for (const phones of [this.#deaf, this.#frozen]) phones.delete(`${username} ${device}`)
    this.emit({ type: 'PhoneChanged', username, device, reachable })
  }

  /** The phone is switched off without a word: Asterisk learns of it by the next attempt to ring it. */
  deafen(username: string, device: Device): void {
    this.#deaf.add(`${username} ${device}`)
  }

  /** The phone answers each qualify and does not ring, until it registers anew. */
  freeze(username: string, device: Device): void {
    this.#frozen.add(`${username} ${device}`)
  }

  dialEmergency(username: string, device: Device, at: Millis): void {
    this.emit({ type: 'EmergencyDialled', username, device, at })
  }

  /** Calls of the phone that are not with us. */
  ownCalls(username: string, ownCalls: number): void {
    this.#elsewhere.set(username, ownCalls)
    this.#countOwnCalls(username)
  }

  #countOwnCalls(username: string): void {
    const lines = [...this.channels.values()].filter(
      ({ isSecondLine, phone }) => isSecondLine === true && phone?.username === username,
    )
    const ownCalls = (this.#elsewhere.get(username) ?? 0) + lines.length
    this.#phone(username).ownCalls = ownCalls
    this.emit({ type: 'OwnCallsChanged', username, ownCalls })
  }

  /** A phone dials a colleague: the dialplan plays the ringing tone and hands the call over. */
  dialLine(username: string, device: Device, dialled: string): ChannelId {
    this.#lines += 1
    const channel = ChannelId(`${this.name}-line.${this.#lines}`)
    const phone = { username, device }
    this.#add({
      id: channel,
      phone,
      isSecondLine: true,
      arrived: null,
      up: false,
      here: true,
    }).ringback = true
    this.#countOwnCalls(username)
    this.emit({ type: 'SecondLine', channel, ...phone, dialled })
    return channel
  }

  /** A phone's hold key: it has no effect on a line that rings, and Asterisk reports changes alone. */
  holdKey(id: ChannelId, held: boolean): void {
    const channel = this.channels.get(id)
    if (channel === undefined || !channel.up || channel.held === held) return
    channel.held = held
    this.emit({ type: 'LegHeld', channel: id, held })
  }

  answer(leg: ChannelId): void {
    const channel = this.channels.get(leg)
    if (channel === undefined || channel.up) return
    channel.stopRinging()
    channel.up = true
    this.emit({ type: 'LegUp', channel: leg })
  }

  /** A citizen who was called picks up, and enters the application. */
  pickUp(citizen: ChannelId): void {
    const channel = this.channels.get(citizen)
    if (channel === undefined || channel.up) return
    channel.stopRinging()
    Object.assign(channel, { arrived: this.#called(citizen), up: true, here: true })
    this.emit({ type: 'CallerUp', channel: citizen })
  }

  /** Ends a leg: its own phone, its network or the ring timer. The event is sent twice, as by Asterisk. */
  hangUp(id: ChannelId, end: LegEnd = 'hung up'): boolean {
    const channel = this.channels.get(id)
    if (channel === undefined) return false
    channel.stopRinging()
    this.channels.delete(id)
    this.#endMessage(id)
    this.#overLegs.add(id)
    for (const members of this.bridges.values()) members.delete(id)
    for (const [ear, heard] of this.ears) if (heard === id) this.endEar(ear)
    this.emit({ type: 'LegGone', channel: id, end })
    if (channel.isSecondLine && channel.phone?.username) this.#countOwnCalls(channel.phone.username)
    if (channel.phone === null && channel.here) this.emit({ type: 'CallerTaken', channel: id })
    this.emit({ type: 'LegGone', channel: id, end })
    return true
  }

  /** A caller presses a key. */
  press(id: ChannelId, key: MenuKey): void {
    if (this.channels.get(id)?.phone === null) this.emit({ type: 'KeyPressed', channel: id, key })
  }

  get elapsed(): number {
    return this.#time.elapsed
  }

  /** Whether what the caller says is recorded as a message. */
  speaks(id: ChannelId): boolean {
    return this.messages.get(id)?.until === null
  }

  #endMessage(id: ChannelId): void {
    const message = this.messages.get(id)
    if (message !== undefined) message.until ??= this.#time.elapsed
  }

  endPlayback(playback: PlaybackId): void {
    if (this.playing.delete(playback)) this.emit({ type: 'PlaybackEnded', playback })
  }

  /** The watchdog redirects a waiting caller to the fallback queue. */
  rescue(id: string): void {
    const channel = this.channels.get(ChannelId(id))
    if (channel === undefined) return
    for (const members of this.bridges.values()) members.delete(channel.id)
    Object.assign(channel, { here: false, up: true, music: false })
    this.emit({ type: 'CallerTaken', channel: channel.id })
  }

  /**
   * The watchdog finds no heartbeat: it redirects all callers who are not in a conversation and hangs up legs that are
   * alone. An application that sends signs of life (`lives`) keeps its legs and their callers.
   */
  rescueAll(lives = false): void {
    const all = [...this.channels.values()]
    const kept = new Set(
      lives
        ? all.flatMap(({ id, rungFor, isSecondLine }) => (rungFor ? [id, rungFor] : isSecondLine ? [id] : []))
        : [],
    )
    for (const { id, phone, arrived } of all) {
      // A citizen whose phone rings is not in the application.
      if (this.#converses(id) || this.speaks(id) || kept.has(id) || (phone === null && arrived === null))
        continue
      if (phone === null) this.rescue(id)
      else this.hangUp(id)
    }
  }

  // ---- faults -----------------------------------------------------------------------------------

  /** Breaks the connection; channels stay, and events are lost until the next connection. */
  disconnect(): void {
    const adapter = this.#adapter
    this.#adapter = null
    adapter?.receive({ type: 'Disconnected' })
  }

  reconnect(adapter: FakePbx): void {
    if (!this.#alive) return
    const before = this.#adapter
    this.#adapter = adapter
    if (before !== null && before !== adapter) before.receive({ type: 'Replaced' })
    adapter.receive({ type: 'Connected' })
  }

  /** Asterisk dies: every channel is lost. */
  die(): void {
    this.#alive = false
    this.disconnect()
    for (const { id, stopRinging } of this.channels.values()) {
      stopRinging()
      this.#endMessage(id)
    }
    this.channels.clear()
    for (const username of this.phones.keys()) this.#countOwnCalls(username)
    this.bridges.clear()
    this.ears.clear()
    this.playing.clear()
  }

  /** Asterisk is back, without channels. */
  rise(): void {
    this.#alive = true
    this.#startedAt = this.#time.now() + 1
    this.beatAt = 0
  }

  restart(adapter: FakePbx): void {
    this.rise()
    this.reconnect(adapter)
  }

  // ---- requests of adapters ---------------------------------------------------------------------

  get isAlive(): boolean {
    return this.#alive
  }

  /** Whether an adapter is connected as the application. */
  get hasApplication(): boolean {
    return this.#adapter !== null
  }

  isConnected(adapter: FakePbx): boolean {
    return this.#adapter === adapter
  }

  /** Without a connection the event is lost. */
  emit(event: PbxEvent): void {
    this.onEmit(event)
    this.#adapter?.receive(event)
  }

  beat(sentAt: Millis): void {
    this.beats += 1
    this.beatAt = sentAt
  }

  /** The machine's two clocks. */
  clocks(): { readonly now: Millis; readonly elapsed: number } {
    return { now: this.#time.now(), elapsed: this.#time.elapsed }
  }

  setDirectory(
    agents: readonly AgentProfile[],
    contacts: readonly Contact[] = [],
    callable: readonly string[] = this.#callable,
  ): void {
    this.#callable = callable
    this.#contacts = new Set(contacts.map(({ number }) => dialledForm(number)))
    for (const { id, username } of agents) this.#usernames.set(id, username)
  }

  inventory(): Inventory {
    const all = [...this.channels.values()]
    return {
      callers: all.flatMap(({ id, arrived, here, up }) =>
        arrived !== null && here
          ? [{ ...arrived, answered: up, ...(this.speaks(id) ? { speaks: true as const } : {}) }]
          : [],
      ),
      legs: all.flatMap(({ id, up, phone }) => (phone === null ? [] : [{ channel: id, up, ...phone }])),
      ears: [...this.ears.keys()],
      bridges: [...this.bridges].map(([bridge, members]) => ({ bridge, channels: [...members] })),
      phones: [...this.phones].map(([username, phone]) => ({ username, ...phone })),
      // Who is dialled outside is so through a Local channel, of which Asterisk names the far half itself.
      channels: all.flatMap(({ id, phone }) =>
        isOutbound(id) || phone === outside ? [id, ChannelId(`${id}${farHalf}`)] : [id],
      ),
      startedAt: this.#startedAt,
    }
  }

  /** As the adapter lists a citizen who was called. */
  #called(id: ChannelId): Arrived {
    return {
      type: 'CallArrived',
      pbx: this.name,
      call: CallId(id),
      line: '969',
      callerNumber: '969',
      callerName: '',
      arrivedAt: this.#time.now(),
      queuedAt: null,
      answered: true,
    }
  }

  takeOver(): number {
    this.members = []
    return this.retakeWaiting()
  }

  retakeWaiting(): number {
    return [...this.channels.keys()].filter((id) => this.retake(id)).length
  }

  /** Returns a waiting caller of the fallback queue to the application, with the start of the wait. */
  retake(id: ChannelId): boolean {
    const channel = this.channels.get(id)
    if (channel === undefined || channel.here || channel.arrived === null || this.#isBridged(id)) return false
    this.enter(id, channel.arrived.arrivedAt)
    return true
  }

  /** The dialplan puts a caller into the fallback queue; the connected adapter gets the event. */
  enqueued(id: ChannelId): void {
    this.#adapter?.enqueued(id)
  }

  perform(effect: PbxEffect): Performed {
    const performed = this.#perform(effect)
    if (performed === 'done') this.done.push(effect)
    return performed
  }

  #perform(effect: PbxEffect): Performed {
    switch (effect.do) {
      case 'AnswerCaller':
        return this.#on(effect.channel, (channel) => {
          channel.up = true
        })
      case 'Play':
        return this.#on(effect.channel, () => this.#play(effect))
      case 'StopPlaying':
        if (!this.playing.has(effect.playback)) return 'already gone'
        this.endPlayback(effect.playback)
        return 'done'
      case 'StartMusic':
      case 'StopMusic':
        return this.#on(effect.channel, (channel) => {
          channel.music = effect.do === 'StartMusic'
        })
      case 'RingAgent':
        return this.#ring(effect)
      case 'DialCaller':
        return this.#dial(effect)
      case 'DialExternal':
        return this.#dialExternal(effect)
      case 'StartRingback':
      case 'StopRingback':
        return this.#on(effect.channel, (channel) => {
          channel.ringback = effect.do === 'StartRingback'
        })
      case 'BuildBridge':
        this.#bridge(effect.bridge)
        return 'done'
      case 'Connect':
        return this.#connect(effect.bridge, effect.channels)
      case 'Join':
        return this.bridges.has(effect.bridge)
          ? this.#connect(effect.bridge, effect.channels)
          : 'already gone'
      case 'Leave': {
        const members = this.bridges.get(effect.bridge)
        for (const id of effect.channels) members?.delete(id)
        return members === undefined ? 'already gone' : 'done'
      }
      case 'Tap': {
        if (!this.channels.has(effect.heard) || !this.channels.has(effect.channel)) return 'already gone'
        this.ears.set(effect.ear, effect.heard)
        const members = this.#bridge(effect.bridge)
        for (const id of [effect.ear, effect.channel]) this.#join(effect.bridge, members, id)
        return 'done'
      }
      case 'RecordVoicemail':
        return this.#on(effect.channel, ({ id }) => {
          if (this.messages.has(id)) return
          this.messages.set(id, { from: this.#time.elapsed, until: null })
          // The channel's own limit.
          this.#time.after(effect.maxMs + 15_000, () => this.hangUp(id))
        })
      case 'Record':
        return this.#on(effect.channel, (channel) => {
          channel.recorder = 'on'
        })
      case 'PauseRecording':
        return this.#on(effect.channel, (channel) => {
          channel.recorder = effect.paused ? 'paused' : 'on'
        })
      case 'Mute':
        return this.#on(effect.channel, (channel) => {
          channel.muted = effect.muted
        })
      case 'DestroyBridge':
        return this.bridges.delete(effect.bridge) ? 'done' : 'already gone'
      case 'HangUp': {
        // The halves of a Local channel end together.
        const channel = ChannelId(effect.channel.replace(farHalf, ''))
        this.onHangUp(channel)
        if (this.ears.has(channel)) {
          this.endEar(channel)
          return 'done'
        }
        return this.hangUp(channel) ? 'done' : 'already gone'
      }
      case 'AnswerTransferKey':
      case 'SignalProgress':
      default:
        // What changes nothing here needs only its channel.
        return this.#on(effect.channel, () => undefined)
    }
  }

  #on(id: ChannelId, act: (channel: Channel) => void): Performed {
    const channel = this.channels.get(id)
    if (channel === undefined || !channel.here) return 'already gone'
    act(channel)
    return 'done'
  }

  #play({ channel, playback, prompt }: Extract<PbxEffect, { do: 'Play' }>): void {
    this.playing.set(playback, channel)
    this.onPlay(channel, prompt)
    const playMs = this.playMsOf(prompt)
    if (playMs !== null) this.#time.after(playMs, () => this.endPlayback(playback))
  }

  #ring(effect: Extract<PbxEffect, { do: 'RingAgent' }>): Performed {
    const id = agentLegOf(effect.offer)
    if (this.channels.has(id)) return 'done'
    if (this.#overLegs.has(id)) return 'already gone'
    const username = this.#usernames.get(effect.agent)
    if (username === undefined || !this.#phone(username)[effect.device]) return 'refused'
    const phone = { username, device: effect.device }
    const rungFor = callerLegOf(effect.call)
    const recorder = effect.isRecorded ? 'on' : 'none'
    const channel = this.#add({ id, phone, rungFor, arrived: null, up: false, here: true }, recorder)
    if (this.#deaf.has(`${username} ${effect.device}`)) {
      channel.stopRinging = this.#time.after(Math.min(this.unrungMs, effect.ringTimeoutMs), () => {
        // In this order, as the adapter reports it.
        this.register(username, effect.device, false)
        this.hangUp(id, 'unreachable')
      })
      return 'done'
    }
    const stopTimer = this.#time.after(effect.ringTimeoutMs, () => this.hangUp(id, 'no answer'))
    channel.stopRinging = stopTimer
    if (this.#frozen.has(`${username} ${effect.device}`)) {
      const giveUp = () => this.emit({ type: 'LegGone', channel: id, end: 'did not ring' })
      const stopWatch = this.#time.after(this.silentMs, giveUp)
      channel.stopRinging = () => [stopTimer, stopWatch].forEach((stop) => stop())
      return 'done'
    }
    this.#time.after(0, () => this.onRing(id, username))
    return 'done'
  }

  #dial({ channel: id, number, ringTimeoutMs }: Extract<PbxEffect, { do: 'DialCaller' }>): Performed {
    if (!/^\d+$/.test(number) || !callable(number, this.#callable).ok) return 'refused'
    if (this.channels.has(id)) return 'done'
    if (this.#overLegs.has(id)) return 'already gone'
    const channel = this.#add({ id, phone: null, arrived: null, up: false, here: false })
    channel.stopRinging = this.#time.after(ringTimeoutMs, () => this.hangUp(id, 'no answer'))
    this.#time.after(0, () => this.onDial(id, number))
    return 'done'
  }

  #dialExternal(effect: Extract<PbxEffect, { do: 'DialExternal' }>): Performed {
    const { call, channel: id, number, ringTimeoutMs } = effect
    if (!/^\d+$/.test(number) || !callableContact(number, this.#callable).ok) return 'refused'
    if (this.channels.has(id)) return 'done'
    if (this.#overLegs.has(id)) return 'already gone'
    const rungFor = callerLegOf(call)
    const channel = this.#add({ id, phone: outside, rungFor, arrived: null, up: false, here: true })
    // The dialplan refuses a number that is no contact's.
    const isContact = this.#contacts.has(number)
    channel.stopRinging = isContact
      ? this.#time.after(ringTimeoutMs, () => this.hangUp(id, 'no answer'))
      : this.#time.after(0, () => this.hangUp(id, 'declined'))
    if (isContact) this.#time.after(0, () => this.onDialExternal(id, number))
    return 'done'
  }

  #connect(bridge: BridgeId, channels: readonly ChannelId[]): Performed {
    const legs = channels
      .map((id) => this.channels.get(id))
      .filter((leg) => leg?.here === true && (leg.phone === null || leg.isSecondLine || leg.up))
    // One of three who is gone does not keep the others out.
    if (legs.length < Math.min(2, channels.length)) return 'already gone'
    const members = this.#bridge(bridge)
    for (const leg of legs) {
      if (leg === undefined) continue
      if (leg.phone === null || leg.isSecondLine) {
        leg.up = true
        leg.music = false
      }
      this.#join(bridge, members, leg.id)
    }
    return 'done'
  }

  #bridge(bridge: BridgeId): Set<ChannelId> {
    const members = this.bridges.get(bridge) ?? new Set<ChannelId>()
    this.bridges.set(bridge, members)
    return members
  }

  /** The event is repeated when the channel is in the bridge already, as by Asterisk. */
  #join(bridge: BridgeId, members: Set<ChannelId>, id: ChannelId): void {
    for (const [other, channels] of this.bridges) if (other !== bridge) channels.delete(id)
    members.add(id)
    if (members.size >= 2) this.emit({ type: 'BridgeFull', bridge })
  }

  /** With somebody in a room, not only with a colleague or beside a supervisor. */
  #converses(id: ChannelId): boolean {
    return [...this.bridges].some(
      ([bridge, members]) => !isAside(bridge) && members.size > 1 && members.has(id),
    )
  }

  talks = (id: ChannelId): boolean => this.#isBridged(id, 2)

  #isBridged(id: ChannelId, membersMin = 1): boolean {
    for (const members of this.bridges.values())
      if (members.size >= membersMin && members.has(id)) return true
    return false
  }

  /** Without an event to the application. */
  endEar(ear: ChannelId): void {
    this.ears.delete(ear)
    for (const members of this.bridges.values()) members.delete(ear)
  }

  #phone(username: string) {
    const phone = this.phones.get(username) ?? { desk: false, web: false, ownCalls: 0 }
    this.phones.set(username, phone)
    return phone
  }

  #add(
    channel: Omit<Channel, 'music' | 'ringback' | 'muted' | 'held' | 'recorder' | 'stopRinging'>,
    recorder: Channel['recorder'] = 'none',
  ): Channel {
    const whole = {
      ...channel,
      music: false,
      ringback: false,
      muted: false,
      held: false,
      recorder,
      stopRinging: () => undefined,
    }
    this.channels.set(channel.id, whole)
    return whole
  }
}

export class FakePbx implements Pbx {
  readonly name: PbxName
  readonly world: FakeAsterisk
  readonly #wire: Wire
  #listener: (event: PbxEvent) => void = () => undefined
  #stopped = false
  /** The real adapter's class: it depends only on time. */
  readonly #heartbeat: Heartbeat
  #mayAct: () => boolean = () => false

  constructor(world: FakeAsterisk, wire: (adapter: FakePbx) => Wire) {
    this.world = world
    this.#wire = wire(this)
    this.name = world.name
    this.#heartbeat = new Heartbeat({
      retakeWaiting: () => this.#ask('retake', () => this.world.retakeWaiting()),
      retake: (id) => this.#ask('retake one', () => this.world.retake(ChannelId(id))),
      monotonic: () => world.clocks().elapsed,
      log: pino({ level: 'silent' }),
    })
  }

  onEvent(listener: (event: PbxEvent) => void): void {
    this.#listener = listener
  }

  receive(event: PbxEvent): void {
    this.#wire.carry(event, () => {
      if (!this.#stopped) this.#listener(event)
    })
  }

  enqueued(channel: ChannelId): void {
    this.#wire.carry({ type: 'CallerTaken', channel }, () => void this.#heartbeat.joined(channel))
  }

  start(mayAct: () => boolean): Promise<void> {
    this.#mayAct = mayAct
    return this.#wire.connect(mayAct)
  }

  isOurs(): boolean {
    return !this.#stopped && this.#wire.isOurs()
  }

  inventory(): Promise<Inventory> {
    return this.#ask('inventory', () => this.world.inventory())
  }

  async perform(effect: PbxEffect): Promise<Performed> {
    const instead = this.world.interfere(effect)
    if (typeof instead === 'string') return instead
    if (instead !== undefined) await instead
    return this.#ask(effect.do, () => this.world.perform(effect))
  }

  async beat(): Promise<void> {
    const { now, elapsed } = this.world.clocks()
    await this.#ask('beat', () => this.world.beat(now))
    void this.#heartbeat.taken(elapsed)
  }

  stillHere(): Promise<void> {
    return this.#ask('sign of life', () => void (this.world.signsOfLife += 1))
  }

  tellRoom(room: Room): Promise<void> {
    return this.#ask('room', () => void (this.world.room = room))
  }

  setFallbackMembers(members: readonly { username: string; device: Device }[]): Promise<void> {
    return this.#ask('fallback members', () => void (this.world.members = members))
  }

  takeOverFallback(): Promise<number> {
    return this.#ask('take-over', () => this.world.takeOver())
  }

  applyDirectory(
    agents: readonly AgentProfile[],
    contacts: readonly Contact[],
    callable: readonly string[],
  ): Promise<void> {
    return this.#ask('directory', () => this.world.setDirectory(agents, contacts, callable))
  }

  stop(): Promise<void> {
    this.#stopped = true
    this.#wire.stop()
    return Promise.resolve()
  }

  async #ask<Answer>(what: string, execute: () => Answer): Promise<Answer> {
    if (this.#stopped || !this.#mayAct()) throw new PbxUnavailable('the adapter may not send now')
    return this.#wire.ask(what, execute)
  }
}
