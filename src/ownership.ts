/** Wiring of one ownership: the parts that exist only while this node stands by or owns an Asterisk. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { celColumns } from './asterisk/config/cel-columns.ts'
import { AsteriskPbx } from './asterisk/pbx.ts'
import { browserPhonesFrom, type Config } from './config.ts'
import { windowsFrom, openingAt } from './core/opening-hours.ts'
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
  readonly directory: Directory
  readonly spool: Spool
  readonly recordings: RecordingJobs
  readonly source: RedisLedgerSource
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
/** The fallback's opening hours are written for so many days ahead, each day anew. */
const hoursAheadDays = 120
const dayMs = 86_400_000

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
  readonly #directoryListeners: (() => void)[] = []
  #owning: AbortSignal | null = null
  #witness: Witness | null = null
  #closing: Promise<void> | null = null

  constructor(deps: OwnershipDeps) {
    const { config, log, keys, clock } = deps
    this.#deps = deps
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
      rules: { ...config, greeting: config.greeting === 'full' },
      opening: (at) => openingAt(config.lineHours, deps.closedOn(at), at),
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
    this.#updateFallbackHours()
    // A day may have been declared closed.
    this.#directoryListeners.push(() => this.#updateFallbackHours())
    const timers = [
      setInterval(() => this.#trim(), trimEveryMs),
      setInterval(() => this.#updateFallbackHours(), dayMs),
    ]
    this.#ended.signal.addEventListener('abort', () => timers.forEach((timer) => clearInterval(timer)))
  }

  async #close(): Promise<void> {
    this.#ended.abort()
    this.#over.resolve('closed')
    await this.owner.stop()
    this.#directoryListeners.length = 0
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
      queueOf: (line) => directory.queueOf(line),
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

  #updateFallbackHours(): void {
    const { config, closedOn, clock } = this.#deps
    const at = clock.wall()
    const windows = windowsFrom(config.lineHours, closedOn(at), at, hoursAheadDays)
    const openings = windows.map(({ from, to }) => ({ opensAt: from, closesAt: to }))
    this.owner.owe('opening hours', () =>
      this.pbx.applyHours(config.lineHours.kind === 'always' ? 'always' : openings),
    )
  }

  #trim(): void {
    const { source, clock, log } = this.#deps
    source
      .trim(clock.wall(), eventsKeptMs)
      .catch((error: unknown) => log.debug({ err: error }, 'the event stream was not trimmed'))
  }
}

function pbxOf({ config, log, clock, sipPassword }: OwnershipDeps): AsteriskPbx {
  return new AsteriskPbx({
    name: config.pbxName,
    ariUrl: `http://${config.ari.host}:${config.ari.port}`,
    ariUser: config.ari.user,
    ariPassword: config.ari.password,
    ami: config.ami,
    etcDir: config.paths.asteriskEtc,
    soundsDir: config.paths.sounds,
    mediaHost: config.lan ?? config.sip.host,
    onLan: config.lan !== null,
    webFrom: browserPhonesFrom(config),
    phonePassword: (username, device, epoch) => sipPassword(phoneUser(username, device), epoch),
    trunkHosts: config.trunkHosts,
    trunkRegister: config.trunkRegister,
    callable: config.callOut.allowed,
    securityLog: join(config.paths.log, 'security.log'),
    log,
    // Asterisk compares the heartbeat with its own clock.
    now: () => clock.wall(),
  })
}
