/** Registration on PostgreSQL: numbers are unique and without gaps, whatever clocks and connections do. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { noAddress } from '../../../src/city/requests/form.ts'
import { RequestId } from '../../../src/city/requests/number.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { openDatabase } from '../../../src/ledger/database.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { draftsOf, saveDraft, throwAway } from '../../../src/ledger/requests/drafts.ts'
import {
  followUpsOf,
  joinedCounts,
  openRequestsFrom,
  requestById,
  requestsListed,
  requestsNumbered,
  similarRequests,
} from '../../../src/ledger/requests/lists.ts'
import { addStatus, historyOf } from '../../../src/ledger/requests/statuses.ts'
import { recordTelling } from '../../../src/ledger/requests/tellings.ts'
import { track } from '../../../src/ledger/requests/tracking.ts'
import { raiseNextNumber, register } from '../../../src/ledger/requests/register.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { callEvents } from '../fixtures.ts'
import { lampForm, randomDraft, registered, someone, someRequest } from './fixtures.ts'

const database = await testDatabase(t)
const { db } = database
const admin = openTestDatabase(database.adminUrl, 2)
t.teardown(() => admin.destroy())
const working = workingDays([])
const agents = await db
  .insertInto('accounts')
  .values([{ username: 'ana' }, { username: 'barbu' }])
  .returning('id')
  .execute()
const agent = agents[0]?.id ?? AgentId('')
const another = agents[1]?.id ?? AgentId('')

/** Sets the clock of registrations; null: the true time. */
async function clockSays(moment: string | null): Promise<void> {
  const body = moment === null ? 'select clock_timestamp()' : `select timestamptz '${moment}'`
  await sql`create or replace function registration_clock() returns timestamptz language sql volatile
    set search_path = pg_catalog, pg_temp as ${sql.lit(body)}`.execute(admin)
}

/** The register has been in 2027 by then, and does not go back. */
const yearNow = Math.max(2027, Number(dateAt(Date.now()).slice(0, 4)))

const numbersOf = async (year: number): Promise<number[]> =>
  (await db.selectFrom('requests').select('number').where('year', '=', year).orderBy('number').execute()).map(
    ({ number }) => number,
  )

// The clock can only go forwards, so these cases run in order, in one test.
t.test('numbers and days follow the clock, and never go back', async (t) => {
  await clockSays('2026-11-24 12:00:00+02')
  const first = await registered(db, { agent })
  t.match(first, {
    id: 'CC2026-000001',
    registeredOn: '2026-11-24',
    standing: { announcedOn: '2026-11-27', legalEndOn: '2026-12-28' },
    isNew: true,
  })
  t.match(first.code, /^\d{6}$/)

  await t.test('a clock that goes back changes no day', async (t) => {
    await clockSays('2026-11-20 09:00:00+02')
    t.match(await registered(db, { agent }), { id: 'CC2026-000002', registeredOn: '2026-11-24' })
  })

  await t.test('the next number can be raised, and only raised', async (t) => {
    const by = agent
    t.equal(await raiseNextNumber(db, { next: 100, reason: 'continuă registrul vechi', by }), 'raised')
    t.equal(await raiseNextNumber(db, { next: 100, reason: 'încă o dată', by }), 'too low')
    t.equal(await raiseNextNumber(db, { next: 50, reason: 'înapoi', by }), 'too low')
    t.equal((await registered(db, { agent })).id, 'CC2026-000100')
    const raises = await db
      .selectFrom('request_number_raises as r')
      .innerJoin('free_texts as said', 'said.digest', 'r.reason_digest')
      .select(['r.year', 'r.next', 'said.text as reason', 'r.by'])
      .execute()
    t.strictSame(raises, [{ year: 2026, next: 100, reason: 'continuă registrul vechi', by }])
  })

  await t.test('the year turns at midnight in Bucharest', async (t) => {
    await clockSays('2026-12-31 21:59:59.999Z')
    t.match(await registered(db, { agent }), { id: 'CC2026-000101', registeredOn: '2026-12-31' })
    await clockSays('2026-12-31 22:00:00Z')
    t.match(await registered(db, { agent }), { id: 'CC2027-000001', registeredOn: '2027-01-01' })
    await clockSays('2026-12-31 21:00:00Z')
    t.match(
      await registered(db, { agent }),
      { id: 'CC2027-000002', registeredOn: '2027-01-01' },
      'and not back again',
    )
  })
  await clockSays(null)
})

/** REQUESTS=10000 for the whole measure. */
t.test(
  'ten concurrent registrars: no number is left out or given twice',
  { timeout: 1_500_000 },
  async (t) => {
    const rushing = openDatabase({ url: database.appUrl, connectionsMax: 10, statementTimeoutMs: 20_000 })
    t.teardown(() => rushing.destroy())
    const each = Number(process.env['REQUESTS'] ?? 500) / 10
    const given: string[] = []
    const desk = async (): Promise<void> => {
      for (let i = 0; i < each; i += 1) {
        // One in ten is registered twice at the same instant, as after a time-out.
        const draft = randomDraft()
        const asked = await Promise.all(
          Array.from({ length: i % 10 === 0 ? 2 : 1 }, () => registered(rushing, { agent, draft })),
        )
        const isOne = new Set(asked.map(({ id }) => id)).size === 1
        if (!isOne || asked.filter(({ isNew }) => isNew).length !== 1)
          t.fail(`asked twice: ${JSON.stringify(asked)}`)
        given.push(asked[0]?.id ?? '')
      }
    }
    const before = (await numbersOf(yearNow)).length
    const beganAt = performance.now()
    await Promise.all(Array.from({ length: 10 }, desk))
    const seconds = (performance.now() - beganAt) / 1_000
    t.comment(
      `${given.length} requests in ${seconds.toFixed(1)} s, ${(given.length / seconds).toFixed(0)} a second`,
    )
    t.equal(new Set(given).size, each * 10)
    const numbers = await numbersOf(yearNow)
    t.equal(numbers.length, before + each * 10)
    t.strictSame(
      numbers,
      numbers.map((_, index) => index + 1),
    )
    const days = await db
      .selectFrom('requests')
      .select('registered_at')
      .orderBy('year')
      .orderBy('number')
      .execute()
    t.ok(
      days.every(
        ({ registered_at }, index) => index === 0 || registered_at >= (days[index - 1]?.registered_at ?? 0),
      ),
    )
  },
)

t.test('a registration that fails gives its number back', async (t) => {
  const before = await registered(db, { agent })
  const draft = randomDraft()
  const form = lampForm()
  const beginning = { regime: 'petition', department: '', toHead: false, targetDays: null } as const
  const broken = register(
    db,
    { draft, form, beginning, about: null, joinTo: null, agent, call: null, prefix: 'CC' },
    working,
  )
  await t.rejects(broken, { code: '23514' }, 'a request for no department')
  const after = await registered(db, { agent, draft })
  t.equal(numberIn(after.id), numberIn(before.id) + 1)
})

t.test('registering a draft again returns its number, only to its own agent', async (t) => {
  const draft = randomDraft()
  const first = await registered(db, { agent, draft })
  const again = await registered(db, { agent, draft, form: lampForm({ text: 'Altceva decât prima dată.' }) })
  t.strictSame({ ...again, isNew: true }, first)
  t.equal(again.isNew, false)
  await t.rejects(registered(db, { agent: another, draft }), /somebody else/)
})

t.test('the application cannot assign a number', async (t) => {
  const row = sql`insert into requests (number, prefix) values (7, 'CC')`
  await t.rejects(row.execute(db), { code: '42501' })
  await t.rejects(sql`update request_counter set next = 1`.execute(db), { code: '42501' })
  await t.rejects(sql`insert into request_number_raises (year, next) values (2030, 5)`.execute(db), {
    code: '42501',
  })
})

t.test('the register keeps a digest of personal values, which are stored apart', async (t) => {
  const id = await someRequest(db, { agent })
  const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const detail = await db
    .selectFrom('request_details')
    .selectAll()
    .where('request', '=', id)
    .executeTakeFirstOrThrow()
  t.strictSame(createHash('sha256').update(detail.salt).update(detail.value).digest(), row.detail_digest)
  t.notMatch(JSON.stringify(row), /Țăranu|722000911|exemplu/)
  t.match(detail, { phone: someone.phone, street: 'Strada Lucian Blaga' })
})

t.test('concurrent changes by two supervisors are both recorded, one after the other', async (t) => {
  const id = await someRequest(db, { agent })
  const answers = await Promise.all(
    ['Direcția A', 'Direcția B', 'Direcția C'].map((department) =>
      addStatus(
        db,
        {
          request: id,
          event: { kind: 'in progress', department },
          note: `la ${department}`,
          by: agent,
          call: null,
        },
        '2027-01-02',
        working,
      ),
    ),
  )
  t.ok(answers.every(({ ok }) => ok))
  const history = await historyOf(db, id)
  t.strictSame(
    history.map(({ version }) => version),
    [1, 2, 3, 4],
  )
  t.equal((await requestById(db, id))?.standing.department, history.at(-1)?.department)
  t.equal(history.at(-1)?.note, `la ${history.at(-1)?.department}`)
})

t.test('a joined request is closed and counted with the other one', async (t) => {
  const main = await someRequest(db, { agent })
  const second = await someRequest(db, { agent })
  const third = await someRequest(db, { agent })
  const join = (request: RequestId, to: RequestId) =>
    addStatus(
      db,
      { request, event: { kind: 'joined', to }, note: '', by: agent, call: null },
      '2027-01-02',
      working,
    )
  t.match(await join(second, main), { ok: true, standing: { state: 'joined' } })
  t.strictSame(
    await join(third, second),
    { ok: false, why: 'joined to none' },
    'never to one that is joined itself',
  )
  t.strictSame(await join(third, RequestId('CC2020-000001')), { ok: false, why: 'joined to none' })
  t.strictSame(await join(RequestId('CC2020-000001'), main), { ok: false, why: 'unknown' })
  t.equal((await joinedCounts(db, [main])).get(main), 1)
  const [one, other] = [await someRequest(db, { agent }), await someRequest(db, { agent })]
  const crossed = await Promise.all([join(one, other), join(other, one)])
  t.equal(crossed.filter(({ ok }) => ok).length, 1, 'two never wait for each other’s answer')
  const answered = await someRequest(db, { agent })
  const answer = { request: answered, event: { kind: 'answered' }, note: '', by: agent, call: null } as const
  await addStatus(db, answer, '2027-01-02', working)
  t.strictSame(await join(third, answered), { ok: false, why: 'joined to none' }, 'nobody answers it again')
})

t.test('the document system’s number finds the request too', async (t) => {
  const id = await someRequest(db, { agent })
  const event = { kind: 'numbered', number: 'SC2027-55/04.01.2027' } as const
  await addStatus(db, { request: id, event, note: '', by: null, call: null }, '2027-01-04', working)
  t.match(await requestsNumbered(db, null, ' SC2027-55/04.01.2027 ', 5), [
    { id, standing: { state: 'registered' } },
  ])
  t.match(await requestsNumbered(db, { year: yearNow, number: numberIn(id) }, '', 5), [{ id }])
})

t.test('open requests of a caller are found by calling number or contact number', async (t) => {
  const call = CallId('pbx1-70.1')
  await writeEvents(db, callEvents({ id: call, number: '+40733000001' }))
  const phone = '+40733000002'
  const anonymous = await someRequest(db, { agent, call, form: lampForm({ person: null }) })
  const named = await someRequest(db, { agent, form: lampForm({ person: { ...someone, phone } }) })
  t.match(await openRequestsFrom(db, '+40733000001', 5), [{ id: anonymous }])
  t.match(await openRequestsFrom(db, phone, 5), [{ id: named }])
  await addStatus(
    db,
    { request: named, event: { kind: 'answered' }, note: '', by: agent, call: null },
    '2027-01-02',
    working,
  )
  t.strictSame(await openRequestsFrom(db, phone, 5), [])
})

t.test('possible duplicates are open, of the same category, in the same street', async (t) => {
  const place = { ...noAddress, street: 'Strada Oituz', number: '3' }
  const id = await someRequest(db, { agent, form: lampForm({ place }) })
  await someRequest(db, { agent, form: lampForm({ place, category: 'pothole' }) })
  const like = { category: 'street-lighting', street: 'Strada Oituz', sinceMs: 0 }
  t.match(await similarRequests(db, like, 5), [{ id, place: 'Strada Oituz 3' }])
  t.equal((await similarRequests(db, { ...like, sinceMs: Date.now() + 1e12 }, 5)).length, 0)
})

t.test('a request whose number the citizen was not told stays a follow-up', async (t) => {
  const [mine] = await db.insertInto('accounts').values({ username: 'carmen' }).returning('id').execute()
  if (mine === undefined) return
  const told = await someRequest(db, { agent: mine.id })
  const dropped = await someRequest(db, { agent: mine.id })
  await recordTelling(db, { request: told, agent: mine.id, call: null, how: 'on the call' })
  t.match(await followUpsOf(db, mine.id, 0, 5), [{ id: dropped }])
})

t.test('lists by state, newest first, page by page', async (t) => {
  const anything = { department: null, category: null, agent: null, changedSince: null, after: null }
  const ask = (which: 'open' | 'due' | 'overdue' | 'closed' | 'all', today = '2027-01-01', limit = 1_000) =>
    requestsListed(db, { ...anything, which, today, limit })
  t.equal((await ask('overdue', '2020-01-01')).length, 0)
  t.ok((await ask('closed')).every(({ standing }) => standing.state !== 'registered'))
  const all = await ask('all', '2027-01-01', 5)
  const [, second] = all
  if (second === undefined) return
  const { registeredAt, id } = second
  const rest = await requestsListed(db, {
    ...anything,
    which: 'all',
    today: '2027-01-01',
    limit: 3,
    after: { registeredAt, id },
  })
  t.strictSame(
    rest.map((row) => row.id),
    all.slice(2).map((row) => row.id),
  )
})

t.test('a list holds the requests of one category', async (t) => {
  const [mine] = await db.insertInto('accounts').values({ username: 'elena' }).returning('id').execute()
  if (mine === undefined) return
  const asked = { which: 'all', department: null, today: '2027-01-01', limit: 9, after: null } as const
  const list = async (category: string | null) =>
    (await requestsListed(db, { ...asked, category, agent: mine.id, changedSince: null })).map(({ id }) => id)
  const lamp = await someRequest(db, { agent: mine.id })
  const hole = await someRequest(db, { agent: mine.id, form: lampForm({ category: 'pothole', fields: {} }) })
  t.strictSame(await list(null), [hole, lamp])
  t.strictSame(await list('pothole'), [hole])
  t.strictSame(await list('street-lighting'), [lamp])
  t.strictSame(await list('trees'), [])
})

t.test('a list holds one agent’s requests, and those that have changed since', async (t) => {
  const [mine] = await db.insertInto('accounts').values({ username: 'dora' }).returning('id').execute()
  if (mine === undefined) return
  const asked = {
    which: 'all',
    department: null,
    category: null,
    today: '2027-01-01',
    limit: 9,
    after: null,
  } as const
  const list = async (changedSince: number | null) =>
    (await requestsListed(db, { ...asked, agent: mine.id, changedSince })).map(({ id }) => id)
  const first = await someRequest(db, { agent: mine.id })
  const second = await someRequest(db, { agent: mine.id })
  t.strictSame(await list(null), [second, first])
  const rows = await requestsListed(db, { ...asked, agent: mine.id, changedSince: null })
  const changedAt = rows[0]?.changedAt ?? 0
  t.strictSame(await list(changedAt + 1), [])
  t.ok((await list(changedAt)).includes(second), 'at this very time, too')
})

t.test('number and code return the standing; every mismatch gets the same answer', async (t) => {
  const { id, code } = await registered(db, { agent })
  const wrong = code === '000000' ? '000001' : '000000'
  const ask = (number: string, six: string) =>
    track(db, { id: RequestId(number), code: six, address: `net of ${number}` })
  t.match(await ask(id, code ?? ''), { outcome: 'found', request: { id, state: 'registered' } })
  t.strictSame(await ask(id, wrong), { outcome: 'no match' })
  t.strictSame(await ask('CC2019-999999', wrong), { outcome: 'no match' })
  for (const number of [id, 'CC2019-999999']) {
    // Concurrency does not help: the first of these five tries was used above.
    const tries = await Promise.all(Array.from({ length: 8 }, () => ask(number, wrong)))
    t.equal(tries.filter(({ outcome }) => outcome === 'no match').length, 4)
  }
  t.strictSame(await ask(id, code ?? ''), { outcome: 'too many tries' }, 'nor does the right code then')
})

t.test('a draft is visible to its agent alone, and is deleted on registration', async (t) => {
  const id = randomDraft()
  const call = CallId('pbx1-70.2')
  t.equal(await saveDraft(db, another, { id, call, form: { text: 'a' } }), 'saved')
  t.equal(await saveDraft(db, another, { id, call, form: { text: 'ab' } }), 'saved')
  t.equal(await saveDraft(db, agent, { id, call, form: { text: 'x' } }), 'not yours')
  t.match(await draftsOf(db, another), [{ id, call, form: { text: 'ab' } }])
  t.strictSame(await draftsOf(db, agent), [])
  await throwAway(db, agent, id)
  t.equal((await draftsOf(db, another)).length, 1, 'nobody else throws it away')
  await registered(db, { agent: another, draft: id })
  t.strictSame(await draftsOf(db, another), [])
  t.equal(
    await saveDraft(db, another, { id, call, form: {} }),
    'not yours',
    'a late autosave does not bring it back',
  )
})

const numberIn = (id: string): number => Number(id.split('-')[1])
