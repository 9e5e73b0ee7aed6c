/**
 * The adapter behind the port `Pbx`: ARI for calls; AMI for phones, the fallback queue, reloads and security.
 * Events keep Asterisk's order within each of the two.
 */
import { existsSync } from 'node:fs'
import type { AriClient } from 'ari-client'
import type { Logger } from 'pino'
import type { Room } from '../core/call-arrival.ts'
import { agentLegOf, ChannelId, type AgentId, type CallId, type PbxName, type QueueId } from '../core/ids.ts'
import { musicOf } from '../core/prompts/recordable.ts'
import type { Contact } from '../core/contact.ts'
import type { AgentProfile } from '../core/queue.ts'
import { PbxUnavailable, type Inventory, type Pbx, type PbxEvent, type Performed } from '../acd/ports.ts'
import { AmiConnection } from './ami/ami-connection.ts'
import { AriConnection } from './ari/ari-connection.ts'
import { orPbxUnavailable } from './pbx-unavailable.ts'
import { Heartbeat } from './fallback/heartbeat.ts'
import { decodeAri } from './ari/decode.ts'
import { performEffect, type PbxEffect } from './ari/effects.ts'
import { FallbackQueue, type FallbackMember } from './fallback/fallback.ts'
import { fieldsIn, textIn, type Fields } from './ami/fields.ts'
import { GeneratedFiles } from './config/generated-files.ts'
import { SipBan } from './security/sip-ban.ts'
import { textsDirIn } from './config/text-sounds.ts'
import { numbersFile, type ServedNumber } from './config/numbers-file.ts'
import { readInventory } from './ari/inventory.ts'
import { PhoneWatch, type ChannelReport, type PhoneFacts } from './phones/phone-watch.ts'
import { RingWatch } from './phones/ring-watch.ts'
import { endpointOf, phoneOfChannel, phonesFile, type PhonePassword } from './config/phones-file.ts'
import { listChannels } from './ari/channel-list.ts'
import { ChannelRegistry } from './ari/channel-registry.ts'
import { beganAt, listPhones } from './phones/phone-lists.ts'
import type { SecurityCount } from './security/security-counts.ts'
import { SecurityLog } from './security/security-log.ts'
import { callableFile } from './config/callable-file.ts'
import { contactsFile } from './config/contacts-file.ts'
import { placeQueueMusic } from './config/heard-sounds.ts'
import { musicClasses } from './config/music-classes.ts'
import { trunkNames } from './config/trunk-file.ts'
import { TrunkWatch } from './trunk-watch.ts'
import { trusts } from './security/trusted.ts'

export interface AsteriskPbxOptions {
  readonly name: PbxName
  /** `http://127.0.0.1:8088` */
  readonly ariUrl: string
  readonly ariUser: string
  readonly ariPassword: string
  readonly ami: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
  }
  /** As `layOutAsterisk` returned them. */
  readonly etcDir: string
  readonly soundsDir: string
  /** Whether a piece of the queue's own is published. */
  readonly hasMusic: (queue: QueueId) => boolean
  /** The address on the city's network if SIP and RTP are bound there, else SIP's own. */
  readonly mediaHost: string
  readonly onLan: boolean
  /** The only source address of browser phones (the gate's); null: any. */
  readonly webFrom: string | null
  readonly phonePassword: PhonePassword
  /** The provider's addresses; never blocked. */
  readonly trunkHosts: readonly string[]
  /** As in `AsteriskOptions`. */
  readonly trunkRegister: string | null
  /** File for refused requests; null: they are only counted. */
  readonly securityLog: string | null
  readonly log: Logger
  readonly now: () => number
}

const application = 'linia'

/** A timer that keeps no process alive. */
const after = (waitMs: number, act: () => void): void => void setTimeout(act, waitMs).unref()

export class AsteriskPbx implements Pbx {
  readonly name: PbxName
  readonly trunk: TrunkWatch
  readonly #options: AsteriskPbxOptions
  readonly #ari: AriConnection
  readonly #ami: AmiConnection
  readonly #phones = new PhoneWatch({
    tell: (fact) => this.#phoneFact(fact),
    qualify: async (endpoint) => void (await this.#ami.action({ action: 'PJSIPQualify', endpoint })),
    after,
  })
  readonly #rings = new RingWatch({
    ask: (endpoint) => this.#phones.ask(endpoint),
    rang: (endpoint) => this.#phones.rang(endpoint),
    didNotRing: (endpoint) => this.#phones.didNotRing(endpoint),
    silent: (channel) => this.#tell({ type: 'LegGone', channel, end: 'did not ring' }),
    after,
  })
  readonly #sipBan: SipBan
  readonly #files: GeneratedFiles
  readonly #usernames = new Map<AgentId, string>()
  /** The numbers that agents may call, as last applied. */
  #callable: readonly string[] = []
  /** As Asterisk has loaded them. */
  #musicClasses: ReadonlySet<QueueId> = new Set()
  #numbers: { readonly of: readonly ServedNumber[]; readonly text: string } | null = null
  #listener: (event: PbxEvent) => void = () => undefined
  #phonesListed: Promise<void> = Promise.resolve()
  readonly #channels = new ChannelRegistry()
  #ignoredFrames = 0
  #unreadableChannels = 0
  readonly #fallback: FallbackQueue
  readonly #heartbeat: Heartbeat
  #stopped = false
  #mayAct: () => boolean = () => false

  constructor(options: AsteriskPbxOptions) {
    this.name = options.name
    this.#options = options
    const { log } = options
    const trusted = trusts([
      options.mediaHost,
      ...options.trunkHosts,
      ...(options.webFrom === null ? [] : [options.webFrom]),
    ])
    this.#sipBan = new SipBan({
      // An address with one of our phones may have more of them, and a forged source must not block it.
      mayBlock: (address) => !trusted(address) && !this.trunk.isAt(address) && !this.#phones.isAt(address),
      apply: (text) => this.#files.rewrite('blocked.conf', text, 'res_pjsip.so'),
      securityLog: options.securityLog === null ? null : new SecurityLog(options.securityLog, log),
      log,
      now: options.now,
    })
    this.#ari = new AriConnection(
      { url: options.ariUrl, user: options.ariUser, password: options.ariPassword, application, log },
      {
        connected: () => {
          // The ACD reads the phones first, before any call.
          this.#files.hurry()
          this.#tell({ type: 'Connected' })
        },
        disconnected: () => {
          this.#rings.disconnected()
          this.#tell({ type: 'Disconnected' })
        },
        replaced: () => this.#tell({ type: 'Replaced' }),
        frame: (frame) => this.#frame(frame),
      },
    )
    this.#ami = new AmiConnection(
      { ...options.ami, log, mayAct: () => this.#mayAct() },
      {
        connected: () => {
          this.trunk.forget()
          this.#files.hurry()
          this.#phonesListed = this.#listPhones()
        },
        disconnected: () => undefined,
        event: (event) => this.#amiEvent(event),
      },
    )
    this.#fallback = new FallbackQueue(this.#ami, () => performance.now())
    this.#heartbeat = new Heartbeat({
      retakeWaiting: () => this.#fallback.retakeWaiting(),
      retake: (channel) => this.#fallback.retake(channel),
      monotonic: () => performance.now(),
      log,
    })
    this.trunk = new TrunkWatch({ ami: this.#ami, names: trunkNames(options), log, now: options.now })
    this.#files = new GeneratedFiles({
      etcDir: options.etcDir,
      reload: (module) => this.#ami.action({ action: 'Reload', module }),
      mayAct: () => this.#mayAct(),
    })
  }

  onEvent(listener: (event: PbxEvent) => void): void {
    this.#listener = listener
  }

  /** The part of starting that a standby may do; resolves when it is done, or aborted. */
  prepare(signal: AbortSignal): Promise<void> {
    return this.#ari.prepare(signal)
  }

  async start(mayAct: () => boolean): Promise<void> {
    this.#mayAct = mayAct
    await this.#ami.start()
    await this.#phonesListed
    // `stop` may have been called meanwhile: the term is over.
    if (!this.#stopped) await this.#ari.start(mayAct)
    if (this.#stopped) return
    this.#sipBan.start()
    this.trunk.start()
  }

  isOurs(): boolean {
    return this.#ari.isConfirmed()
  }

  stop(): Promise<void> {
    this.#stopped = true
    this.#phones.stop()
    this.#files.hurry()
    this.#sipBan.stop()
    this.trunk.stop()
    this.#ari.stop()
    this.#ami.stop()
    return Promise.resolve()
  }

  inventory(isKnown: (call: CallId) => boolean = () => false): Promise<Inventory> {
    return orPbxUnavailable(async () => {
      await this.#phonesListed
      return {
        ...(await readInventory(this.#client(), application, this.name, {
          now: this.#options.now(),
          isKnown,
          channels: (client) => this.#channelsOf(client),
        })),
        phones: this.#phones.all(),
      }
    })
  }

  async #channelsOf(client: AriClient): Promise<readonly Fields[]> {
    const { channels, unreadable } = await listChannels(client, this.#ami, this.#options.log)
    this.#unreadableChannels += unreadable
    return channels
  }

  async perform(effect: PbxEffect): Promise<Performed> {
    if (effect.do === 'HangUp') this.#rings.withdrawn(effect.channel)
    if (effect.do !== 'RingAgent') return this.#perform(effect)
    const leg = agentLegOf(effect.offer)
    const username = this.#usernames.get(effect.agent)
    if (username !== undefined && !this.#channels.isGone(leg))
      this.#rings.dialled(leg, endpointOf(username, effect.device))
    const performed = await this.#perform(effect)
    if (performed === 'refused') this.#rings.refused(leg)
    return performed
  }

  #perform(effect: PbxEffect): Promise<Performed> {
    const client = () => this.#client()
    return orPbxUnavailable(() =>
      performEffect(effect, {
        get client() {
          return client()
        },
        ami: this.#ami,
        soundsDir: this.#options.soundsDir,
        textsDir: textsDirIn(this.#options.etcDir),
        hasMusic: (queue) => this.#musicClasses.has(queue) && this.#options.hasMusic(queue),
        callable: this.#callable,
        usernameOf: (agent) => this.#usernames.get(agent),
        legs: this.#channels,
        now: this.#options.now,
      }),
    )
  }

  beat(): Promise<void> {
    return orPbxUnavailable(async () => {
      const sentAt = performance.now()
      await this.#setGlobal('LINIA_BEAT', Math.floor(this.#options.now() / 1000))
      void this.#heartbeat.taken(sentAt)
    })
  }

  stillHere(): Promise<void> {
    return orPbxUnavailable(() => this.#setGlobal('LINIA_ALIVE', this.#options.now()))
  }

  tellRoom(room: Room): Promise<void> {
    return orPbxUnavailable(() => this.#setGlobal('LINIA_ROOM', room))
  }

  async #setGlobal(variable: string, value: number | string): Promise<void> {
    await this.#client().asterisk.setGlobalVar({ variable, value: String(value) })
  }

  setFallbackMembers(members: readonly FallbackMember[]): Promise<void> {
    return orPbxUnavailable(() => this.#fallback.setMembers(members))
  }

  takeOverFallback(): Promise<number> {
    return orPbxUnavailable(() => this.#fallback.takeOver())
  }

  async applyDirectory(
    agents: readonly AgentProfile[],
    contacts: readonly Contact[],
    callable: readonly string[],
  ): Promise<void> {
    this.#callable = callable
    this.#usernames.clear()
    for (const { id, username } of agents) this.#usernames.set(id, username)
    const { phonePassword, mediaHost, onLan, webFrom } = this.#options
    const text = phonesFile(agents, phonePassword, { host: mediaHost, bindWeb: onLan, webFrom })
    const numbers = contactsFile(contacts, callable)
    const written = await Promise.allSettled([
      orPbxUnavailable(() => this.#files.rewrite('phones.conf', text, 'res_pjsip.so')),
      orPbxUnavailable(() => this.#files.rewrite('contacts.conf', numbers, 'pbx_config.so')),
      orPbxUnavailable(() => this.#files.rewrite('callable.conf', callableFile(callable), 'pbx_config.so')),
    ])
    const failures = written.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
  }

  /** Writes the city's numbers, with the opening windows of the coming months for while the application is unavailable. */
  applyNumbers(numbers: readonly ServedNumber[]): Promise<void> {
    // Tens of milliseconds: not for each try while Asterisk is away.
    if (this.#numbers?.of !== numbers) this.#numbers = { of: numbers, text: numbersFile(numbers) }
    const { text } = this.#numbers
    return orPbxUnavailable(() => this.#files.rewrite('numbers.conf', text, 'pbx_config.so'))
  }

  /** Gives each queue a class of music of its own. @throws also when the folder of the sounds cannot be written */
  async applyMusic(queues: readonly QueueId[]): Promise<void> {
    const { soundsDir } = this.#options
    // A city's own Asterisk may share no folder of sounds: its callers hear its own music.
    if (!existsSync(soundsDir)) return
    for (const queue of queues) await placeQueueMusic(soundsDir, musicOf(queue))
    const text = musicClasses(queues, soundsDir)
    await orPbxUnavailable(() => this.#files.rewrite('music.conf', text, 'res_musiconhold.so'))
    this.#musicClasses = new Set(queues)
  }

  /** Failed authentications and unknown sources of the last hour, per address and minute. */
  securityCounts(): readonly SecurityCount[] {
    return this.#sipBan.counts()
  }

  /** The same failures by kind, since the start. */
  refusals(): ReadonlyMap<string, number> {
    return this.#sipBan.totals()
  }

  /** Addresses that are blocked now. */
  blocked(): readonly string[] {
    return this.#sipBan.blocked()
  }

  /** ARI frames that could not be parsed or have no meaning for the ACD. */
  get unknownFrames(): number {
    return this.#ignoredFrames + this.#ari.unreadableFrames
  }

  /** Channels that Asterisk could not describe, as often as they were found. */
  get unreadableChannels(): number {
    return this.#unreadableChannels
  }

  #client() {
    const { client } = this.#ari
    if (client === null) throw new PbxUnavailable('ARI is not connected, or nothing may be sent now.')
    return client
  }

  #frame(frame: Fields): void {
    if (textIn(frame, 'type') === 'Dial') return this.#dialled(frame)
    if (textIn(frame, 'type') === 'StasisStart' && 'replace_channel' in frame) return this.#replaced(frame)
    const event = decodeAri(frame, this.name, this.#options.now())
    if (event === null) {
      if (textIn(frame, 'type') === 'StasisStart')
        this.#channels.entered(ChannelId(textIn(fieldsIn(frame, 'channel'), 'id')))
      this.#ignoredFrames += 1
      return
    }
    this.#channels.heard(event)
    if (event.type === 'LegUp') this.#rings.answered(event.channel)
    if (event.type === 'LegGone') this.#legGone(event, frame)
    else this.#tell(event)
  }

  /**
   * A phone, or the provider, has put another call of its own into the place of one of our channels (INVITE with Replaces,
   * which Asterisk cannot be told to refuse). The newcomer would talk without recorder or name: both are ended, which ends
   * the conversation as a hang-up does.
   */
  #replaced(frame: Fields): void {
    const ids = ['channel', 'replace_channel'].map((one) => textIn(fieldsIn(frame, one), 'id'))
    this.#options.log.warn({ channels: ids }, 'a channel was replaced by another call: both are ended')
    for (const channelId of ids)
      void orPbxUnavailable(() => this.#client().channels.hangup({ channelId, reason: 'normal' })).catch(
        (err: unknown) => this.#options.log.warn({ err, channelId }, 'not ended'),
      )
  }

  #legGone(event: Extract<PbxEvent, { type: 'LegGone' }>, frame: Fields): void {
    // A refusal right after the 180: the channel's state has it, `Dial` events may not have come.
    if (textIn(fieldsIn(frame, 'channel'), 'state') === 'Ringing') this.#rings.rang(event.channel)
    this.#tell({ ...event, end: this.#rings.ended(event.channel, event.end) })
  }

  #dialled(frame: Fields): void {
    const channel = ChannelId(textIn(fieldsIn(frame, 'peer'), 'id'))
    const status = textIn(frame, 'dialstatus')
    if (status === '') this.#rings.dialling(channel)
    if (status === 'RINGING' || status === 'PROGRESS') this.#rings.rang(channel)
  }

  /** Asterisk would ring a phone that has gone until the ring timer. */
  #phoneFact(fact: PhoneFacts): void {
    this.#tell(fact)
    if (fact.type !== 'PhoneChanged' || fact.reachable) return
    for (const channel of this.#rings.unrung(endpointOf(fact.username, fact.device)))
      this.#tell({ type: 'LegGone', channel, end: 'unreachable' })
  }

  #amiEvent(event: Fields): void {
    switch (textIn(event, 'event')) {
      case 'ContactStatus':
        this.#phones.contact({
          endpoint: textIn(event, 'endpointname'),
          uri: textIn(event, 'uri'),
          status: textIn(event, 'contactstatus'),
        })
        return
      case 'Newchannel':
        this.#phones.channelUp({ id: textIn(event, 'uniqueid'), name: textIn(event, 'channel') })
        this.#emergencyDialled(event)
        return
      case 'Hangup':
        this.#phones.channelGone({ id: textIn(event, 'uniqueid'), name: textIn(event, 'channel') })
        return
      case 'SuccessfulAuth':
        if (textIn(event, 'service') === 'PJSIP') this.#phones.authenticated(textIn(event, 'accountid'))
        return
      case 'QueueCallerJoin':
        this.#fallback.entered(textIn(event, 'channel'))
        void this.#heartbeat.joined(textIn(event, 'channel'))
        return
      default:
        this.#sipBan.heard(event)
    }
  }

  /** An agent's phone dials 112 by itself, so that the application is not asked; it is told. */
  #emergencyDialled(newChannel: Fields): void {
    if (textIn(newChannel, 'context') === 'agents' && textIn(newChannel, 'exten') === '112')
      this.#tellEmergency({ id: textIn(newChannel, 'uniqueid'), name: textIn(newChannel, 'channel') })
  }

  #tellEmergency({ id, name }: ChannelReport): void {
    const phone = phoneOfChannel(name)
    if (phone !== null)
      this.#tell({ type: 'EmergencyDialled', ...phone, at: beganAt(id, this.#options.now()) })
  }

  async #listPhones(): Promise<void> {
    this.#phones.listingBegins()
    try {
      const { contacts, channels, emergencies } = await listPhones(this.#ami)
      this.#phones.replaceAll(contacts, channels)
      // Dialled while AMI was away, or reported before.
      for (const channel of emergencies) this.#tellEmergency(channel)
    } catch (err) {
      // The connection is gone again; the next one lists anew.
      this.#phones.listingFailed()
      this.#options.log.warn({ err }, 'phones could not be listed')
    }
  }

  #tell(event: PbxEvent): void {
    this.#listener(event)
  }
}
