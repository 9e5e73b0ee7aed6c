/** Requests over HTTP: rights, answers, and refusals. */
import t from 'tap'
import { noAddress } from '../../../src/city/requests/form.ts'
import { CallId } from '../../../src/core/ids.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addStatus } from '../../../src/ledger/requests/statuses.ts'
import { RequestId } from '../../../src/city/requests/number.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { lampForm, randomDraft, someone } from '../../ledger/requests/fixtures.ts'
import { Filing } from '../../../tools/demo/documents/filing.ts'
import { FakeDocuments } from '../../support/city/fake-documents.ts'
import { until } from '../../support/until.ts'
import { startConversation } from '../conversation.ts'
import { serve, type Served } from '../serve.ts'
import { agentAt, agentChange } from '../states.ts'

const dayMs = 86_400_000

async function register(served: Served, as: string, change: object = {}) {
  const body = { draft: randomDraft(), call: null, form: lampForm(), ...change }
  return served.ask('POST', '/api/requests', { as, body })
}

t.test('an agent registers a request and records that it was read out; the citizen tracks it', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const as = await signIn('agent01')
  const draft = randomDraft()
  const first = await register(served, as, { draft })
  t.equal(first.status, 201, first.text)
  const { id, number, code } = first.json as { id: string; number: string; code: string }
  t.match(number, /^CC20\d\d-\d{6}\/\d\d\.\d\d\.20\d\d$/)
  t.match(code, /^\d{6}$/)
  const again = await register(served, as, { draft })
  t.equal(again.status, 200, 'a retry after a timeout')
  t.strictSame(again.json, first.json)

  const mine = await ask('GET', '/api/requests/follow-ups', { as })
  t.ok((mine.json['items'] as { id: string }[]).some((item) => item.id === id))
  const told = await ask('POST', `/api/requests/${id}/tellings`, {
    as,
    body: { how: 'on the call', call: null },
  })
  t.equal(told.status, 204)
  const later = await ask('GET', '/api/requests/follow-ups', { as })
  t.notOk((later.json['items'] as { id: string }[]).some((item) => item.id === id))

  const detail = await ask('GET', `/api/requests/${id}`, { as })
  t.match(detail.json, {
    id,
    agent: 'Ana Pop',
    details: { person: { name: someone.name }, code },
    told: { how: 'on the call' },
    history: [{ version: 1, kind: 'registered', by: 'Ana Pop' }],
  })

  const tracked = await ask('POST', '/api/tracking', {
    body: { number, code: `${code.slice(0, 3)} ${code.slice(3)}` },
  })
  t.equal(tracked.status, 200, tracked.text)
  t.strictSame(Object.keys(tracked.json).sort(), [
    'announcedOn',
    'callbacks',
    'changedAt',
    'department',
    'dueness',
    'extended',
    'legalEndOn',
    'number',
    'registeredOn',
    'state',
  ])
  t.notMatch(tracked.text, /Țăranu|Blaga|722 ?000 ?911/)
  const wrong = code === '000000' ? '000001' : '000000'
  const wrongCode = await ask('POST', '/api/tracking', { body: { number, code: wrong } })
  const wrongNumber = await ask('POST', '/api/tracking', { body: { number: 'CC2019-999999', code: wrong } })
  t.equal(wrongCode.status, 404)
  t.equal(wrongCode.text, wrongNumber.text, 'a wrong number and a wrong code get the same answer')
})

t.test('all wrong fields of a form are named in words at once', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('agent01')
  const person = { name: '', phone: '', email: '', address: noAddress }
  const answer = await register(served, as, { form: lampForm({ category: 'social', person }) })
  t.equal(answer.status, 400)
  t.match(answer.json, {
    code: 'validation',
    errors: [{ field: 'person.name', accepted: 'numele petentului' }, { field: 'person.phone' }],
  })
  const nul = await register(served, as, { form: lampForm({ text: 'a\u0000b' }) })
  t.equal(nul.json['code'], 'bad-text')
  const half = await register(served, as, { form: lampForm({ text: 'groapă \ud83d' }) })
  t.equal(half.json['code'], 'bad-text', 'a lone surrogate')
  const long = await register(served, as, { form: lampForm({ text: 'x'.repeat(8_001) }) })
  t.equal(long.status, 400)
  const html = await register(served, as, { form: lampForm({ text: '<script>alert(1)</script> nu merge' }) })
  t.equal(html.status, 201)
})

t.test('each role has its rights to register, change or read requests', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const as = await signIn('agent01')
  const { id } = (await register(served, as)).json as { id: string }
  for (const person of ['admin', 'audit'] as const) {
    const other = await signIn(person)
    t.equal((await register(served, other)).status, 403, person)
    t.equal((await ask('GET', `/api/requests/${id}`, { as: other })).status, 403, person)
    t.equal((await ask('GET', '/api/requests', { as: other })).status, 403, person)
  }
  const answered = { kind: 'answered', note: 'S-a reparat.' }
  t.equal((await ask('POST', `/api/requests/${id}/statuses`, { as, body: answered })).status, 403)
  t.equal((await ask('GET', '/api/requests', { as })).status, 403, 'agents cannot list requests')
  const boss = await signIn('super')
  const given = await ask('POST', `/api/requests/${id}/statuses`, { as: boss, body: answered })
  t.equal(given.status, 201, given.text)
  t.match(given.json, { state: 'answered', dueness: 'closed' })
  const twice = await ask('POST', `/api/requests/${id}/statuses`, { as: boss, body: answered })
  t.equal(twice.json['code'], 'request-closed')
  for (const body of [
    { kind: 'in progress', department: ' ' },
    { kind: 'redirected', authority: '   ' },
  ])
    t.match(
      (await ask('POST', `/api/requests/${id}/statuses`, { as: boss, body })).json,
      { code: 'validation', errors: [{ accepted: /required/ }] },
      'blank is not given',
    )
  const other = (await register(served, as)).json as { id: string }
  for (const body of [{ kind: 'extended', days: 10 }, { kind: 'answered', note: ' \n' }, { kind: 'filed' }])
    t.match(
      (await ask('POST', `/api/requests/${other.id}/statuses`, { as: boss, body })).json,
      { code: 'validation', errors: [{ field: 'note' }] },
      `${body.kind}: no reason, no text`,
    )
  const nothing = await ask('POST', `/api/requests/${id}/statuses`, { as: boss, body: { kind: 'extended' } })
  t.match(nothing.json, { code: 'validation', errors: [{ field: 'days' }] })
  const low = await ask('POST', '/api/requests/next-number', {
    as: await signIn('admin'),
    body: { next: 2, reason: 'registrul vechi' },
  })
  t.equal(low.json['code'], 'number-too-low')
  const categories = async (query: string) => {
    const { json } = await ask('GET', `/api/requests?which=all&${query}`, { as: boss })
    return new Set((json['items'] as { readonly category: string }[]).map(({ category }) => category))
  }
  t.strictSame(await categories('category=street-lighting'), new Set(['street-lighting']))
  t.strictSame(await categories('category=pothole'), new Set())
  const { agent01, agent02 } = served.people
  for (const [query, count] of [
    [`agent=${agent01.id}`, 1],
    [`agent=${agent02.id}`, 0],
    ['updatedSince=2020-01-01T00:00:00Z', 1],
    ['updatedSince=2099-01-01T00:00:00Z', 0],
  ] as const)
    t.equal((await categories(query)).size, count, query)
  t.equal((await ask('GET', '/api/requests?category=%C8%99', { as: boss })).status, 400, 'not an id')
  const page = await ask('GET', '/api/requests?which=all&limit=1', { as: boss })
  t.equal((page.json['items'] as unknown[]).length, 1)
  const next = await ask('GET', `/api/requests?which=all&limit=1&cursor=${String(page.json['next'])}`, {
    as: boss,
  })
  t.notSame(next.json['items'], page.json['items'])
  t.equal((await ask('GET', '/api/requests?cursor=x', { as: boss })).json['code'], 'bad-cursor')
})

t.test('an extension needs the notice to the petitioner, and shows it', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const { id } = (await register(served, await signIn('agent01'))).json as { id: string }
  const boss = await signIn('super')
  const path = `/api/requests/${id}/statuses`
  const today = dateAt(Date.now())
  const body = { kind: 'extended', days: 10, note: 'Se așteaptă avizul.' }
  const untold = await ask('POST', path, { as: boss, body })
  t.match(untold.json, { code: 'extension-untold', detail: /înștiințat/ })
  const late = await ask('POST', path, {
    as: boss,
    body: { ...body, told: { by: 'phone', on: '2099-01-01' } },
  })
  t.match(late.json, { code: 'told-too-late', detail: /primului termen/ })
  const early = await ask('POST', path, {
    as: boss,
    body: { ...body, told: { by: 'phone', on: '2020-01-01' } },
  })
  t.match(early.json, { code: 'wrong-day-told' })
  const given = await ask('POST', path, { as: boss, body: { ...body, told: { by: 'e-mail', on: today } } })
  t.equal(given.status, 201, given.text)
  const { json } = await ask('GET', `/api/requests/${id}`, { as: boss })
  t.match(json, { countedFrom: today, extension: { daysMax: 15, law: 'OG 27/2002 art. 9' } })
  const form = lampForm({ kind: 'request', category: 'public-information', fields: {} })
  const asked = (await register(served, await signIn('agent01'), { form })).json as { id: string }
  const information = await ask('GET', `/api/requests/${asked.id}`, { as: boss })
  t.match(information.json, { extension: { daysMax: 20, law: 'L 544/2001 art. 7' } })
  const history = json['history'] as { kind: string; told: unknown; extendedDays: number | null }[]
  t.strictSame(history.at(-1)?.told, { by: 'e-mail', on: today })
  t.equal(history.at(-1)?.extendedDays, 10, 'the days as granted, wherever the end falls')
  t.match(history[0], { told: null, extendedDays: null })
})

t.test('a request links its call, and a call its requests, for readers who may open them', async (t) => {
  const served = await serve(t)
  const { ask, signIn, db, people } = served
  const call = CallId('pbx1-85.1')
  await writeEvents(db, callEvents({ id: call, number: '+40744000085', agent: people.agent01.id }))
  const as = await signIn('agent01')
  const { id } = (await register(served, as, { call })).json as { id: string }
  const linked = (await ask('GET', `/api/requests/${id}`, { as })).json['registeredIn']
  t.match(linked, { call, arrivedAt: String })
  const listed = async (cookie: string) =>
    (await ask('GET', `/api/calls/${call}/registered-requests`, { as: cookie })).json['items']
  t.match(await listed(as), [{ id, state: 'registered', opens: true }])
  t.match(await listed(await signIn('super')), [{ id, opens: true }])
  t.match(await listed(await signIn('audit')), [{ id, opens: false }], 'an auditor reads no requests')
  const other = await signIn('agent02')
  t.equal((await ask('GET', `/api/calls/${call}/registered-requests`, { as: other })).status, 403)
  const reason = { object: 'request', id, reason: 'other', text: 'din test' }
  t.equal((await ask('POST', '/api/access', { as: other, body: reason })).status, 201)
  t.equal(
    (await ask('GET', `/api/requests/${id}`, { as: other })).json['registeredIn'],
    null,
    'the reason was for the request alone',
  )
})

t.test('the caller’s open requests are shown to the agent in the call', async (t) => {
  const served = await serve(t)
  const { ask, signIn, db, people } = served
  const call = CallId('pbx1-80.1')
  await writeEvents(db, callEvents({ id: call, number: '+40744000001', agent: people.agent01.id }))
  const as = await signIn('agent01')
  const phone = '0744 000 001'
  const { id } = (await register(served, as, { call, form: lampForm({ person: { ...someone, phone } }) }))
    .json
  const past = await ask('GET', `/api/calls/${call}/requests`, { as })
  t.equal(past.json['code'], 'not-in-a-call', 'a past call does not open what the citizen asks for later')
  const line = await startConversation(served, 'agent01', { as, number: '+40744000001' })
  const mine = await ask('GET', `/api/calls/${line.call}/requests`, { as })
  t.match(mine.json, { items: [{ id, category: 'street-lighting', state: 'registered' }] })
  t.notMatch(mine.text, /Țăranu|744000001/)
  const other = await ask('GET', `/api/calls/${call}/requests`, { as: await signIn('agent02') })
  t.equal(other.json['code'], 'not-your-call')
  const strange = await register(served, await signIn('agent02'), { call })
  t.equal(strange.json['code'], 'not-your-call')
})

t.test('a complaint about a late answer names the missed deadline', async (t) => {
  const served = await serve(t)
  const { ask, signIn, state } = served
  const as = await signIn('agent01')
  const first = await register(served, as)
  const { id } = first.json as { id: string }
  const complain = (draft = randomDraft()) =>
    ask('POST', `/api/requests/${id}/complaint`, { as, body: { draft, call: null } })
  t.equal((await complain()).json['code'], 'request-in-time')
  state.now = Date.now() + 10 * dayMs
  const due = await complain()
  t.equal(due.status, 201, due.text)
  t.match(due.json, { kind: 'complaint', category: 'late-answer' })
  const detail = await ask('GET', `/api/requests/${String(due.json['id'])}`, { as })
  t.match(detail.json, {
    toHead: true,
    about: { request: id, lateness: 'due' },
    details: { person: { name: someone.name } },
  })
  state.now = Date.now() + 60 * dayMs
  const draft = randomDraft()
  const overdue = await complain(draft)
  t.match((await ask('GET', `/api/requests/${String(overdue.json['id'])}`, { as })).json, {
    about: { request: id, lateness: 'overdue' },
  })
  t.equal((await complain(draft)).json['id'], overdue.json['id'])
  const event = { kind: 'answered' } as const
  const status = { request: RequestId(id), event, note: '', by: served.people.super.id, call: null }
  await addStatus(served.db, status, '2026-12-01', workingDays([]))
  t.equal((await complain()).json['code'], 'request-closed')
})

t.test(
  'a complaint about a document filed elsewhere counts from the day that the caller reads out',
  async (t) => {
    const served = await serve(t)
    const { ask, signIn } = served
    const as = await signIn('agent01')
    const form = lampForm({ kind: 'complaint', category: 'late-answer', place: noAddress, fields: {} })
    const elsewhere = (day: string) =>
      register(served, as, { form, elsewhere: { number: 'SC2019-24421', day } })
    const late = await elsewhere('2019-09-27')
    t.equal(late.status, 201, late.text)
    const detail = await ask('GET', `/api/requests/${String(late.json['id'])}`, { as })
    t.match(detail.json, {
      toHead: true,
      about: {
        request: null,
        number: 'SC2019-24421',
        day: '2019-09-27',
        lateness: 'overdue',
        verified: false,
      },
    })
    const today = new Date().toISOString().slice(0, 10)
    t.equal((await elsewhere(today)).json['code'], 'request-in-time')
    t.equal((await elsewhere('2019-02-30')).status, 400)
    const { errors } = (await elsewhere('2099-01-01')).json as { errors?: { field: string }[] }
    t.strictSame(
      errors?.map(({ field }) => field),
      ['elsewhere.day'],
      'the error names the field',
    )
  },
)

t.test(
  'a paper that the document system has is registered as verified, whatever the browser says',
  async (t) => {
    const paper = { number: 'SC2019-24421', date: '2019-09-27', name: 'Popescu Maria' }
    const filed = { ...paper, state: 'in progress', department: 'Direcția de Mediu', deadline: null } as const
    const fake = Object.assign(new FakeDocuments(), { filing: new Filing([filed]) })
    const served = await serve(t, { documents: fake })
    const as = await served.signIn('agent01')
    const form = lampForm({ kind: 'complaint', category: 'late-answer', place: noAddress, fields: {} })
    const about = async (name: string | undefined, number = paper.number) => {
      const day = '27.09.2019'
      const elsewhere = name === undefined ? { number, day } : { number, day, name }
      const registered = await register(served, as, { form, elsewhere: { ...elsewhere, verified: true } })
      t.equal(registered.status, 201, registered.text)
      const detail = await served.ask('GET', `/api/requests/${String(registered.json['id'])}`, { as })
      return (detail.json['about'] as { verified: boolean }).verified
    }
    const looks = async () =>
      (await served.db.selectFrom('journal_looks').select('about').where('kind', '=', 'document').execute())
        .length
    const before = await looks()
    t.equal(await about('maria popescu'), true)
    t.equal(await about('Ionescu Ștefan'), false, 'another name')
    t.equal(await about('Popescu Maria', 'SC2019-24422'), false, 'another number')
    t.equal(await about(undefined), false, 'the petitioner is not the one on the paper')
    t.equal((await looks()) - before, 4, 'each look-up is on record')
    fake.condition = 'down'
    t.equal(await about('maria popescu'), false, 'nobody has confirmed it')
    Object.assign(fake, { find: async () => ({ outcome: 'found', document: filed }) })
    const elsewhere = { number: paper.number, day: '27.09.2019' }
    const nameless = await register(served, as, { form: lampForm({ person: null }), elsewhere })
    t.equal(nameless.status, 201, nameless.text)
    const { json } = await served.ask('GET', `/api/requests/${String(nameless.json['id'])}`, { as })
    t.match(json['about'], { verified: false }, 'without a name nobody is asked')
    for (const blank of [
      { ...elsewhere, name: ' ' },
      { ...elsewhere, number: ' ' },
    ])
      t.equal((await register(served, as, { form, elsewhere: blank })).status, 400)
  },
)

t.test('drafts are saved while typing, for their author only', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const as = await signIn('agent01')
  const draft = randomDraft()
  const body = { call: null, form: { ...lampForm({ text: 'abia înc', category: '' }), categoryTyped: 'bec' } }
  t.equal((await ask('PUT', `/api/request-drafts/${draft}`, { as, body })).status, 204)
  const kept = await ask('GET', '/api/request-drafts', { as })
  t.match(kept.json, { items: [{ id: draft, form: { text: 'abia înc', categoryTyped: 'bec' } }] })
  const long = { call: null, form: { ...body.form, categoryTyped: 'b'.repeat(101) } }
  t.equal((await ask('PUT', `/api/request-drafts/${draft}`, { as, body: long })).status, 400)
  const other = await signIn('agent02')
  t.strictSame((await ask('GET', '/api/request-drafts', { as: other })).json, { items: [] })
  const taken = await ask('PUT', `/api/request-drafts/${draft}`, { as: other, body })
  t.equal(taken.json['code'], 'draft-taken')
  t.equal((await ask('DELETE', `/api/request-drafts/${draft}`, { as })).status, 204)
  t.strictSame((await ask('GET', '/api/request-drafts', { as })).json, { items: [] })
})

t.test('a request is found by its number, and no name is logged', async (t) => {
  const served = await serve(t)
  const { ask, signIn, log } = served
  const as = await signIn('agent01')
  const { id } = (await register(served, as)).json as { id: string }
  const find = (number: string) => ask('POST', '/api/requests/find', { as, body: { number, call: null } })
  t.match((await find(id.toLowerCase().replace('-', ' '))).json, { items: [{ id }] })
  t.strictSame((await find('CC2019-1')).json, { items: [] })
  const similar = { category: 'street-lighting', street: 'Strada Lucian Blaga', call: null }
  const same = await ask('POST', '/api/requests/similar', { as, body: similar })
  t.ok((same.json['items'] as { id: string }[]).some((item) => item.id === id))
  t.notMatch(same.text, /Țăranu/)
  t.notMatch(log.join('\n'), /Țăranu|722000911|Blaga/)
  const catalogue = await ask('GET', '/api/requests/catalogue', { as })
  t.equal(catalogue.status, 200)
  t.equal((await ask('GET', '/api/requests/CC2019-000001', { as })).json['code'], 'no-such-request')
})

t.test('search text that is not a number is not recorded in the journal', async (t) => {
  const { ask, signIn, db } = await serve(t)
  const as = await signIn('agent01')
  for (const number of ['1980512350011', 'CC2019-77 / Ion Popa, 1980512350011', 'Ion Popa'])
    await ask('POST', '/api/requests/find', { as, body: { number, call: null } })
  const asked = db.selectFrom('journal_looks').select('query').where('about', '=', 'by number')
  const looks = await asked.orderBy('index', 'desc').limit(3).execute()
  t.strictSame(
    looks.map(({ query }) => query),
    [null, 'CC2019-000077', null],
  )
})

t.test('a malformed draft id is refused', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('agent01')
  const answer = await register(served, as, { draft: 'zu kurz' })
  t.equal(answer.status, 400)
})

t.test('a draft keeps its call after the call has gone to another agent', async (t) => {
  const served = await serve(t)
  const { ask, signIn, db, people, line } = served
  const [mine, other] = [people.agent01.id, people.agent02.id]
  const call = CallId('pbx1-81.1')
  // The record will name the other agent; the draft was begun while the call was the first agent's.
  await writeEvents(db, callEvents({ id: call, number: '+40744000002', agent: other }))
  const as = await signIn('agent01')
  line.emit(agentChange(agentAt(mine, Date.now(), { state: 'talking', call })))
  const draft = randomDraft()
  const body = { call, form: lampForm() }
  const save = (name: string) => ask('PUT', `/api/request-drafts/${name}`, { as, body })
  await until(async () => (await save(draft)).status === 204)
  line.emit(agentChange(agentAt(mine, Date.now(), { state: 'ready', notBefore: 0 })))
  await until(async () => (await save(randomDraft())).json['code'] === 'not-your-call')
  t.equal((await save(draft)).status, 204)
  t.equal((await register(served, as, { draft, call })).status, 201)
})
