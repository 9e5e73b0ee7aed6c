/**
 * The server process: its parts, how they are connected, and the order in which they start and stop. Read it first.
 *
 * The process keeps no state that it could not lose: Asterisk has the callers' channels, Redis the state of
 * the ACD, PostgreSQL the record. Each node serves the API and the live feed to the screens. The node that
 * holds the lease of the Asterisk is its owner and runs its ACD as well (`ownership.ts`).
 *
 *   serve     wires the parts and starts them; returns the function that stops them
 *   loadDemo  the demo's subject, where it is switched on
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pino } from 'pino'
import { textSample } from './asterisk/config/text-sounds.ts'
import { spoken } from './asterisk/config/prompts.ts'
import { openPrompts } from './asterisk/prompts/open-prompts.ts'
import { loggedSpeech } from './asterisk/speech/piper.ts'
import { exposeFigures, exposeUpkeep } from './exposed-figures.ts'
import { beat } from './heartbeat.ts'
import { probeAsStandby } from './asterisk/standby-probe.ts'
import { workingDays } from './city/requests/working-days.ts'
import { acdClock, systemClock } from './clock.ts'
import { openConnections } from './connections.ts'
import { headSigner } from './city/journal/checkpoint.ts'
import { readConfig, rulesFrom, WrongSettings, type Config } from './config.ts'
import { absentFiscal } from './fiscal/absent.ts'
import { openFiscal } from './fiscal/postgres.ts'
import { documentSystemAt } from './documents/adapter.ts'
import { nodeAuthorization } from './http/nodes/secret.ts'
import { callbackPath } from './http/sign-in/provider-routes.ts'
import { watchProvider } from './http/sign-in/provider-watch.ts'
import { OwnerWatch } from './http/nodes/owner-watch.ts'
import { sharedDesk, sharedPageCallbacks } from './http/nodes/shared-desk.ts'
import type { ServerPlugin } from './http/route-context.ts'
import { buildServer } from './http/server.ts'
import { JournalKeeper } from './jobs/journal/keeper.ts'
import { Witness } from './jobs/journal/witness.ts'
import { startRetention } from './jobs/retention/retention.ts'
import { startJobs } from './jobs/worker.ts'
import { openDatabase } from './ledger/database.ts'
import { Spool } from './ledger/calls/spool.ts'
import { startWriter } from './ledger/calls/writer.ts'
import { watchPrompts } from './ledger/prompts/watch.ts'
import { redisActiveCall, redisAskedAbout } from './redis/active-call.ts'
import { redisAcdFeed } from './redis/feed.ts'
import { acdKeys } from './redis/keys.ts'
import { redisLedgerSource } from './redis/ledger-source.ts'
import { redisPubSub } from './redis/node-pubsub.ts'
import { redisProgramRates } from './redis/program-rates.ts'
import { redisNodes } from './redis/nodes.ts'
import { connectRedis } from './redis/connection.ts'
import { createMetrics } from './metrics.ts'
import { trustAuthority } from './people/sign-in/authority.ts'
import { openDirectory } from './people/directory.ts'
import { closedDays } from './people/holidays.ts'
import type { IdentityProvider } from './people/sign-in/provider.ts'
import { sealWith } from './people/sign-in/sealed.ts'
import { openedSecret } from './people/webhooks/receivers.ts'
import { phonePasswords } from './people/phones.ts'
import { openOwnership, type WiredOwnership } from './ownership.ts'
import { subjects } from './subjects.ts'
import { webhookSecretIn } from './webhook-settings.ts'
import { OwnershipLoop } from './acd/ownership-loop.ts'

const now = () => systemClock.now()
const acdTime = acdClock(systemClock)

/** A part that does not stop in time must not keep the supervisor waiting. */
const stopWithinMs = 8_000

type Stop = () => Promise<void>

async function main(): Promise<void> {
  beat()
  const stop = await serve(readConfig(process.env))
  const exit = () => {
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    void stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', exit)
  process.once('SIGINT', exit)
}

async function serve(config: Config): Promise<Stop> {
  // Before anything is started: the file may be wrong.
  const webhook =
    config.webhook === null ? null : { ...config.webhook, secret: webhookSecretIn(config.webhook) }
  const webhookSeal = sealWith(config.factorKey, 'webhooks')
  const log = pino({ level: config.logLevel, base: { node: config.node } })
  const metrics = createMetrics()
  mkdirSync(config.paths.spool, { recursive: true, mode: 0o700 })

  // Redis: the ACD's state and events, the lease, and messages between nodes. A stream is read with a
  // connection of its own, because a blocking read delays every other command on its connection.
  const keys = acdKeys(config.keyPrefix, config.pbxName)
  const redis = connectRedis(config.redisUrl, log, { commandTimeoutMs: 1_000 })
  const newReader = () => connectRedis(config.redisUrl, log)
  const source = redisLedgerSource(redis, newReader, keys, config.node)
  const feed = redisAcdFeed(redis, newReader, keys)
  const nodeChannel = redisPubSub(redis, newReader, keys)
  const nodes = redisNodes(redis, keys, { node: config.node, address: config.api })

  // PostgreSQL, and the other systems of the city where they are configured.
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
  const { sounds: soundsDir, asteriskEtc: etcDir } = config.paths
  const prompts = await openPrompts({ soundsDir, etcDir, now, log })
  const stopPrompts = watchPrompts({
    db,
    databaseUrl: config.databaseUrl,
    log,
    apply: (recorded) => prompts.files.apply(recorded),
  })
  const documents = config.documents === null ? null : documentSystemAt(config.documents, now)

  // Work that must outlive the owner of a call: recordings, deliveries, the journal.
  const jobQueues = { redisUrl: config.redisUrl, prefix: `${config.keyPrefix}-jobs` }
  const jobs = startJobs({
    ...jobQueues,
    db,
    recordings: config.paths.recordings,
    documents: documents === null ? null : { system: documents, databaseUrl: config.databaseUrl },
    webhooks: {
      receiver: webhook,
      databaseUrl: config.databaseUrl,
      openSecret: (sealed, receiver) => openedSecret(webhookSeal, sealed, receiver),
    },
    recordingKeys: config.paths.recordingKeys,
    log,
    now,
  })
  const signer = headSigner(config.journalKey)
  const { anchor: folder, journal: own } = config.paths
  const place = { folder, own, verifierKey: signer.verifierKey }
  const journal = new JournalKeeper({
    db,
    ...jobQueues,
    databaseUrl: config.databaseUrl,
    place,
    signer,
    stampCa: config.witness.stamps?.ca ?? null,
    everyMs: config.journalEveryMs,
    retention: config.retentionUrl === null ? { audioDays: config.retention.audioDays } : config.retention,
    log,
    now,
  })
  const witness = new Witness({ ...config.witness, ...place, alarm: () => journal.alarm(), log, now })

  // The ACD. The spool keeps on disk each event that the ledger has not acknowledged.
  const spool = new Spool({ folder: join(config.paths.spool, config.node), log, now })
  const sipPassword = phonePasswords(config.phoneSecret)
  const speech = loggedSpeech(config.piperVoices, log)
  const standbyProbe = probeAsStandby({ ...config.ari, wanted: () => !ownership.current.isOwner() })
  const ownership: OwnershipLoop<WiredOwnership> = new OwnershipLoop(
    (again) =>
      openOwnership({
        again,
        config,
        log,
        keys,
        clock: acdTime,
        db,
        directory,
        spool,
        source,
        closedOn,
        sipPassword,
        recordings: jobs.recordings,
        isRecorded: (sound) => prompts.files.isRecorded(sound),
        speech,
        meter: metrics.acd,
        ledgerWorks: () => writer.counts.failing === 0,
        reachesPbx: () => standbyProbe.now(),
      }),
    systemClock,
    log,
  )
  directory.onChange(() => ownership.current.directoryChanged())
  acdTime.heldWhile(() => ownership.current.owner.line.calls().length > 0)
  directory.onUnseenChange(() => ownership.current.directoryChanged())

  // The record. The owner writes the event stream into PostgreSQL; each node writes what its own spool has left.
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
  exposeFigures(metrics, { spool, writer, jobs, journal, witness, ownership, fiscal })

  // The city's identity provider, where one is configured.
  const provider = await providerFrom(config)

  // The API and the live feed. Commands of a desk are carried out by the owner, whichever node receives them.
  const ownLine = () => (ownership.current.isOwner() ? ownership.current.owner : null)
  const ownDesk = () => ownLine()?.desk ?? null
  const ownPageCallbacks = () => ownLine()?.pageCallbacks ?? null
  const ownTrunk = () => (ownership.current.isOwner() ? ownership.current.pbx.trunk : null)
  const holder = () => ownership.current.holder()
  const addressOf = (node: string) => nodes.addressOf(node)
  const shared = {
    node: config.node,
    holder,
    addressOf,
    monotonic: () => systemClock.monotonic(),
    authorization: nodeAuthorization(config.sessionSecret),
  }
  const ownerWatch = new OwnerWatch({
    ...shared,
    isOwner: () => ownership.current.isOwner(),
    declines: () => ownership.current.declines(),
    own: () => ({ ready: ownership.current.owner.takesCalls(), missing: ownership.current.owner.missing() }),
  })
  const demo = config.demo ? await loadDemo(config.paths) : null
  const app = await buildServer(
    {
      settings: {
        sessionSecret: config.sessionSecret,
        signIn: config.signIn,
        factorKey: config.factorKey,
        webhook:
          webhook === null ? null : { origin: new URL(webhook.url).origin, withNumber: webhook.withNumber },
        personKey: config.personKey,
        journal: place,
        serviceLevelMs: config.serviceLevelMs,
        shortAbandonMs: config.shortAbandonMs,
        holdReminderMs: config.holdReminderMs,
        supervisionNotice: config.supervisionNotice,
        unusualLooks: config.unusualLooks,
        phone: { domain: config.lan ?? config.sip.host, echo: '*43' },
        articlesByOne: config.articlesByOne,
        cityHall: config.cityHall,
        registrationPrefix: config.registrationPrefix,
        version: '0.1.0',
      },
      db,
      desk: sharedDesk({ ...shared, own: ownDesk }),
      ownDesk,
      pageCallbacks: sharedPageCallbacks({ ...shared, own: ownPageCallbacks }),
      ownPageCallbacks,
      ownTrunk,
      connections: openConnections({
        config,
        own: ownTrunk,
        holder,
        addressOf,
        redis,
        witness,
        log,
        now,
      }),
      feed,
      activeCall: redisActiveCall(redis, keys),
      askedAbout: redisAskedAbout(redis, keys),
      fiscal,
      programRates: redisProgramRates(redis, config.keyPrefix, now),
      nodeChannel,
      node: config.node,
      directory,
      provider,
      accounts: directory,
      workingDays: () => workingDays(directory.declaredDays()),
      blockedNumbers: (at) => directory.blockedNumbers(at),
      dryRun: {
        rules: rulesFrom(config),
        lineHours: config.lineHours,
        closedOn,
        notices: () => directory.callerNotices(),
        textOf: (prompt, at, own) => spoken(prompt, at, { ...prompts.texts, ...own }),
      },
      textSample: (text, language) => textSample(text, language, speech),
      prompts: prompts.sounds,
      dictations: prompts.dictations,
      phonePassword: sipPassword,
      readiness: () => ownerWatch.readiness(),
      metrics,
      documents,
      recordings: config.paths.recordings,
      recordingKeys: config.paths.recordingKeys,
      logger: log,
      demo: demo?.trialCalls ?? false,
      now,
    },
    demo === null ? subjects : [...subjects, demo.subject],
  )
  await app.listen('socket' in config.api ? { path: config.api.socket } : { ...config.api })
  log.info('listening')
  // Two slow steps, before the node owns an Asterisk: the compile cache (a second on a busy machine), which a process
  // that is killed does not write at its end, and the holidays of the year, by the first call of `closedOn`.
  flushCompileCache()
  closedOn(now())
  ownership.start()
  journal.start()
  witness.start()
  const stopWatching =
    provider === null
      ? () => Promise.resolve()
      : watchProvider({ db, provider, seal: sealWith(config.factorKey), log })
  const retention = startRetention({
    db,
    retentionUrl: config.retentionUrl,
    ...jobQueues,
    ...config.paths,
    ...config.retention,
    log,
    now,
  })
  exposeUpkeep(metrics, config.paths.upkeep, retention)

  // No new requests, then no calls (the lease is released), then what is left to write, then the connections.
  return async () => {
    await app.close()
    await stopWatching()
    ownerWatch.stop()
    standbyProbe.stop()
    await ownership.stop()
    await jobs.stop()
    await witness.stop()
    await journal.stop()
    await retention.stop()
    await writer.stop()
    await directory.stop()
    await stopPrompts()
    prompts.stop()
    spool.close()
    await fiscal.close()
    await db.destroy()
    nodeChannel.close()
    redis.disconnect()
  }
}

/**
 * Its libraries are loaded only where a provider is configured.
 *
 * @throws {WrongSettings} when the file of the client's secret cannot be read.
 */
async function providerFrom({ signIn: { provider, origin } }: Config): Promise<IdentityProvider | null> {
  if (provider === null) return null
  const { IdentityProvider } = await import('./people/sign-in/provider.ts')
  try {
    const secret = readFileSync(provider.secretFile, 'utf8').trim()
    if (provider.caFile !== null) trustAuthority(provider.caFile)
    return new IdentityProvider(provider, secret, `${origin}${callbackPath}`, now)
  } catch {
    const accepted =
      'with OIDC_CA_FILE, files that this user may read, the second one certificates in PEM form'
    throw new WrongSettings([{ name: 'OIDC_SECRET_FILE', given: provider.secretFile, accepted }])
  }
}

/** Imported by its path, not by name: the product runs without the folder `tools/`. */
const demoPlugin = new URL('../tools/demo/server-plugin.ts', import.meta.url).href

async function loadDemo(paths: Config['paths']): ReturnType<ServerPlugin> {
  const { plugin } = (await import(demoPlugin)) as { readonly plugin: ServerPlugin }
  return plugin(paths)
}

main().catch((error: unknown) => {
  // A wrong setting is the administrator's to mend: its message is enough. Everything else is a bug.
  const text =
    error instanceof WrongSettings ? error.message : String(error instanceof Error ? error.stack : error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
})
