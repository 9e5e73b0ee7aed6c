/**
 * The server: which parts there are and how they hang together. Read it first.
 *
 * Asterisk has the callers, Redis the line, PostgreSQL the record. This process owns the line while it
 * holds the lease, and serves desks and boards in any case.
 */
import { mkdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pino } from 'pino'
import { probeAsStandby } from './asterisk/standby-probe.ts'
import { workingDays } from './city/requests/working-days.ts'
import { acdClock, systemClock } from './clock.ts'
import { headSigner } from './city/journal/checkpoint.ts'
import { readConfig, WrongSettings, type Config } from './config.ts'
import { timeZone } from './core/opening-hours.ts'
import { absentFiscal } from './fiscal/absent.ts'
import { openFiscal, type OpenFiscal } from './fiscal/postgres.ts'
import { documentSystemAt } from './documents/adapter.ts'
import { nodeAuthorization } from './http/nodes/secret.ts'
import { OwnerWatch } from './http/nodes/owner-watch.ts'
import { sharedDesk } from './http/nodes/shared-desk.ts'
import type { ServerPlugin, Subject } from './http/route-context.ts'
import { buildServer } from './http/server.ts'
import { JournalKeeper } from './jobs/journal/keeper.ts'
import { startRetention } from './jobs/retention/retention.ts'
import { startJobs, type Jobs } from './jobs/worker.ts'
import { openDatabase } from './ledger/database.ts'
import { Spool } from './ledger/calls/spool.ts'
import { startWriter, type Writer } from './ledger/calls/writer.ts'
import { redisActiveCall } from './redis/active-call.ts'
import { redisAcdFeed } from './redis/feed.ts'
import { acdKeys } from './redis/keys.ts'
import { redisLedgerSource } from './redis/ledger-source.ts'
import { redisPubSub } from './redis/node-pubsub.ts'
import { redisNodes } from './redis/nodes.ts'
import { connectRedis } from './redis/connection.ts'
import { createMetrics, readGauge, readLabelled, type Metrics } from './metrics.ts'
import { openDirectory } from './people/directory.ts'
import { closedDays } from './people/holidays.ts'
import { phonePasswords } from './people/phones.ts'
import { openOwnership, type WiredOwnership } from './ownership.ts'
import { subjects } from './subjects.ts'
import { OwnershipLoop } from './acd/ownership-loop.ts'

const now = () => systemClock.now()
const lineTime = acdClock(systemClock)

/** Not imported by name: the product runs without the folder `tools/`. */
const demoPlugin = new URL('../tools/demo/server-plugin.ts', import.meta.url).href

async function allSubjects(config: Config): Promise<readonly Subject[]> {
  if (!config.demo) return subjects
  const { plugin } = (await import(demoPlugin)) as { readonly plugin: ServerPlugin }
  return [...subjects, await plugin(config.paths)]
}

interface Counting {
  readonly spool: Spool
  readonly writer: Writer
  readonly jobs: Jobs
  readonly journal: JournalKeeper
  readonly ownership: OwnershipLoop<WiredOwnership>
  readonly fiscal: OpenFiscal
}

function exposeCounts(metrics: Metrics, { spool, writer, jobs, journal, ownership, fiscal }: Counting): void {
  const undelivered = () => jobs.documents?.undelivered ?? { unsent: 0, late: 0, givenUp: 0 }
  // Every one of these but the first two and the last should stand still at 0.
  for (const [name, help, read] of [
    ['linia_spool_events', 'Events that the ledger has not acknowledged', () => spool.outstanding],
    ['linia_recordings_kept', 'Recordings finished by this process', () => jobs.counts.recordings.kept],
    ['linia_spool_refused', 'Events that could not be kept on disk', () => spool.refused],
    ['linia_ledger_conflicts', 'Events whose key had other content', () => writer.counts.conflicts],
    ['linia_ledger_refused', 'Events that the ledger would not take', () => writer.counts.refused],
    ['linia_recordings_lost', 'Conversations without audio', () => jobs.counts.recordings.lost],
    ['linia_documents_unsent', 'Messages for the document system', () => undelivered().unsent],
    ['linia_documents_late', 'Those that are late by over two hours', () => undelivered().late],
    ['linia_documents_given_up', 'Those given up after a week', () => undelivered().givenUp],
    ['linia_recordings_given_up', 'Recording jobs that gave up', () => jobs.counts.recordings.gaveUp],
    ['linia_journal_bad', 'Whether the journal is not what was anchored', () => journal.counts.bad],
    ['linia_journal_failures', 'Times that the journal could not be anchored', () => journal.counts.failures],
    [
      'linia_fiscal_unanswered',
      'Questions that the fiscal database did not answer',
      () => fiscal.unanswered(),
    ],
    [
      'linia_sip_blocked_addresses',
      'Addresses that are shut out for guessing',
      () => ownership.current.pbx.blocked().length,
    ],
    [
      'linia_unknown_frames',
      'Frames of Asterisk that were not understood',
      () => ownership.current.pbx.unknownFrames,
    ],
    ['linia_owner', 'Whether this node owns the line', () => (ownership.current.isOwner() ? 1 : 0)],
  ] as const) {
    readGauge(metrics, name, help, read)
  }
  const refused = ['linia_sip_refused_total', 'Refused SIP requests, by Asterisk’s reason', 'kind'] as const
  readLabelled(metrics, 'counter', refused, () => ownership.current.pbx.refusals())
  const trunk = ['linia_trunk_up', '1: it works; told by the owner', 'part'] as const
  readLabelled(metrics, 'gauge', trunk, () => ownership.current.pbx.trunk.figures())
}

async function serve(config: Config): Promise<() => Promise<void>> {
  const log = pino({ level: config.logLevel, base: { node: config.node } })
  const metrics = createMetrics()
  mkdirSync(config.paths.spool, { recursive: true, mode: 0o700 })

  const keys = acdKeys(config.keyPrefix, config.pbxName)
  const redis = connectRedis(config.redisUrl, log, { commandTimeoutMs: 1_000 })
  const reader = () => connectRedis(config.redisUrl, log)
  const source = redisLedgerSource(redis, reader, keys, config.node)
  const feed = redisAcdFeed(redis, reader, keys)
  const news = redisPubSub(redis, reader, keys)
  const nodes = redisNodes(redis, keys, { node: config.node, address: config.api })

  const db = openDatabase({ url: config.databaseUrl, log })
  const { taxDatabaseUrl } = config.given
  const fiscal = taxDatabaseUrl === null ? absentFiscal : openFiscal({ url: taxDatabaseUrl, log })
  const directory = await openDirectory({
    db,
    databaseUrl: config.databaseUrl,
    copyFile: join(config.paths.spool, `directory-${config.node}.json`),
    log,
  })
  const closedOn = closedDays(directory)
  const spool = new Spool({ folder: join(config.paths.spool, config.node), log, now })
  const documents = config.documents === null ? null : documentSystemAt(config.documents, now)
  const jobs = startJobs({
    redisUrl: config.redisUrl,
    prefix: `${config.keyPrefix}-jobs`,
    db,
    recordings: config.paths.recordings,
    documents: documents === null ? null : { system: documents, databaseUrl: config.databaseUrl },
    recordingKeys: config.paths.recordingKeys,
    log,
    now,
  })
  const signer = headSigner(config.journalKey)
  const journal = new JournalKeeper({
    db,
    databaseUrl: config.databaseUrl,
    redisUrl: config.redisUrl,
    prefix: `${config.keyPrefix}-jobs`,
    anchor: config.paths.anchor,
    signer,
    log,
    now,
  })
  const sipPassword = phonePasswords(config.phoneSecret)

  const reachable = probeAsStandby({ ...config.ari, wanted: () => !ownership.current.isOwner() })
  const ownership: OwnershipLoop<WiredOwnership> = new OwnershipLoop(
    (again) =>
      openOwnership({
        again,
        config,
        log,
        keys,
        clock: lineTime,
        db,
        directory,
        spool,
        source,
        closedOn,
        sipPassword,
        recordings: jobs.recordings,
        meter: metrics.acd,
        ledgerWorks: () => writer.counts.failing === 0,
        reachesPbx: () => reachable.now(),
      }),
    systemClock,
    log,
  )
  directory.onChange(() => ownership.current.directoryChanged())
  // Who owns the line writes what it tells; each node writes what its own spool has kept.
  const writer = startWriter({
    db,
    source: {
      ...source,
      read: (after, signal) => source.read(after, signal, () => ownership.current.owning),
    },
    spool,
    log,
    refusedFile: join(config.paths.spool, `refused-${config.node}.ndjson`),
  })
  exposeCounts(metrics, { spool, writer, jobs, journal, ownership, fiscal })

  const ownDesk = () => (ownership.current.isOwner() ? ownership.current.owner.desk : null)
  const holder = () => ownership.current.holder()
  const addressOf = (node: string) => nodes.addressOf(node)
  const watch = new OwnerWatch({
    node: config.node,
    holder,
    addressOf,
    isOwner: () => ownership.current.isOwner(),
    own: () => ({ ready: ownership.current.owner.takesCalls(), missing: ownership.current.owner.missing() }),
  })
  const app = await buildServer(
    {
      settings: {
        sessionSecret: config.sessionSecret,
        personKey: config.personKey,
        journal: { anchor: config.paths.anchor, verifierKey: signer.verifierKey },
        timeZone,
        serviceLevelMs: config.serviceLevelMs,
        phone: { domain: config.lan ?? config.sip.host, echo: '*43' },
        registrationPrefix: config.registrationPrefix,
        version: '0.1.0',
      },
      db,
      desk: sharedDesk({
        node: config.node,
        own: ownDesk,
        holder,
        addressOf,
        monotonic: () => systemClock.monotonic(),
        authorization: nodeAuthorization(config.sessionSecret),
      }),
      ownDesk,
      feed,
      activeCall: redisActiveCall(redis, keys),
      fiscal,
      news,
      node: config.node,
      directory,
      accounts: directory,
      workingDays: () => workingDays(directory.declaredDays()),
      phonePassword: sipPassword,
      readiness: () => watch.readiness(),
      metrics,
      documents,
      recordings: config.paths.recordings,
      recordingKeys: config.paths.recordingKeys,
      logger: log,
      demo: config.demo,
      now,
    },
    await allSubjects(config),
  )
  await app.listen('socket' in config.api ? { path: config.api.socket } : { ...config.api })
  log.info('listening')
  // A process that is killed writes nothing at its end; the next one starts sooner with this. The first time it
  // holds everything up for a moment (a second on a busy machine), which nobody who owns the line may do.
  flushCompileCache()
  closedOn(now()) // Whoever asks first waits for the year's holidays: no caller, when the line becomes ours.
  ownership.start()
  journal.start()
  const retention = startRetention({
    db,
    retentionUrl: config.retentionUrl,
    redisUrl: config.redisUrl,
    prefix: `${config.keyPrefix}-jobs`,
    ...config.paths,
    ...config.retention,
    log,
    now,
  })

  return async () => {
    await app.close()
    watch.stop()
    reachable.stop()
    await ownership.stop()
    await jobs.stop()
    await journal.stop()
    await retention.stop()
    await writer.stop()
    await directory.stop()
    spool.close()
    await fiscal.close()
    await db.destroy()
    news.close()
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
