/** The journal while a clock is ahead or behind by a year, and when it is right again. */
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import t from 'tap'
import { Witness } from '../../../src/jobs/journal/witness.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase } from '../../../src/ledger/journal/check.ts'
import { appendEntry } from '../../../src/ledger/journal/journal.ts'
import { boundSweep, journalRows } from '../../../src/ledger/journal/row-check.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { rewritten, scene, signer, type Scene } from '../../ledger/journal/scene.ts'
import { stampingAuthority } from '../../support/city/time-stamping-authority.ts'

const hour = 3_600_000
const year = 365 * 24 * hour

const verified = ({ db, anchor, place }: Scene) =>
  checkDatabase(db, { anchor, verifierKey: signer.verifierKey, place })

const more = ({ db }: Scene, about: string) => appendEntry(db, { what: 'look', about })

t.test('heads are signed and hold, whatever the server’s clock says', async (t) => {
  const it = await scene(t)
  const now = Date.now()
  for (const [at, about] of [
    [now + year, 'ahead'],
    [now, 'right again'],
    [now - year, 'behind'],
    [now, 'right again'],
  ] as const) {
    await more(it, about)
    t.equal(await anchorJournal(it.db, it.place, signer, at), 'goes on', about)
    t.match(await verified(it), { ok: true, unanchored: 0 }, about)
  }
  t.match(await verified(it), { ok: true, entries: 28, heads: 7 })
  // Time stamps, not names of files, prove when a head existed.
  const days = readdirSync(it.anchor).filter((name) => name.endsWith('.heads'))
  t.equal(days.length, 2, 'a head never goes into an older file than the one before')
})

t.test(
  'rows of a database whose clock was ahead get their entries, and so do those after them',
  async (t) => {
    const it = await scene(t)
    const { db, force } = it
    const call = async (id: string, recorded: ReturnType<typeof sql>) => {
      await writeEvents(db, callEvents({ id }))
      await force(sql`
      do $$ begin
        update calls set recorded_at = ${recorded} where id = ${sql.lit(id)};
      end $$`)
    }
    await call('pbx1-ahead.1', sql`now() + interval '1 year'`)
    t.equal(await journalRows(db, 100), 1)
    await call('pbx1-fresh.1', sql`now()`)
    t.match(
      await verified(it),
      { ok: true },
      'a row that waits for its entry was not added without the journal',
    )
    await force(sql`update calls set recorded_at = now() - interval '6 minutes' where id = 'pbx1-fresh.1'`)
    t.equal(await journalRows(db, 100), 0, 'the sweep looks back five minutes from now')
    await boundSweep(db)
    t.equal(await journalRows(db, 100, 24 * hour), 1, 'a day after a start')
    t.match(await verified(it), { ok: true })
  },
)

t.test('rows and entries of a database whose clock was behind are no forgery', async (t) => {
  const it = await scene(t)
  const { db, force } = it
  await writeEvents(db, callEvents({ id: 'pbx1-behind.1' }))
  await force(sql`update calls set recorded_at = now() - interval '1 year' where id = 'pbx1-behind.1'`)
  await force(
    sql`update journalled_registers set swept_until = now() - interval '2 years' where register = 'calls'`,
  )
  t.equal(await journalRows(db, 100), 1)
  const present = new Date().getUTCFullYear()
  await force(rewritten({ entry: 24, from: `"at":"${present}`, to: `"at":"${present - 1}` }))
  await more(it, 'right again')
  t.equal(await anchorJournal(db, it.place, signer, Date.now()), 'goes on')
  t.match(await verified(it), { ok: true, entries: 26 })
})

t.test('the witness goes on after a clock was ahead or behind by a year', async (t) => {
  const it = await scene(t)
  let [now, received] = [Date.now(), 0]
  const server = createServer((_request, response) => {
    received += 1
    response.writeHead(204).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.teardown(() => new Promise((closed) => server.close(closed)))
  const authority = await stampingAuthority(t, path.join(it.dir, 'tsa'))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const secret = `whsec_${Buffer.from('a secret of these tests, long enough').toString('base64')}`
  let alarm: string | null = null
  const witness = new Witness({
    ...it.place,
    stamps: authority,
    push: { url, secret },
    everyMs: hour,
    alarm: () => alarm,
    log: pino({ level: 'silent' }),
    now: () => now,
  })
  const next = async (about: string) => {
    await more(it, about)
    t.equal(await anchorJournal(it.db, it.place, signer, now), 'goes on')
    await witness.work()
  }
  await next('first')
  t.strictSame([authority.asked, received], [1, 1])
  for (const off of [year, -year]) {
    const [asked, sent] = [authority.asked, received]
    now += off
    await next('off')
    t.strictSame([authority.asked, received], [asked + 1, sent + 1], 'the period has passed, by this clock')
    now -= off
    await next('right again')
    t.equal(received, sent + 2, 'what was sent in another year is not recent')
    now += hour + 60_000
    await next('an hour later')
    t.equal(authority.asked, asked + 2)
    t.equal(received, sent + 3)
    now -= hour + 60_000
  }
  alarm = 'the journal is not intact'
  const before = received
  now += year
  await witness.work()
  now -= year
  await witness.work()
  t.ok(received >= before + 2, 'an alarm of another year is repeated')
})
