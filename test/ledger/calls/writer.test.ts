import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { CallId } from '../../../src/core/ids.ts'
import type { AcdEvent, StreamPosition } from '../../../src/core/acd-event.ts'
import { versioned } from '../../../src/core/versions.ts'
import { openDatabase } from '../../../src/ledger/database.ts'
import type { AcdEventSource } from '../../../src/ledger/calls/event-source.ts'
import { Spool } from '../../../src/ledger/calls/spool.ts'
import { startWriter, type Writer, type WriterOptions } from '../../../src/ledger/calls/writer.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { agentEvent, callEvents } from '../fixtures.ts'

const database = await testDatabase(t)
const { db } = database
const log = pino({ level: 'silent' })

/** A stream like that of Redis: an event comes again until it is acknowledged. */
class FakeStream implements AcdEventSource {
  readonly acknowledged: StreamPosition[] = []
  readonly #entries = new Map<StreamPosition, AcdEvent>()
  #wake: (() => void) | null = null
  #next = 0
  failures = 0
  /** So many acknowledgements are lost. */
  acknowledgementsToLose = 0

  push(...events: AcdEvent[]): void {
    for (const event of events) {
      this.#next += 1
      this.#entries.set(`${this.#next}`, event)
    }
    this.#wake?.()
  }

  async *read(_: true, signal: AbortSignal) {
    while (!signal.aborted) {
      if (this.failures > 0) {
        this.failures -= 1
        throw new Error('Redis is away')
      }
      const batch = Array.from(this.#entries, ([position, event]) => ({ position, event }))
      yield batch
      if (this.#entries.size === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
          signal.addEventListener('abort', () => resolve(), { once: true })
        })
      }
    }
  }

  async acknowledge(positions: readonly StreamPosition[]): Promise<void> {
    if (this.acknowledgementsToLose > 0) {
      this.acknowledgementsToLose -= 1
      throw new Error('Redis is away')
    }
    for (const position of positions) this.#entries.delete(position)
    this.acknowledged.push(...positions)
  }
}

function start(
  t: Test,
  source: FakeStream,
  more: Partial<WriterOptions> = {},
): Writer & { refusedFile: string } {
  const refusedFile = path.join(t.testdirName, 'refused.ndjson')
  const options = {
    db,
    source,
    spool: null,
    log,
    refusedFile,
    spoolGraceMs: 10,
    retryMs: { first: 5, max: 20 },
  }
  const writer = startWriter({ ...options, ...more })
  t.teardown(() => writer.stop())
  return { ...writer, refusedFile }
}

void t.test('events and the finished call become rows, and are acknowledged after commit', async (t) => {
  const source = new FakeStream()
  const writer = start(t, source)
  source.push(...callEvents({ id: 'w-1', number: '+40721000001' }), agentEvent('w-agent', 1))
  await until(() => source.acknowledged.length === 6)
  t.equal(writer.counts.written, 6)
  const call = await db
    .selectFrom('calls')
    .selectAll()
    .where('id', '=', CallId('w-1'))
    .executeTakeFirstOrThrow()
  t.match(call, { outcome: 'answered', wait_ms: 4_000, talk_ms: 60_000, agent: 'agent-1', source: 'line' })
  const events = await db.selectFrom('call_events').selectAll().where('call', '=', CallId('w-1')).execute()
  t.notMatch(JSON.stringify(events), '40721000001', 'who called is not in the register')
  const proof = await sql<{ equal: boolean }>`
    select caller_digest = sha256(salt || convert_to('+40721000001', 'UTF8') || '\\x00' || convert_to('Ștefan', 'UTF8'))
      as equal from calls join callers on call = id where id = 'w-1'`.execute(db)
  t.ok(proof.rows[0]?.equal)
})

void t.test('repeated events are skipped; other content under the same key is an alarm', async (t) => {
  const source = new FakeStream()
  const writer = start(t, source)
  const events = callEvents({ id: 'w-2' })
  source.push(...events)
  await until(() => source.acknowledged.length === 5)
  source.push(...events, { ...events[1]!, at: events[1]!.at + 1 }, agentEvent('w-agent', 1, 5))
  await until(() => source.acknowledged.length === 12)
  t.match(writer.counts, { written: 5, conflicts: 2, refused: 0 })
})

void t.test('a rejected end event does not write the call’s row', async (t) => {
  const source = new FakeStream()
  const writer = start(t, source)
  source.push(...callEvents({ id: 'w-12' }).slice(0, 3))
  await until(() => source.acknowledged.length === 3)
  const abandoned = callEvents({ id: 'w-12', talks: null })
  t.match(abandoned.at(-1), { seq: 3, after: { phase: 'ended' } })
  source.push(...abandoned)
  await until(() => source.acknowledged.length === 6)
  t.equal(writer.counts.conflicts, 1)
  t.strictSame(await db.selectFrom('calls').select('id').where('id', '=', CallId('w-12')).execute(), [])
})

void t.test('an end that was stored without the call’s row is completed when it comes again', async (t) => {
  const source = new FakeStream()
  const writer = start(t, source)
  const events = callEvents({ id: 'w-13' })
  const end = events.at(-1)!
  source.push(...events.slice(0, -1))
  await until(() => source.acknowledged.length === 4)
  const [event, after] = [end.event, { ...end.after, caller: undefined }].map((each) =>
    JSON.stringify(versioned(each)),
  )
  await sql`insert into call_events (call, seq, at, type, event, after)
            values ('w-13', 5, ${new Date(end.at)}, ${end.event.type}, ${event}, ${after})`.execute(db)
  source.push(...events)
  await until(() => source.acknowledged.length === 9)
  t.match(writer.counts, { written: 4, conflicts: 0 })
  const rows = await db.selectFrom('calls').select('outcome').where('id', '=', CallId('w-13')).execute()
  t.match(rows, [{ outcome: 'answered' }])
})

void t.test('one batch of many calls keeps its order and gives every call its own caller', async (t) => {
  const source = new FakeStream()
  const writer = start(t, source)
  const ids = ['w-c', 'w-a', 'w-b']
  const calls = ids.map((id, index) => callEvents({ id, number: `+4072100100${index}` }))
  // In turns, as calls that go on at the same time.
  const mixed = calls[0]!.flatMap((_, at) => calls.map((events) => events[at]!))
  source.push(...mixed)
  await until(() => source.acknowledged.length === mixed.length)
  t.match(writer.counts, { written: 15, conflicts: 0 })
  const stored = await sql<{ call: string; seq: number }>`
    select call, seq from call_events where call in (${sql.join(ids)}) order by ordinal`.execute(db)
  t.same(
    stored.rows,
    mixed.map(({ id, seq }) => ({ call: id, seq })),
  )
  const proven = await sql<{ number: string; equal: boolean }>`
    select number, caller_digest = sha256(salt || convert_to(number, 'UTF8') || '\\x00' || convert_to(name, 'UTF8'))
      as equal from calls join callers on call = id where id in (${sql.join(ids)}) order by number`.execute(
    db,
  )
  t.same(
    proven.rows,
    ids.map((_, index) => ({ number: `+4072100100${index}`, equal: true })),
  )
})

void t.test('an event that PostgreSQL cannot store is set aside and does not delay the others', async (t) => {
  t.testdir({})
  const source = new FakeStream()
  const writer = start(t, source)
  const poison = { ...agentEvent('w-poison', 1), id: 'nul\u0000' as ReturnType<typeof agentEvent>['id'] }
  source.push(agentEvent('w-before', 1), poison, agentEvent('w-after', 1))
  await until(() => source.acknowledged.length === 3)
  t.match(writer.counts, { written: 2, refused: 1 })
  t.strictSame(JSON.parse(readFileSync(writer.refusedFile, 'utf8')), versioned(poison))
})

void t.test('the writer retries while the stream is away', async (t) => {
  const source = new FakeStream()
  source.failures = 3
  start(t, source)
  source.push(agentEvent('w-patient', 1))
  await until(() => source.acknowledged.length === 1)
})

void t.test('failing acknowledgements are logged once per outage', async (t) => {
  const source = new FakeStream()
  const warned: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) })
  const writer = start(t, source, { log: logger })
  for (const [at, name] of ['w-first', 'w-second'].entries()) {
    source.acknowledgementsToLose = 3
    source.push(agentEvent(name, 1))
    await until(() => writer.counts.failing > 1)
    await until(() => source.acknowledged.length > at && writer.counts.failing === 0)
  }
  t.equal(warned.length, 2)
  t.equal(writer.counts.written, 2)
})

void t.test('a stream without new events counts as working', async (t) => {
  const source = new FakeStream()
  source.failures = 3
  const writer = start(t, source)
  await until(() => writer.counts.failing > 0)
  await until(() => writer.counts.failing === 0)
  t.equal(source.failures, 0)
})

void t.test(
  'events wait unacknowledged while PostgreSQL is away, and are written once it is back',
  async (t) => {
    const source = new FakeStream()
    const spool = new Spool({ folder: t.testdir({}), log, now: Date.now })
    const admin = openTestDatabase(database.adminUrl)
    t.teardown(() => admin.destroy())
    const { app } = database.roles
    // Only this database: other test files use the same cluster and login.
    await sql`alter database ${sql.id(database.name)} connection limit 0`.execute(admin)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = ${database.name} and usename = ${app}`.execute(admin)
    // The stream alone delivers the events.
    const writer = start(t, source, { spool, spoolGraceMs: 600_000 })
    const events = callEvents({ id: 'w-3' })
    spool.add(events)
    source.push(...events)
    await until(() => writer.counts.failing > 2)
    t.equal(source.acknowledged.length, 0)
    t.equal(spool.outstanding, 5, 'the only copy that a lost stream leaves')
    await sql`alter database ${sql.id(database.name)} connection limit -1`.execute(admin)
    await until(() => source.acknowledged.length === 5)
    t.equal(spool.outstanding, 0)
    t.equal(writer.counts.failing, 0)
  },
)

void t.test(
  'events that the stream lost are written from the spool, also those of an earlier run',
  async (t) => {
    const folder = t.testdir({})
    const lost = callEvents({ id: 'w-4' })
    new Spool({ folder, log, now: Date.now }).add(lost)
    const spool = new Spool({ folder, log, now: Date.now })
    const source = new FakeStream()
    const writer = start(t, source, { spool })
    await until(() => spool.outstanding === 0)
    t.equal(writer.counts.written, 5)
    spool.add([agentEvent('w-spooled', 1)])
    source.push(agentEvent('w-spooled', 1))
    await until(() => spool.outstanding === 0 && source.acknowledged.length === 1)
    t.equal(writer.counts.conflicts, 0)
  },
)

void t.test('stopping while PostgreSQL is away leaves the events unacknowledged', async (t) => {
  const away = openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/none', connectionsMax: 1 })
  t.teardown(() => away.destroy())
  const source = new FakeStream()
  const writer = start(t, source, { db: away })
  source.push(agentEvent('w-back', 1))
  await until(() => writer.counts.failing > 0)
  await writer.stop()
  t.strictSame(source.acknowledged, [])
})

void t.test('the spool is synced also while PostgreSQL is away', async (t) => {
  const away = openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:1/none', connectionsMax: 1 })
  t.teardown(() => away.destroy())
  class Watched extends Spool {
    flushes = 0
    override async flush(): Promise<void> {
      await super.flush()
      this.flushes += 1
    }
  }
  const spool = new Watched({ folder: t.testdir({}), log, now: Date.now })
  spool.add([agentEvent('w-flushed', 1)])
  const writer = start(t, new FakeStream(), { db: away, spool })
  await until(() => writer.counts.failing > 0 && spool.flushes >= 2)
  t.equal(spool.outstanding, 1)
})
