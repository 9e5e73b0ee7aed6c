/** Public holidays and declared days: supervisors read, administrators declare, each declaration on record. */
import t from 'tap'
import { lineOf } from '../../../src/core/configuration/line.ts'
import { parseLineHours } from '../../../src/core/opening-hours.ts'
import type { DayDetail, DeclaredDays } from '../../../src/http/declared-days/wire.ts'
import { rules } from '../../core/samples.ts'
import { testDatabase } from '../../support/postgres.ts'
import { serve, type Served } from '../serve.ts'

const path = '/api/declared-days'
// A Monday, at noon.
const monday = Date.parse('2026-11-23T10:00:00Z')
const queue = { id: 'q', name: 'Q', skill: 'general', levelMin: 1, priority: 100 }
const weekly = 'Mon-Fri 08:00-16:00'

const { numbers } = lineOf({
  queues: [queue],
  hours: [
    { id: 'social', name: 'Social', weekly, holidays: 'open', dates: [] },
    {
      id: 'taxe',
      name: 'Taxe',
      weekly,
      holidays: 'closed',
      dates: [{ date: '2026-12-24', hours: '08:00-12:00' }],
    },
    { id: 'mereu', name: 'Mereu', weekly: 'always', holidays: 'closed', dates: [] },
  ],
  numbers: [
    { number: '969', also: [], name: 'Linia', queue: 'q' },
    { number: '0256408300', also: [], name: 'Social', queue: 'q', hours: 'social' },
    { number: '0256408301', also: [], name: 'Taxe', queue: 'q', hours: 'taxe' },
    { number: '0256408302', also: [], name: 'Mereu', queue: 'q', hours: 'mereu' },
  ],
})

/** Its own database: the register is read whole. */
async function served(t: Parameters<typeof testDatabase>[0]): Promise<Served> {
  const { db } = await testDatabase(t)
  const usual = parseLineHours('Mon-Fri 08:00-22:00')
  if (!usual.ok) throw new Error('hours are not read')
  const directory = {
    agents: () => [],
    queues: () => [],
    contacts: () => [],
    onChange: () => undefined,
    numbers: () => numbers,
  }
  const dryRun = {
    rules,
    lineHours: usual.hours,
    closedOn: () => new Set<string>(),
    notices: () => [],
    textOf: () => '',
  }
  const it = await serve(t, { db, dryRun, directory: directory as never })
  it.state.now = monday
  return it
}

const list = async ({ ask, signIn }: Served): Promise<DeclaredDays> =>
  (await ask('GET', path, { as: await signIn('admin') })).json as unknown as DeclaredDays
const one = async ({ ask, signIn }: Served, date: string): Promise<DayDetail> =>
  (await ask('GET', `${path}/${date}`, { as: await signIn('super') })).json as unknown as DayDetail

t.test('a day is declared closed and taken back; each declaration stays on record', async (t) => {
  const it = await served(t)
  const as = await it.signIn('admin')
  const day = `${path}/2026-12-24`
  const before = await list(it)
  t.equal(before.today, '2026-11-23')
  t.match(before.items[0], { date: '2026-11-30', holiday: { ro: 'Sfântul Andrei' }, closed: true })
  t.notOk(before.items.some(({ date }) => date === '2026-12-24'))
  t.ok(before.items.every(({ date }) => date < '2027-11-25'))
  const body = { closed: true, reason: ' punte ', version: 0 }
  t.equal((await it.ask('PUT', day, { as, body })).status, 204)
  const declared = (await list(it)).items.find(({ date }) => date === '2026-12-24')
  t.match(declared, {
    holiday: null,
    closed: true,
    declared: { closed: true, reason: 'punte', by: 'Dan Țepeș', at: /Z$/ },
  })
  t.match(await it.ask('PUT', day, { as, body }), { status: 409, json: { code: 'day-changed' } })
  const back = { closed: false, reason: '', version: declared?.declared?.version }
  t.equal((await it.ask('PUT', day, { as, body: back })).status, 204)
  const { closed, versions } = await one(it, '2026-12-24')
  t.equal(closed, false)
  t.strictSame(
    versions.map((version) => [version.closed, version.reason, version.by]),
    [
      [false, '', 'Dan Țepeș'],
      [true, 'punte', 'Dan Țepeș'],
    ],
  )
  t.notMatch(it.log.join('\n'), /punte/)
})

t.test('a public holiday is declared open, and closed again', async (t) => {
  const it = await served(t)
  const as = await it.signIn('admin')
  const day = `${path}/2026-11-30`
  t.match(await one(it, '2026-11-30'), { closed: true, declared: null, holiday: { en: /Andrew/ } })
  await it.ask('PUT', day, { as, body: { closed: false, reason: 'alegeri', version: 0 } })
  const { closed, declared } = await one(it, '2026-11-30')
  t.equal(closed, false)
  const again = { closed: true, reason: 'nu mai e nevoie', version: declared?.version }
  t.equal((await it.ask('PUT', day, { as, body: again })).status, 204)
  t.equal((await one(it, '2026-11-30')).closed, true)
})

t.test('a day says what it is for each number', async (t) => {
  const it = await served(t)
  const [open, short] = [[{ from: '08:00', to: '16:00' }], [{ from: '08:00', to: '12:00' }]]
  t.match(await one(it, '2026-12-24'), {
    numbers: [
      { number: '969', rule: 'follows holidays', ifOpen: [{ from: '08:00', to: '22:00' }], ifClosed: [] },
      { number: '0256408300', rule: 'ignores holidays', ifOpen: open, ifClosed: open },
      { number: '0256408301', rule: 'own day', ifOpen: short, ifClosed: short },
      { number: '0256408302', rule: 'always', ifOpen: [], ifClosed: [] },
    ],
  })
  t.match(await one(it, '2026-11-22'), { isOver: true, versions: [] })
})

t.test('days and reasons that cannot be are refused, each by its own code', async (t) => {
  const it = await served(t)
  const as = await it.signIn('admin')
  const put = (date: string, change: object) =>
    it.ask('PUT', `${path}/${date}`, { as, body: { closed: true, reason: 'punte', version: 0, ...change } })
  t.match(await put('2026-11-22', {}), { status: 409, json: { code: 'day-over' } })
  t.match(await put('2026-12-24', { reason: ' ' }), { status: 400, json: { code: 'day-without-reason' } })
  for (const date of ['2026-02-30', '24.12.2026', '0000-01-01', 'x'])
    t.match(await put(date, {}), { status: 400, json: { code: 'validation' } }, date)
  t.equal((await put('2026-12-24', { reason: 'x'.repeat(201) })).status, 400)
  t.equal((await it.ask('GET', `${path}/2026-02-30`, { as })).status, 400)
  t.equal((await put('2026-11-23', {})).status, 204, 'today')
  t.equal((await put('2031-12-24', {})).status, 204, 'a day beyond the calendar that is shown')
  t.ok((await list(it)).items.some(({ date }) => date === '2031-12-24'))
})

t.test('supervisors read, administrators declare, nobody else has a part in it', async (t) => {
  const it = await served(t)
  const body = { closed: true, reason: 'punte', version: 0 }
  for (const [person, reads] of [
    ['agent01', 403],
    ['super', 200],
    ['audit', 403],
    ['edit', 403],
  ] as const) {
    const as = await it.signIn(person)
    t.equal((await it.ask('GET', path, { as })).status, reads, person)
    t.equal((await it.ask('GET', `${path}/2026-12-24`, { as })).status, reads, person)
    t.equal((await it.ask('PUT', `${path}/2026-12-24`, { as, body })).status, 403, person)
  }
  t.equal((await it.ask('GET', path)).status, 401)
  t.equal((await it.ask('PUT', `${path}/2026-12-24`, { body })).status, 401)
})
