/** Wiring of one ownership: the parts that exist only while this node stands by or owns an Asterisk. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { celColumns } from './asterisk/config/cel-columns.ts'
import { TextSounds, textsDirIn } from './asterisk/config/text-sounds.ts'
import type { Speech } from './asterisk/speech/speech.ts'
import { ServedNumbers } from './asterisk/config/served-numbers.ts'
import { AsteriskPbx } from './asterisk/pbx.ts'
import { browserPhonesFrom, rulesFrom, type Config } from './config.ts'
import { heardTree, type MenuTree } from './core/configuration/menu.ts'
import { musicOf } from './core/prompts/recordable.ts'
import type { Millis } from './core/ids.ts'
import { openingAt, type Opening } from './core/opening-hours.ts'
import type { Database } from './ledger/database.ts'
import { startWitness, type Witness } from './ledger/cel/witness.ts'
import { lastRecorded } from './ledger/calls/last-recorded.ts'
import type { Spool } from './ledger/calls/spool.ts'
import type { AcdKeys } from './redis/keys.ts'
import { redisLease } from './redis/lease.ts'
import type { RedisLedgerSource } from './redis/ledger-source.ts'
import { connectRedis, whenReady } from './redis/connection.ts'
import { redisAcdStore } from './redis/store.ts'
import { VersionGuard } from './redis/version-guard.ts'
import type { LiveDirectory } from './people/directory.ts'
import { phoneUser, type SipPassword } from './people/phones.ts'
import { Owner } from './acd/owner.ts'
import type { Clock, Directory, RecordingJobs, AcdMeter } from './acd/ports.ts'
import type { Ownership } from './acd/ownership-loop.ts'

export interface OwnershipDeps {
  readonly config: Config
  readonly log: Logger
  readonly keys: AcdKeys
  readonly clock: Clock
  readonly db: Database
  readonly directory: Directory & Pick<LiveDirectory, 'texts'>
  readonly spool: Spool
  readonly recordings: RecordingJobs
  readonly source: RedisLedgerSource
  /** Whether callers hear a person's recording of a text, or a queue's own music. */
  readonly isRecorded: (sound: string) => boolean
  /** The machine's voice. */
  readonly speech: Speech
  readonly meter: AcdMeter
  /** The days on which the city hall is closed, as of a moment. */
  readonly closedOn: (at: number) => ReadonlySet<string>
  readonly sipPassword: SipPassword
  /** Whether the ledger's writer works. */
  readonly ledgerWorks: () => boolean
  /** Whether this node reaches Asterisk, by the standby's probe. */
  readonly reachesPbx: () => boolean
  /** Whether this process has stood by or owned before. */
  readonly again: boolean
}

export interface WiredOwnership extends Ownership {
  readonly pbx: AsteriskPbx
  /** Aborted when the ownership ends; null before it begins. */
  readonly owning: AbortSignal | null
  /** Why this node declines ownership; null: it does not. */
  declines(): string | null
  /** People, queues, declared days or phones' secrets have changed. */
  directoryChanged(): void
}

/** The lease has its own connection to Redis, so that no long script of the ACD delays it. */
const leaseAnswerMs = 400
const acdAnswerMs = 1_000
/** Live feeds resume from events of this age at most. */
const eventsKeptMs = 5 * 60_000
const trimEveryMs = 60_000

export function openOwnership(deps: OwnershipDeps): WiredOwnership {
  return new OneOwnership(deps)
}

class OneOwnership implements WiredOwnership {
  readonly owner: Owner
  readonly pbx: AsteriskPbx
  readonly #deps: OwnershipDeps
  readonly #redis
  readonly #lease
  readonly #versionGuard: VersionGuard
  readonly #ended = new AbortController()
  readonly #over = Promise.withResolvers<string>()
  readonly #textSounds: TextSounds
  readonly #directoryListeners: (() => void)[] = []
  #owning: AbortSignal | null = null
  #witness: Witness | null = null
  #closing: Promise<void> | null = null
  #queuesWithMusic = ''

  constructor(deps: OwnershipDeps) {
    const { config, log, keys, clock } = deps
    this.#deps = deps
    const dir = textsDirIn(config.paths.asteriskEtc)
    const failed = () => deps.meter.alarm('text without sound')
    this.#textSounds = new TextSounds({ dir, log, failed, isRecorded: deps.isRecorded, speech: deps.speech })
    this.#redis = {
      lease: connectRedis(config.redisUrl, log, { commandTimeoutMs: leaseAnswerMs }),
      line: connectRedis(config.redisUrl, log, { commandTimeoutMs: acdAnswerMs }),
    }
    this.#lease = redisLease(this.#redis.lease, keys, {
      node: config.node,
      clock,
      able: deps.reachesPbx,
      declines: () => this.declines() !== null,
      again: deps.again,
    })
    const store = redisAcdStore(this.#redis.line, keys, () => this.#lease.token())
    this.#versionGuard = new VersionGuard(store, clock, log)
    this.pbx = pbxOf(deps)
    this.owner = new Owner({
      ...deps,
      pbx: this.pbx,
      store,
      lease: this.#lease,
      lastRecorded: () => lastRecorded(deps.db, deps.spool, log),
      newId: randomUUID,
      directory: this.#directory(),
      rules: rulesFrom(config),
      opening: (at, number) => this.#openingOf(at, number),
      hasSound: (sound) => this.#textSounds.has(sound),
      lost: (why) => this.#over.resolve(why),
    })
  }

  get owning(): AbortSignal | null {
    return this.#owning
  }

  isOwner(): boolean {
    return this.#lease.token() !== '' && this.#closing === null
  }

  holder(): string | null {
    return this.#lease.holder()
  }

  declines(): string | null {
    return this.#versionGuard.declines
  }

  async serve(): Promise<string> {
    this.#begin().catch((error: unknown) => {
      this.#deps.log.debug({ err: error }, 'ownership was not taken')
      this.#over.resolve(error instanceof Error ? error.message : String(error))
    })
    return this.#over.promise
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #begin(): Promise<void> {
    await whenReady(this.#redis.line)
    void this.pbx.prepare(this.#ended.signal)
    await this.#versionGuard.watch(this.#ended.signal)
    // An ownership that has been closed meanwhile gets no lease: its connection is closed as well.
    await this.owner.start()
    this.#ended.signal.throwIfAborted()
    this.#owning = this.#ended.signal
    this.#witness = this.#startWitness()
    this.#prepareTexts()
    this.#directoryListeners.push(() => this.#prepareTexts())
    const numbers = this.#servedNumbers()
    numbers.renew(this.#ended.signal)
    this.#updateMusic()
    this.#directoryListeners.push(() => this.#updateMusic())
    // A number may have been added, or a day declared closed.
    this.#directoryListeners.push(() => numbers.update())
    const trimming = setInterval(() => this.#trim(), trimEveryMs)
    this.#ended.signal.addEventListener('abort', () => clearInterval(trimming))
  }

  async #close(): Promise<void> {
    this.#ended.abort()
    this.#over.resolve('closed')
    await this.owner.stop()
    this.#directoryListeners.length = 0
    this.#textSounds.stop()
    await this.#witness?.stop()
    this.#redis.lease.disconnect()
    this.#redis.line.disconnect()
  }

  directoryChanged(): void {
    for (const listener of this.#directoryListeners) listener()
  }

  /** The process's directory outlives this ownership; its listeners must not. */
  #directory(): Directory {
    const { directory } = this.#deps
    return {
      agents: () => directory.agents(),
      queues: () => directory.queues(),
      numbers: () => directory.numbers(),
      pauses: () => directory.pauses(),
      outbound: () => directory.outbound(),
      contacts: () => directory.contacts(),
      callerNotices: () => directory.callerNotices(),
      blockOf: (number, at) => directory.blockOf(number, at),
      queueOf: (number) => directory.queueOf(number),
      menuOf: (number) => this.#heardMenuOf(number),

      agentByUsername: (username) => directory.agentByUsername(username),
      onChange: (listener) => this.#directoryListeners.push(listener),
    }
  }

  #startWitness(): Witness {
    const { config, db, log, clock, source, ledgerWorks } = this.#deps
    return startWitness({
      db,
      pbx: config.pbxName,
      file: config.paths.cel,
      columns: celColumns,
      lag: async () => (ledgerWorks() ? source.lag() : Number.POSITIVE_INFINITY),
      log,
      now: () => clock.now(),
    })
  }

  #openingOf(at: Millis, number: string): Opening {
    const { config, directory, closedOn } = this.#deps
    const hours = directory.numbers().find((one) => one.number === number)?.hours ?? config.lineHours
    return openingAt(hours, closedOn(at), at)
  }

  #prepareTexts(): void {
    void this.#textSounds.prepare(this.#deps.directory.texts())
  }

  /** Null while it has no sound: the caller is in the queue at once. */
  #heardMenuOf(number: string): MenuTree | null {
    const menu = this.#deps.directory.menuOf(number)
    return menu === null ? null : heardTree(menu, (sound) => this.#textSounds.has(sound))
  }

  #servedNumbers(): ServedNumbers {
    const { config, directory, closedOn, clock } = this.#deps
    return new ServedNumbers({
      configured: () => directory.numbers(),
      lineHours: config.lineHours,
      closedOn,
      now: () => clock.wall(),
      apply: (numbers) => this.owner.owe('numbers', () => this.pbx.applyNumbers(numbers)),
    })
  }

  #updateMusic(): void {
    const queues = this.#deps.directory.queues().map(({ id }) => id)
    // The configuration could not be read, or has the same queues.
    if (queues.length === 0 || queues.join() === this.#queuesWithMusic) return
    this.#queuesWithMusic = queues.join()
    this.owner.owe('music', () => this.pbx.applyMusic(queues))
  }

  #trim(): void {
    const { source, clock, log } = this.#deps
    source
      .trim(clock.wall(), eventsKeptMs)
      .catch((error: unknown) => log.debug({ err: error }, 'the event stream was not trimmed'))
  }
}

function pbxOf({ config, log, clock, sipPassword, isRecorded }: OwnershipDeps): AsteriskPbx {
  return new AsteriskPbx({
    name: config.pbxName,
    ariUrl: `http://${config.ari.host}:${config.ari.port}`,
    ariUser: config.ari.user,
    ariPassword: config.ari.password,
    ami: config.ami,
    etcDir: config.paths.asteriskEtc,
    soundsDir: config.paths.sounds,
    hasMusic: (queue) => isRecorded(musicOf(queue)),
    mediaHost: config.lan ?? config.sip.host,
    onLan: config.lan !== null,
    webFrom: browserPhonesFrom(config),
    phonePassword: (username, device, epoch) => sipPassword(phoneUser(username, device), epoch),
    trunkHosts: config.trunkHosts,
    trunkRegister: config.trunkRegister,
    securityLog: join(config.paths.log, 'security.log'),
    log,
    // Asterisk compares the heartbeat with its own clock.
    now: () => clock.wall(),
  })
}
