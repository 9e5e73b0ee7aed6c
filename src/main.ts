/**
 * The server: which parts there are and how they hang together. Read it first.
 *
 * Asterisk has the callers, Redis the line, PostgreSQL the record. This process owns the line while it
 * holds the lease, and serves desks and boards in any case.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pino } from 'pino'
import { celColumns } from './asterisk/cel-columns.ts'
import { AsteriskPbx } from './asterisk/pbx.ts'
import { systemClock } from './clock.ts'
import { readConfig, WrongSettings, type Config } from './config.ts'
import { dateAt, openingAt, timeZone, windowsFrom } from './core/opening-hours.ts'
import type { Demo } from './http/ports.ts'
import { buildServer } from './http/server.ts'
import { roles } from './http/wire.ts'
import { startJobs, type Jobs } from './jobs/worker.ts'
import { startWitness } from './ledger/cel.ts'
import { openDatabase } from './ledger/database.ts'
import { Spool } from './ledger/spool.ts'
import { startWriter, type Writer } from './ledger/writer.ts'
import { redisLineFeed } from './line/feed.ts'
import { lineKeys } from './line/keys.ts'
import { redisLease } from './line/lease.ts'
import { redisLedgerSource } from './line/ledger-source.ts'
import { connectRedis } from './line/redis.ts'
import { redisLineStore } from './line/store.ts'
import { createMetrics, readCounter, readGauge, type Metrics } from './metrics.ts'
import { openDirectory } from './people/directory.ts'
import { holidays } from './people/holidays.ts'
import { phonePasswords, phoneUser } from './people/phones.ts'
import { callMe } from './stack/demo/call-me.ts'
import { readDemoFile } from './stack/demo/demo-file.ts'
import { Owner } from './voice/owner.ts'

/** Live feeds resume from events of this age at most. */
const eventsKeptMs = 5 * 60_000
/** The fallback's opening hours are written for so many days ahead. */
const hoursAheadDays = 120
const dayMs = 86_400_000
/** With so few events under way the ledger counts as having what the line has told. */
const lagMax = 200

const now = () => systemClock.now()

/** The public holidays that matter to somebody who calls at a moment; worked out once a year. */
const holidaysFrom = new Map<number, ReadonlySet<string>>()
function closedOn(at: number): ReadonlySet<string> {
  const year = Number(dateAt(at).slice(0, 4))
  const known = holidaysFrom.get(year) ?? holidays([year, year + 1])
  holidaysFrom.set(year, known)
  return known
}

/** The demo's people and its citizen who calls; `make run` has written the file before we start. */
async function demoOf(config: Config): Promise<Demo> {
  const file = await readDemoFile(config.paths.demo)
  return {
    accounts: () =>
      file.accounts.flatMap(({ username, name, role }) => {
        const known = roles.find((one) => one === role)
        return known === undefined ? [] : [{ username, name, role: known }]
      }),
    callMe: () => callMe(config.paths.demo, join(config.paths.var, 'speech')),
  }
}

interface Counting {
  readonly spool: Spool
  readonly writer: Writer
  readonly jobs: Jobs
  readonly pbx: AsteriskPbx
}

function exposeCounts(metrics: Metrics, { spool, writer, jobs, pbx }: Counting): void {
  // Every one of these but the first two should stand still at 0.
  for (const [name, help, read] of [
    ['linia_spool_events', 'Events that the ledger has not acknowledged', () => spool.outstanding],
    ['linia_recordings_kept', 'Recordings finished by this process', () => jobs.counts.recordings.kept],
    ['linia_spool_refused', 'Events that could not be kept on disk', () => spool.refused],
    ['linia_ledger_conflicts', 'Events whose key had other content', () => writer.counts.conflicts],
    ['linia_ledger_refused', 'Events that the ledger would not take', () => writer.counts.refused],
    ['linia_recordings_lost', 'Conversations without audio', () => jobs.counts.recordings.lost],
    ['linia_recordings_given_up', 'Recording jobs that gave up', () => jobs.counts.recordings.gaveUp],
    ['linia_sip_blocked_addresses', 'Addresses that are shut out for guessing', () => pbx.blocked().length],
    ['linia_unknown_frames', 'Frames of Asterisk that were not understood', () => pbx.unknownFrames],
  ] as const) {
    readGauge(metrics, name, help, read)
  }
  readCounter(metrics, 'linia_sip_refused_total', 'Refused SIP requests, by Asterisk’s reason', 'kind', () =>
    pbx.refusals(),
  )
}

async function serve(config: Config): Promise<() => Promise<void>> {
  const log = pino({ level: config.logLevel, base: { node: config.node } })
  const metrics = createMetrics()
  mkdirSync(config.paths.spool, { recursive: true, mode: 0o700 })

  const keys = lineKeys(config.keyPrefix, config.pbxName)
  const redis = connectRedis(config.redisUrl, log, { commandTimeoutMs: 1_000 })
  const reader = () => connectRedis(config.redisUrl, log)
  const lease = redisLease(redis, keys, config.node, systemClock)
  const source = redisLedgerSource(redis, reader, keys, config.node)
  const feed = redisLineFeed(redis, reader, keys)

  const db = openDatabase({ url: config.databaseUrl, log })
  const directory = await openDirectory({
    db,
    databaseUrl: config.databaseUrl,
    copyFile: join(config.paths.spool, `directory-${config.node}.json`),
    log,
  })
  const spool = new Spool({ folder: join(config.paths.spool, config.node), log, now })
  const writer = startWriter({
    db,
    source,
    spool,
    log,
    refusedFile: join(config.paths.spool, `refused-${config.node}.ndjson`),
  })
  const sipPassword = phonePasswords(config.phoneSecret)
  const pbx = new AsteriskPbx({
    name: config.pbxName,
    ariUrl: `http://${config.ari.host}:${config.ari.port}`,
    ariUser: config.ari.user,
    ariPassword: config.ari.password,
    ami: config.ami,
    etcDir: config.paths.asteriskEtc,
    soundsDir: config.paths.sounds,
    mediaHost: config.lan ?? config.sip.host,
    onLan: config.lan !== null,
    phonePassword: (username, device) => sipPassword(phoneUser(username, device)),
    trunkHosts: config.trunkHosts,
    securityLog: join(config.paths.log, 'security.log'),
    log,
    now,
  })
  const jobs = startJobs({
    redisUrl: config.redisUrl,
    prefix: `${config.keyPrefix}-jobs`,
    db,
    recordings: config.paths.recordings,
    log,
    now,
  })
  const witness = startWitness({
    db,
    pbx: config.pbxName,
    file: config.paths.cel,
    columns: celColumns,
    caughtUp: async () => writer.counts.failing === 0 && (await source.lag()) <= lagMax,
    log,
    now,
  })

  exposeCounts(metrics, { spool, writer, jobs, pbx })

  const owner = new Owner({
    pbx,
    store: redisLineStore(redis, keys, () => lease.token()),
    lease,
    directory,
    spool,
    recordings: jobs.recordings,
    rules: { ...config, greeting: config.greeting === 'full' },
    opening: (at) => openingAt(config.lineHours, closedOn(at), at),
    clock: systemClock,
    newId: randomUUID,
    meter: metrics.voice,
    log,
    lost(why) {
      // The supervisor starts a new process, which waits for the lease like any other.
      log.fatal({ why }, 'the line is no longer ours')
      process.exit(1)
    },
  })

  const app = await buildServer({
    settings: {
      sessionSecret: config.sessionSecret,
      timeZone,
      serviceLevelMs: config.serviceLevelMs,
      phone: { domain: config.lan ?? config.sip.host, echo: '*43' },
      version: '0.1.0',
    },
    db,
    desk: owner.desk,
    feed,
    directory,
    phonePassword: sipPassword,
    readiness: () => ({ ready: owner.takesCalls(), missing: owner.missing() }),
    metrics,
    recordings: config.paths.recordings,
    logger: log,
    demo: config.demo ? await demoOf(config) : null,
    now,
  })
  await app.listen('socket' in config.api ? { path: config.api.socket } : { ...config.api })
  log.info('listening')

  const tellHours = () => {
    const at = now()
    const windows = windowsFrom(config.lineHours, closedOn(at), at, hoursAheadDays)
    const told = windows.map(({ from, to }) => ({ opensAt: from, closesAt: to }))
    pbx
      .applyHours(config.lineHours.kind === 'always' ? 'always' : told)
      .catch((error: unknown) => log.warn({ err: error }, 'opening hours not told to the fallback'))
  }
  const trim = () => {
    source
      .trim(now(), eventsKeptMs)
      .catch((error: unknown) => log.debug({ err: error }, 'the event stream was not trimmed'))
  }
  await owner.start()
  tellHours()
  // A process that is killed writes nothing at its end; the next one starts sooner with this.
  flushCompileCache()
  const timers = [setInterval(trim, 60_000), setInterval(tellHours, dayMs)]

  return async () => {
    for (const timer of timers) clearInterval(timer)
    await app.close()
    await owner.stop()
    await witness.stop()
    await jobs.stop()
    await writer.stop()
    await directory.stop()
    spool.close()
    await db.destroy()
    redis.disconnect()
  }
}

/** A stop that hangs must not keep the supervisor waiting. */
const stopWithinMs = 8_000

async function main(): Promise<void> {
  const stop = await serve(readConfig(process.env))
  const leave = () => {
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    void stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
}

main().catch((error: unknown) => {
  const told =
    error instanceof WrongSettings ? error.message : String(error instanceof Error ? error.stack : error)
  process.stderr.write(`${told}\n`)
  process.exit(1)
})
