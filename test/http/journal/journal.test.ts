import { writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { Value } from 'typebox/value'
import { personMark } from '../../../src/city/journal/person.ts'
import { CallId } from '../../../src/core/ids.ts'
import * as wire from '../../../src/http/journal/wire.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { keepFailedCheck, keepLastCheck } from '../../../src/ledger/journal/last-check.ts'
import { recordClock } from '../../../src/ledger/retention/clock.ts'
import { recordTerms } from '../../../src/ledger/retention/retention.ts'
import { recordRun } from '../../../src/ledger/retention/runs.ts'
import { appendEntry } from '../../../src/ledger/journal/journal.ts'
import { checkProof } from '../../../src/ledger/journal/proof.ts'
import { recordAccess } from '../../../src/ledger/journal/access-log.ts'
import type { Test } from 'tap'
import { attack } from '../../support/attack.ts'
import { testDatabase } from '../../support/postgres.ts'
import { journalPlace, serve, signer } from '../serve.ts'
import type { Served } from '../serve.ts'

const cnp = '1850315351233'
const personKey = 'marks the persons of the tests, long enough'

/** A server with its own journal. */
const alone = async (t: Test): Promise<Served> => serve(t, { db: (await testDatabase(t)).db })

/** Two accesses by agents: to a person's account and to a request. */
async function looked({ db, people }: Served): Promise<void> {
  const person = personMark(personKey, cnp)
  const call = CallId('pbx1-1.1')
  await recordAccess(db, {
    kind: 'section',
    account: people.agent01.id,
    call,
    about: 'objects',
    person,
    query: null,
  })
  await recordAccess(db, {
    kind: 'request',
    account: people.agent02.id,
    call: null,
    about: 'CC2026-000123',
    person: null,
    query: '=groapă, "mare"',
  })
}

const items = (json: Record<string, unknown>): wire.AccessView[] => json['items'] as wire.AccessView[]

t.test('an auditor queries the access log, and the query is recorded before it is answered', async (t) => {
  const served = await alone(t)
  await looked(served)
  const { ask, signIn, people } = served
  const as = await signIn('audit')
  const asked = async (body: object) => (await ask('POST', '/api/journal/looks', { as, body })).json
  const person = await asked({ person: ` ${cnp.slice(0, 7)} ${cnp.slice(7)}` })
  t.ok(Value.Check(wire.AccessLogPage, person), JSON.stringify(person))
  t.match(items(person), [
    { kind: 'section', account: { name: 'Ana Pop', employer: 'Primăria' }, call: 'pbx1-1.1' },
  ])
  const again = await asked({ person: cnp })
  t.match(
    items(again).map(({ kind, account }) => [kind, account.name]),
    [
      ['journal', 'Elena Șerban'],
      ['section', 'Ana Pop'],
    ],
    'the previous query is the newest access to this person',
  )
  t.equal(items(await asked({ mark: personMark(personKey, cnp), kind: 'section' })).length, 1)
  t.match(items(await asked({ about: 'CC2026-000123' })), [{ account: { name: 'Barbu Ionescu' } }])
  t.equal(
    items(await asked({ about: ' CC2026-000123/24.11.2026' })).length,
    1,
    'with the day, as on the proof of registration',
  )
  t.match(items(await asked({ about: 'pbx1-1.1' })), [{ kind: 'section' }])
  t.equal(items(await asked({ account: people.agent02.id })).length, 1)
  t.match(
    await asked({ account: people.agent01.id }),
    { persons: 1 },
    'the persons concerned, for a breach notification',
  )
  t.match(await asked({ about: 'pbx1-1.1' }), { persons: null })
  t.strictSame(items(await asked({ account: people.agent02.id, to: '2026-01-01T00:00:00.000Z' })), [])
  t.match(items(await asked({ kind: 'journal', limit: 1 }))[0], { query: /account .*, to 2026-01-01/ })
  const [{ index } = { index: 0 }] = items(await asked({ limit: 1 }))
  const page = await asked({ limit: 2 })
  t.equal(page['next'], items(page).at(-1)?.index)
  const next = await asked({ limit: 2, before: page['next'] })
  t.ok(items(next).every((one) => one.index < Number(page['next']) && one.index < index + 2))
  t.notMatch(served.log.join(''), cnp, 'the identifier is not in the log')
})

t.test('only auditors can query the log, and a wrong query is refused with the reason', async (t) => {
  const served = await alone(t)
  const { ask, signIn } = served
  for (const user of ['agent01', 'super', 'admin'] as const) {
    const as = await signIn(user)
    for (const [method, address, body] of [
      ['GET', '/api/journal', undefined],
      ['GET', '/api/journal/accounts', undefined],
      ['POST', '/api/journal/looks', {}],
      ['POST', '/api/journal/export', { format: 'csv' }],
      ['GET', '/api/journal/entries/0/proof', undefined],
    ] as const)
      t.equal((await ask(method, address, { as, body })).status, 403, `${user} ${address}`)
  }
  const as = await signIn('audit')
  const wrong = async (body: object) => (await ask('POST', '/api/journal/looks', { as, body })).json
  t.match(await wrong({ person: 'Popescu' }), { status: 400, errors: [{ field: 'person' }] })
  t.match(await wrong({ kind: 'everything' }), { status: 400 })
  t.match(await wrong({ from: '2026-06-30T23:59:60.000Z' }), { status: 400 })
  t.match((await ask('GET', '/api/journal/entries/-1/proof', { as })).json, { status: 400 })
  t.match((await ask('GET', '/api/journal/entries/99999/proof', { as })).json, { code: 'no-such-entry' })
})

await attack(
  t,
  {
    attack: 'forges the terms of retention, so that a forged run excuses everything',
    before: 'the guide named the auditor’s page, and no page and no command showed any terms',
    now: 'each change of the terms is there with its entry, and so are a run’s four limits and confirmed clocks',
  },
  async (t) => {
    const { ask, signIn, db } = await alone(t)
    await recordTerms(db, { audioDays: 183, detailsDays: 1_095, requestsDays: 1_825, logsDays: 183 })
    await appendEntry(db, { what: 'terms', kind: 'retention', days: { audio: 1, details: 'none' } })
    await recordClock(db, Date.UTC(2026, 10, 29), 'ana')
    const details = {
      before: '2023-11-30T03:30:00.000Z',
      closedBefore: '2021-11-30T03:30:00.000Z',
      tracedBefore: '2026-05-30T03:30:00.000Z',
      rows: { callers: 3 },
    }
    await recordRun(db, { audio: { before: '2026-05-30', recordings: 2 }, details })
    const { json } = await ask('GET', '/api/journal/runs', { as: await signIn('audit') })
    t.ok(Value.Check(wire.RetentionRuns, json), JSON.stringify(json))
    t.match(json, {
      items: [{ outcome: 'done', audio: { before: '2026-05-30', recordings: 2 }, details }],
      terms: [
        { days: { audio: 1, details: undefined } },
        { index: 0, days: { audio: 183, details: 1_095, requests: 1_825, logs: 183 } },
      ],
      clocks: [{ index: 2, clock: '2026-11-29T00:00:00.000Z', by: 'ana' }],
    })
    t.equal((await ask('GET', '/api/journal/runs', { as: await signIn('agent01') })).status, 403)
  },
)

t.test('a result is exported as a file, and the export is recorded', async (t) => {
  const served = await alone(t)
  await looked(served)
  const { ask, signIn } = served
  const as = await signIn('audit')
  const csv = await ask('POST', '/api/journal/export', { as, body: { format: 'csv', kind: 'request' } })
  t.match(csv.headers.get('content-type'), 'text/csv')
  t.match(csv.headers.get('content-disposition'), /attachment; filename="looks\.csv"/)
  const [head, row] = csv.text.replace('\uFEFF', '').split('\r\n')
  t.equal(head, 'index,at,kind,account,employer,call,about,person,query,remarks')
  t.match(row, /,request,Barbu Ionescu,Primăria,,CC2026-000123,,"'=groapă, ""mare""",$/)
  const json = await ask('POST', '/api/journal/export', { as, body: { format: 'json', person: cnp } })
  t.ok(Value.Check(wire.AccessLogPage.properties.items, JSON.parse(json.text)), json.text)
  const found = await ask('POST', '/api/journal/looks', { as, body: { kind: 'export' } })
  t.match(items(found.json)[0], { about: 'looks', person: personMark(personKey, cnp) })
})

t.test('entries are anchored or not yet, and an anchored entry has a self-contained proof', async (t) => {
  const served = await alone(t)
  await looked(served)
  const { ask, signIn, db, recordings } = served
  const as = await signIn('audit')
  const state = async () => (await ask('GET', '/api/journal', { as })).json
  const before = await state()
  t.ok(Value.Check(wire.JournalState, before), JSON.stringify(before))
  t.match(before, {
    anchored: null,
    lastCheck: null,
    failedCheck: null,
    checkOverdue: false,
    state: 'goes on',
  })
  const index = Number(before['entries']) - 1
  const proof = () => ask('GET', `/api/journal/entries/${index}/proof`, { as })
  t.match((await proof()).json, { status: 409, code: 'not-anchored-yet' })
  await anchorJournal(db, journalPlace(recordings), signer, Date.now())
  const place = journalPlace(recordings)
  const failed = { at: Date.now() + 1, why: 'the database is away' }
  await keepLastCheck(place, { at: Date.now() - 37 * 3_600_000, entries: index + 1, bad: null })
  await keepFailedCheck(place.own, failed)
  const wrong = await state()
  t.ok(Value.Check(wire.JournalState, wrong), JSON.stringify(wrong))
  t.match(wrong, { lastCheck: { bad: null }, failedCheck: { why: failed.why }, checkOverdue: true })
  await keepLastCheck(place, { at: Date.now(), entries: index + 1, bad: null })
  t.match(await state(), {
    anchored: { entries: index + 1 },
    lastCheck: { bad: null },
    failedCheck: null,
    checkOverdue: false,
    verifierKey: signer.verifierKey,
  })
  const answer = await proof()
  t.match(answer.headers.get('content-disposition'), `entry-${index}.tlog-proof`)
  const file = path.join(recordings, 'proof')
  writeFileSync(file, answer.text)
  t.equal(await checkProof(file, signer.verifierKey), null)
  t.match(
    await state(),
    { entries: index + 2, anchored: { entries: index + 1 } },
    'taking the proof was an access',
  )
  const accounts = (await ask('GET', '/api/journal/accounts', { as })).json['items'] as { name: string }[]
  t.ok(accounts.some(({ name }) => name === 'Elena Șerban'))
})

t.test('a remark is an entry of its own that cites another entry and does not change it', async (t) => {
  const served = await alone(t)
  await looked(served)
  const { ask, signIn } = served
  const as = await signIn('audit')
  const asked = async () =>
    items((await ask('POST', '/api/journal/looks', { as, body: { kind: 'section' } })).json)
  const [before] = await asked()
  if (before === undefined) throw new Error('no look')
  t.strictSame(before.remarks, [])
  const remark = (index: number | string, text: unknown) =>
    ask('POST', `/api/journal/entries/${index}/remarks`, { as, body: { text } })
  const added = await remark(before.index, '  Verificat cu operatorul. ')
  t.match(added, { status: 201, json: { by: 'Elena Șerban', text: 'Verificat cu operatorul.' } })
  t.match(await remark(before.index, 'A doua.'), { status: 201 })
  const [after] = await asked()
  t.match(after, { ...before, remarks: [added.json, { text: 'A doua.' }] })
  t.ok(Value.Check(wire.AccessLogPage, { items: [after], next: null, persons: null }))
  const csv = await ask('POST', '/api/journal/export', { as, body: { kind: 'section', format: 'csv' } })
  t.match(csv.text, /"Elena Șerban: Verificat cu operatorul\.\nElena Șerban: A doua\."/)
  t.match(await remark(999_999, 'x'), { status: 404, json: { code: 'no-such-entry' } })
  for (const text of ['', '   ', 'x'.repeat(501), 5])
    t.match(await remark(before.index, text), { status: 400 })
  t.match(await remark(before.index, 'a\u0000b'), { status: 400, json: { code: 'bad-text' } })
  t.match(await remark(before.index, '<b>\n"x"\\'), { status: 201, json: { text: '<b>\n"x"\\' } })
})
