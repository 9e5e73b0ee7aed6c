/**
 * A number, a name and an address are planted in every place by using the system; after retention none of them is left:
 * not in the database, in a backup made then, in Redis, or in a file.
 */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { pino } from 'pino'
import t from 'tap'
import { RequestId } from '../../../src/city/requests/number.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { compactRedis } from '../../../src/jobs/retention/compact-redis.ts'
import { runRetention, type RetentionOptions } from '../../../src/jobs/retention/retention.ts'
import { compareWithRecord } from '../../../src/ledger/cel/compare.ts'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { addFullHearing } from '../../../src/ledger/recordings/full-hearings.ts'
import { raiseNextNumber } from '../../../src/ledger/requests/register.ts'
import { addStatus } from '../../../src/ledger/requests/statuses.ts'
import { declare } from '../../../src/people/declared-days.ts'
import { connectRedis } from '../../../src/redis/connection.ts'
import { acdKeys } from '../../../src/redis/keys.ts'
import { redisLedgerSource } from '../../../src/redis/ledger-source.ts'
import { postgresqlBin, postgresqlVersions } from '../../../src/stack/install/packages.ts'
import { confirmClockOfFiles, endOldFiles } from '../../../src/stack/retention/old-files.ts'
import { Api } from '../../../tools/demo/api.ts'
import { lampForm, randomDraft, someone } from '../../ledger/requests/fixtures.ts'
import { attack } from '../../support/attack.ts'
import { tone } from '../../support/sip/audio.ts'
import { ranBefore } from '../../jobs/retention/nightly-run.ts'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'

const dayMs = 86_400_000
t.setTimeout(1_500_000)
const later = 2_200 * dayMs
/** The number in any notation, the name and the street: texts that nothing else contains. */
const planted = { number: '722555987', name: 'Zburlescu-Planta', street: 'Aleea Plantatelor' }
const needles = new RegExp(Object.values(planted).join('|'), 'i')
const words = `${planted.name}, ${planted.street} 7, 0${planted.number}`

await attack(
  t,
  {
    attack: 'plants a number, a name and an address everywhere, and looks for them after retention',
    before:
      'found in sign_ins, wrap_ups, declared_days, journal_entries, request_number_raises, tracking_tries, request_drafts and full_hearings',
    now: 'found nowhere: database, dump, Redis and its file, logs, CEL, recordings, spool',
  },
  async (t) => {
    t.setTimeout(1_500_000)
    const scene = await openScene(t, { overrides: { LOG_LEVEL: 'debug' } })
    const { linia, town } = scene
    const { environment, settings } = linia.stack
    const db = openTestDatabase(linia.databaseUrl, 2)
    const redis = new Redis(environment['REDIS_URL'] ?? '')
    t.teardown(async () => {
      await db.destroy()
      redis.disconnect()
    })

    // A call with a note, a draft, a request and a wrap-up.
    const { api, phone, id } = await scene.deskAgent('agent01')
    const agent = AgentId(id)
    const callerId = `0${planted.number}`
    const citizen = await town.call({ callerId, callerName: planted.name, speech: tone(800) })
    await phone.answerNext(tone(600))
    const { id: call } = await scene.record(callerId, ({ answeredAt }) => answeredAt !== null)
    const put = async (path: string, body: unknown) => {
      const answer = await api.ask('PUT', `/api${path}`, body)
      t.ok(answer.ok, `${path}: ${answer.status}`)
    }
    const form = lampForm({
      person: { ...someone, name: planted.name, phone: `+40${planted.number}` },
      place: { ...lampForm().place, street: planted.street },
      text: words,
    })
    await put(`/calls/${call}/notes`, { text: words })
    await put(`/request-drafts/${randomDraft()}`, { call, form })
    const asked = await api.ask('POST', '/api/requests', { draft: randomDraft(), call, form })
    t.equal(asked.status, 201)
    const { id: request } = (await asked.json()) as { id: string }
    citizen.hangUp()
    await citizen.ended
    await api.wrapUp(call, { subject: words, motivated: 'yes', reason: null, resolution: 'registered' })
    await scene.record(callerId, ({ recording }) => recording === 'ready')
    // Everything else in which people write.
    await addStatus(
      db,
      { request: RequestId(request), event: { kind: 'answered' }, note: words, by: agent, call: null },
      '2026-11-29',
      workingDays([]),
    )
    const audit = new Api(linia.url)
    await audit.signIn(linia.account('auditor01'))
    const remark = await audit.ask('POST', '/api/journal/entries/0/remarks', { text: words })
    t.equal(remark.status, 201)
    await addFullHearing(db, { opening: 'o-1', call: CallId(call), account: agent, reason: words })
    await raiseNextNumber(db, { next: 5_000, reason: words, by: agent })
    const day = { date: '2026-12-24', closed: true, reason: words, basedOn: null }
    const declared = await declare(db, day, { by: null, now: Date.parse('2026-11-29T10:00:00Z') })
    t.match(declared, { ok: true })
    await fetch(`${linia.url}/api/tracking`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number: request, code: 'AAAAAA' }),
    })
    // The server is away: Asterisk's own queue serves, and its records are written.
    const server = linia.stack.parts.get('server1')
    await server?.stop()
    const second = await town.call({ callerId })
    const cel = () => readFileSync(settings.paths.cel, 'utf8')
    await until(() => cel().includes('LINIA_FALLBACK_QUEUED'))
    await until(() => cel().split('"Queue"').length > 1)
    second.hangUp()
    await second.ended
    await server?.start()
    await linia.stack.ready(120_000)
    const spool = settings.paths.spool
    writeFileSync(
      join(spool, 'refused-node1.ndjson'),
      `${JSON.stringify({ at: Date.now(), number: callerId })}\n`,
    )
    writeFileSync(join(settings.paths.log, 'server1.log'), `${words}\n`, { flag: 'a' })
    writeFileSync(join(settings.paths.asterisk, 'log/messages.log'), `${words}\n`, { flag: 'a' })
    await until(async () => (await db.selectFrom('calls').select('id').execute()).length === 2)

    const tables = async () => {
      const { rows } = await sql<{ name: string }>`
        select tablename as name from pg_tables where schemaname = 'public'`.execute(db)
      const found: string[] = []
      for (const { name } of rows.filter((one) => !one.name.startsWith('kysely'))) {
        const { rows: hits } = await sql`
          select from ${sql.table(name)} r where r::text ~* ${needles.source} limit 1`.execute(db)
        if (hits.length > 0) found.push(name)
      }
      return found.sort()
    }
    const textOf = (file: string) => {
      try {
        return readFileSync(file, 'utf8')
      } catch {
        // Replaced, or deleted, meanwhile.
        return ''
      }
    }
    const holding = () =>
      readdirSync(linia.dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => needles.test(textOf(file)))
        .map((file) => file.slice(linia.dir.length + 1))
        .sort()
    const keys = async () => {
      const found: string[] = []
      for (const key of await redis.keys('*')) {
        const type = await redis.type(key)
        const value =
          type === 'hash'
            ? await redis.hgetall(key)
            : type === 'stream'
              ? await redis.xrange(key, '-', '+')
              : type === 'string'
                ? await redis.get(key)
                : []
        if (needles.test(JSON.stringify(value))) found.push(key)
      }
      return found.sort()
    }
    const before = await tables()
    t.strictSame(
      before,
      [
        'callers',
        'free_texts',
        'note_texts',
        'outbox_bodies',
        'request_details',
        'request_drafts',
        'request_status_notes',
      ],
      'planted, and only in tables from which retention deletes',
    )
    const filesBefore = holding()
    for (const name of [
      'asterisk/log/cel.csv',
      'asterisk/log/messages.log',
      'log/server1.log',
      'spool/refused-node1.ndjson',
    ])
      t.ok(filesBefore.includes(name), name)
    t.comment(filesBefore.join(' '), await keys())

    // Delivered by then, or kept until it is.
    await db.deleteFrom('outbox_unsent').execute()
    const now = () => Date.now() + later
    const options: RetentionOptions = {
      db,
      retentionUrl: environment['RETENTION_DATABASE_URL'] ?? null,
      redisUrl: environment['REDIS_URL'] ?? '',
      prefix: 'x',
      ...settings.paths,
      ...settings.retention,
      log: pino({ level: 'silent' }),
      now,
    }
    await ranBefore(options, now())
    await runRetention(options)
    const { logsDays, detailsDays } = settings.retention
    const files = { paths: settings.paths, logsDays, detailsDays, ownAsterisk: true }
    await endOldFiles({ ...files, now: () => Date.now() + dayMs })
    await confirmClockOfFiles(settings.paths.upkeep, now())
    await endOldFiles({ ...files, now })
    const acd = connectRedis(environment['REDIS_URL'] ?? '', pino({ level: 'silent' }))
    const source = redisLedgerSource(acd, () => acd, acdKeys(settings.keyPrefix, settings.pbxName), 'node1')
    await until(() => acd.status === 'ready')
    await source.trim(now(), 0)
    acd.disconnect()
    await compactRedis(environment['REDIS_URL'] ?? '')
    // The directory's copy follows the database within half a minute.
    const left = holding().map((file) => join(linia.dir, file))
    await until(() => !left.some((file) => needles.test(textOf(file)))).catch(() => undefined)

    t.strictSame(await tables(), [])
    t.strictSame(await keys(), [])
    t.strictSame(holding(), [])
    const [newest] = postgresqlVersions()
    const admin = new URL(testCluster(t).adminUrl)
    admin.pathname = new URL(linia.databaseUrl).pathname
    const dump = await promisify(execFile)(
      join(postgresqlBin(newest ?? 17), 'pg_dump'),
      ['--inserts', '--data-only', '--no-privileges', admin.href],
      { maxBuffer: 2 ** 28 },
    )
    t.ok(dump.stdout.length > 10_000)
    t.notMatch(dump.stdout, needles, 'a backup made now')
    const compared = await compareWithRecord({
      db,
      pbx: settings.pbxName,
      file: settings.paths.cel,
      columns: celColumns,
      endedBefore: Date.now(),
      loneMax: 20,
    })
    t.match(compared, { onlyInRecord: [], onlyInLedger: [] }, 'linia reconcile works on what is left')
  },
)
