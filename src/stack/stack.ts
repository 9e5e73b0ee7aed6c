/** Starts the whole system in order (database and Redis, Asterisk, server, front) and stops it in reverse order. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { browserPhonesFrom, externalSettings, readSettings } from '../config.ts'
import type { Settings } from '../config.ts'
import { migrate } from '../ledger/migrate.ts'
import { repeat } from '../repeat.ts'
import { accessUrl, checkAddresses } from './services/addresses.ts'
import { provideAsterisk } from './install/asterisk-tree.ts'
import { checkExternalServices, loginOf } from './services/external-services.ts'
import { frontService } from './services/caddy.ts'
import { frontUrls } from './services/front-urls.ts'
import { dialplanDigest } from '../asterisk/config/dialplan-digest.ts'
import { hostsOfCertificate } from './services/certificate.ts'
import { writableFolder } from './files.ts'
import { endOldFiles } from './retention/old-files.ts'
import { Processes, refuseSecond, releaseLock, takeLock } from './lock.ts'
import { choosePorts } from './services/ports.ts'
import type { Ports } from './services/ports.ts'
import { ensureDatabase, postgresService, superuser } from './services/postgres.ts'
import { privateExchange } from './services/private-exchange.ts'
import { answersHttp } from './services/probes.ts'
import { refuseUnfinished } from './backup/unfinished-restore.ts'
import { openVolumes } from './backup/volumes.ts'
import { redisService, redisUrlOf } from './services/redis.ts'
import { quiet, UserError } from './terminal.ts'
import type { Say } from './terminal.ts'
import { loadSecrets, serverSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import { serverService } from './services/server.ts'
import type { Service, ServiceOptions } from './services/service.ts'
import { sipGateService } from './services/sip-gate.ts'
import { watchdogService } from './services/watchdog.ts'

/** It does its work once a day; the first look after midnight finds it. */
const oldFilesEveryMs = 10 * 60_000

/** Context of a plugin that fills the database. */
export interface Seeding {
  /** The application's login. */
  readonly databaseUrl: string
  /** Administrator of the private PostgreSQL; null for a given database. */
  readonly adminUrl: string | null
  readonly settings: Settings
  readonly secrets: Secrets
}

export interface StackPlace {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly ports: Ports
}

/** A process beside the private services, such as the demo's document system. */
export interface Beside {
  readonly service: Service
  /** Settings for the server, as `config.ts` reads them. */
  readonly environment: Readonly<Record<string, string>>
}

/** A program around the product that takes part in `make run`: the demo. */
export interface StackPlugin {
  /** After migrating, before the server starts; the result is added to the server's environment. */
  seed(seeding: Seeding, tell: Say): Promise<Readonly<Record<string, string>>>
  /** Null when none is needed. */
  beside(place: StackPlace, common: Pick<ServiceOptions, 'logFile' | 'onSpawn' | 'onChange'>): Beside | null
  /** Sentences for the terminal once the system is ready. */
  notes(settings: Settings): Promise<readonly string[]>
}

export interface StackOptions {
  /** Settings, as `config.ts` reads them. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly tell?: Say
  /** Called with a sentence when a part ends or restarts. */
  readonly onChange?: (line: string) => void
  readonly rtp?: { readonly from: number; readonly to: number }
  /** The database is already migrated (tests clone a template). */
  readonly migrated?: boolean
  readonly beside?: StackPlugin['beside']
  /** Instead of `src/main.ts`, in tests of the stack itself. */
  readonly program?: string
  /** Additional environment of one node; tests use it to interpose a proxy. */
  readonly nodeEnvironment?: (
    node: number,
    common: Readonly<Record<string, string>>,
  ) => Promise<Record<string, string>>
  /** After migrating, before the server starts; the result is added to the server's environment. */
  readonly seed?: (seeding: Seeding) => Promise<Readonly<Record<string, string>> | void>
}

export type Part =
  | 'postgres'
  | 'documents'
  | 'redis'
  | 'asterisk'
  | 'standby'
  | 'watchdog'
  | 'sipGate'
  | 'front'
  | `server${number}`

export class Stack {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly ports: Ports
  /** Running parts in the order of their start. */
  readonly parts = new Map<Part, Service>()
  /** The server's environment, for tools beside it. */
  environment: Readonly<Record<string, string>> = {}
  readonly #options: StackOptions
  readonly #processes: Processes
  readonly #stopping = new AbortController()
  #stopped: Promise<void> | null = null

  private constructor(options: StackOptions, settings: Settings, secrets: Secrets, ports: Ports) {
    this.#options = options
    this.settings = settings
    this.secrets = secrets
    this.ports = ports
    this.#processes = new Processes(settings.paths.var, options.onChange ?? quiet)
  }

  /**
   * Starts every service that is not given; resolves once a call would be answered.
   * @throws {UserError} with a sentence, after stopping the parts that were started.
   */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = await Stack.prepare(options)
    try {
      await stack.up()
      return stack
    } catch (error) {
      await stack.stop()
      throw error
    }
  }

  /** Takes the lock and chooses names and ports; starts nothing. */
  static async prepare(options: StackOptions): Promise<Stack> {
    const settings = readSettings(options.env)
    const { paths, given } = settings
    await checkExternalServices(settings)
    await refuseUnfinished(paths)
    if (settings.tls !== null) await hostsOfCertificate(settings.tls)
    await writableFolder(paths.var)
    const [url = ''] = frontUrls(settings)
    const ledger = given.databaseUrl === null ? 'private' : 'given'
    refuseSecond(await takeLock(paths.var, { url, ledger, dialplan: await dialplanDigest() }))
    try {
      const ended = await new Processes(paths.var, quiet).endLeftovers()
      if (ended > 0) options.tell?.(`Ended ${ended} processes that an earlier run had left.`)
      await checkAddresses(settings, given.ari === null)
      const secrets = await loadSecrets(paths.secrets)
      const ports = await choosePorts(join(paths.var, 'ports.json'), settings.nodes)
      return new Stack(options, settings, secrets, ports)
    } catch (error) {
      await releaseLock(paths.var)
      throw error
    }
  }

  async up(): Promise<void> {
    const tell = this.#options.tell ?? quiet
    const given = this.settings.given
    const asteriskReady = given.ari === null ? provideAsterisk(tell) : Promise.resolve(null)
    const [database, redisUrl, asterisk] = await allOf(this.#database(tell), this.#redis(tell), asteriskReady)
    const pbx = await this.#asterisk(asterisk?.tree ?? null, tell)
    const beside = this.#options.beside?.(this, this.#common('documents')) ?? null
    if (beside !== null) await this.#start('documents', beside.service)
    this.environment = {
      ...externalSettings(this.#options.env),
      VAR_DIR: this.settings.paths.var,
      ...database,
      REDIS_URL: redisUrl,
      ...pbx,
      ...serverSecrets(this.secrets),
      ...beside?.environment,
    }
    tell('Starting the server …')
    for (let node = 1; node <= this.settings.nodes; node++) await this.#server(node)
    await this.#start(
      'watchdog',
      watchdogService({
        amiUrl: pbx['AMI_URL'] ?? '',
        compileCache: await this.#compileCache('watchdog'),
        ...this.#common('watchdog'),
      }),
    )
    await this.#front(tell)
    await this.ready(60_000)
    void this.#endOldFiles()
  }

  /** Waits until `/readyz` reports that a call would be answered. @throws {UserError} naming the missing parts. */
  async ready(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs
    const host = this.settings.http.host === '0.0.0.0' ? '127.0.0.1' : this.settings.http.host
    const address = { host, port: this.settings.http.port }
    while (!(await answersHttp(address, '/readyz', (status) => status === 200))) {
      if (performance.now() > deadline) {
        const answer = await fetch(`${frontUrls(this.settings)[0]}/readyz`).then((one) => one.text())
        throw new UserError(
          `Calls would still not be answered after ${withinMs / 1000} s. The server says: ${answer}`,
        )
      }
      await setTimeout(100)
    }
  }

  /** Idempotent; stops in reverse order of the start. */
  stop(): Promise<void> {
    this.#stopped ??= this.#down()
    return this.#stopped
  }

  async #down(): Promise<void> {
    this.#stopping.abort()
    for (const service of [...this.parts.values()].reverse()) await service.stop()
    await this.#processes.clear()
    await releaseLock(this.settings.paths.var)
  }

  async #database(tell: Say): Promise<Record<string, string>> {
    const { given } = this.settings
    if (given.databaseUrl !== null && (given.databaseAdminUrl === null || this.#options.migrated === true)) {
      await openVolumes(this.settings, given.databaseUrl, tell)
      const seeded = await this.#seed(given.databaseUrl, null)
      const retentionUrl = this.#options.env['RETENTION_DATABASE_URL']
      const retention = retentionUrl === undefined ? {} : { RETENTION_DATABASE_URL: retentionUrl }
      return { DATABASE_URL: given.databaseUrl, ...retention, ...seeded }
    }
    const adminUrl = given.databaseAdminUrl ?? (await this.#postgres(tell))
    const login = given.databaseUrl === null ? null : loginOf(given.databaseUrl)
    const migrated = await migrate({
      adminUrl,
      appPassword: login?.password ?? this.secrets.databaseApp,
      retentionPassword: this.secrets.databaseRetention,
      ...(login === null ? {} : { rolePrefix: login.rolePrefix }),
    })
    if (migrated.applied.length > 0) tell(`Migrated the database: ${migrated.applied.join(', ')}`)
    const databaseUrl = given.databaseUrl ?? migrated.appUrl
    await openVolumes(this.settings, databaseUrl, tell)
    const seeded = await this.#seed(databaseUrl, given.databaseAdminUrl === null ? adminUrl : null)
    return { DATABASE_URL: databaseUrl, RETENTION_DATABASE_URL: migrated.retentionUrl, ...seeded }
  }

  /** Starts the private PostgreSQL; returns its administrator's URL. */
  async #postgres(tell: Say): Promise<string> {
    const port = this.#port('postgres')
    tell('Starting the ledger (PostgreSQL) …')
    const dir = join(this.settings.paths.var, 'postgres')
    const password = this.secrets.databaseAdmin
    await this.#start('postgres', await postgresService({ dir, port, password, ...this.#common('postgres') }))
    return ensureDatabase(`postgres://${superuser}:${password}@127.0.0.1:${port}/`, 'linia')
  }

  async #seed(databaseUrl: string, adminUrl: string | null): Promise<Readonly<Record<string, string>>> {
    const { settings, secrets } = this
    return (await this.#options.seed?.({ databaseUrl, adminUrl, settings, secrets })) ?? {}
  }

  async #redis(tell: Say): Promise<string> {
    const { given, paths } = this.settings
    if (given.redisUrl !== null) return given.redisUrl
    const port = this.#port('redis')
    tell('Starting the line’s memory (Redis) …')
    const options = {
      dir: join(paths.var, 'redis'),
      port,
      password: this.secrets.redis,
      ...this.#common('redis'),
    }
    await this.#start('redis', await redisService(options))
    return redisUrlOf(port, this.secrets.redis)
  }

  async #asterisk(tree: string | null, tell: Say): Promise<Record<string, string>> {
    const { given } = this.settings
    if (given.ari !== null && given.ami !== null)
      return { ARI_URL: accessUrl('http', given.ari), AMI_URL: accessUrl('ami', given.ami) }
    tell('Starting the telephone exchange (Asterisk) …')
    const { exchange, environment } = await privateExchange({
      settings: this.settings,
      secrets: this.secrets,
      tree,
      rtp: this.#options.rtp ?? { from: 10_000, to: 14_999 },
      portOf: (name) => this.#port(name),
      common: (log) => this.#common(log),
    })
    await this.#start('asterisk', exchange.first)
    if (exchange.second !== null) await this.#start('standby', exchange.second)
    return environment
  }

  async #server(node: number): Promise<void> {
    const name = `server${node}` as const
    const { program, nodeEnvironment } = this.#options
    const environment = { ...this.environment, ...(await nodeEnvironment?.(node, this.environment)) }
    const others = Array.from({ length: this.settings.nodes }, (_, index) => index + 1).filter(
      (one) => one !== node,
    )
    const hasSubstitute = () => others.some((other) => this.parts.get(`server${other}`)?.isUp === true)
    const compileCache = await this.#compileCache('node')
    const place = { node, port: this.#port(`api${node}`), environment, compileCache, hasSubstitute }
    const options = { ...place, ...this.#common(name), ...(program === undefined ? {} : { program }) }
    await this.#start(name, serverService(options))
  }

  async #front(tell: Say): Promise<void> {
    tell('Starting the front (Caddy) …')
    const { settings } = this
    const nodes = Array.from(
      { length: settings.nodes },
      (_, index) => `127.0.0.1:${this.#port(`api${index + 1}`)}`,
    )
    const exchange = settings.given.ari
    const gate = {
      dir: join(settings.paths.var, 'sip-gate'),
      port: this.#port('sipGate'),
      asteriskHttp:
        exchange === null ? `127.0.0.1:${this.#port('asteriskHttp')}` : `${exchange.host}:${exchange.port}`,
      from: browserPhonesFrom(settings),
      nodes,
      compileCache: await this.#compileCache('sip-gate'),
    }
    await mkdir(gate.dir, { recursive: true, mode: 0o700 })
    await this.#start('sipGate', sipGateService({ ...gate, ...this.#common('sip-gate') }))
    const dir = join(settings.paths.var, 'caddy')
    await this.#start(
      'front',
      await frontService({
        dir,
        settings,
        sipGate: `127.0.0.1:${gate.port}`,
        nodes,
        ...this.#common('caddy'),
      }),
    )
  }

  /** A folder for each program: none may write code that another one executes. */
  async #compileCache(program: 'node' | 'sip-gate' | 'watchdog'): Promise<string> {
    const folder = join(this.settings.paths.var, 'cache', program)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  #endOldFiles(): Promise<void> {
    const { paths, retention, given } = this.settings
    const { logsDays, detailsDays } = retention
    const options = { paths, logsDays, detailsDays, ownAsterisk: given.ari === null, now: () => Date.now() }
    return repeat(() => endOldFiles(options), {
      everyMs: oldFilesEveryMs,
      signal: this.#stopping.signal,
      failed: (error, inARow) => {
        const why = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error)
        if (inARow === 1) this.#options.onChange?.(`Old logs were not ended: ${why}`)
      },
    })
  }

  async #start(part: Part, service: Service): Promise<void> {
    if (this.#stopped !== null) throw new UserError('Stopped while starting.')
    // Registered before it starts, so that an interrupted start stops it too.
    this.parts.set(part, service)
    await service.start()
  }

  #common(log: string) {
    const onChange = this.#options.onChange
    return {
      logFile: join(this.settings.paths.log, `${log}.log`),
      onSpawn: (pid: number) => {
        this.#processes.started(pid)
      },
      ...(onChange === undefined ? {} : { onChange }),
    }
  }

  #port(name: Parameters<Ports['get']>[0]): number {
    const port = this.ports.get(name)
    if (port === undefined) throw new Error(`no port was chosen for ${name}`)
    return port
  }
}

/** Like Promise.all, but waits for all even when one fails, so that none continues unobserved. */
async function allOf<A, B, C>(a: Promise<A>, b: Promise<B>, c: Promise<C>): Promise<[A, B, C]> {
  await Promise.allSettled([a, b, c])
  return Promise.all([a, b, c])
}
