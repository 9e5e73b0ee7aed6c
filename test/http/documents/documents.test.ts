import { request as httpRequest } from 'node:http'
import t from 'tap'
import { triesAtMs } from '../../../src/city/documents/backoff.ts'
import { MessageId } from '../../../src/city/documents/message.ts'
import type { RequestId } from '../../../src/city/requests/number.ts'
import { recordTry } from '../../../src/ledger/documents/outbox.ts'
import { historyOf } from '../../../src/ledger/requests/statuses.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { someRequest } from '../../ledger/requests/fixtures.ts'
import { FakeDocuments } from '../../support/city/fake-documents.ts'
import { serve, type Answer, type Served } from '../serve.ts'

let ids = 0

/** A registered request that was delivered to the document system. */
const registered = ({ db, people }: Served): Promise<RequestId> =>
  someRequest(db, { agent: people.agent01.id })

const update = (request: string, version: number, more: object = {}) =>
  JSON.stringify({
    type: 'document.status',
    timestamp: '2026-11-25T09:00:00.000Z',
    data: { request, version, state: 'in progress', department: 'Serviciul Parcări', ...more },
  })

/** Sends an update signed by the document system. */
function post(served: Served, fake: FakeDocuments, body: string, ageMs = 0, id?: string): Promise<Answer> {
  ids += 1
  const { timestamp, signature, id: signedId } = fake.signed(body, ageMs, id ?? `doc_${ids}`)
  const headers = { 'webhook-id': signedId, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  return served.ask('POST', '/api/documents/status', { body, headers })
}

const updatesOf = (db: Database, request: string) =>
  db
    .selectFrom('document_updates')
    .select(['version', 'state', 'applied', 'own_number'])
    .where('request', '=', request)
    .orderBy('recorded_at')
    .execute()

t.test('a signed update is accepted without a session', async (t) => {
  const fake = new FakeDocuments()
  const served = await serve(t, { documents: fake })
  const request = await registered(served)
  const body = update(request, 1, { state: 'received', ownNumber: 'DM2026-000451', ownDate: '2026-11-25' })
  t.equal((await post(served, fake, body)).status, 204)
  t.strictSame(await updatesOf(served.db, request), [
    { version: 1, state: 'received', applied: true, own_number: 'DM2026-000451' },
  ])
})

t.test(
  'an update adds a row to the request’s history, and the document system’s number finds the request',
  async (t) => {
    const fake = new FakeDocuments()
    const served = await serve(t, { documents: fake })
    const request = await registered(served)
    const own = { ownNumber: 'DM2026-000777', ownDate: '2026-11-25' }
    await post(served, fake, update(request, 1, { ...own, state: 'received' }))
    await post(served, fake, update(request, 2, own))
    await post(served, fake, update(request, 3, { ...own, state: 'extended', extensionDays: 15 }))
    t.strictSame(
      (await historyOf(served.db, request)).map(({ kind, by }) => [kind, by]),
      [
        ['registered', 'Ana Pop'],
        ['numbered', null],
        ['in progress', null],
        ['extended', null],
      ],
    )
    const as = await served.signIn('agent01')
    const body = { number: 'DM2026-000777', call: null }
    const found = await served.ask('POST', '/api/requests/find', { as, body })
    t.match(found.json, { items: [{ id: request, department: 'Serviciul Parcări', extended: true }] })
    const asked = served.db.selectFrom('journal_looks').select('query').where('about', '=', 'by number')
    t.strictSame(await asked.execute(), [{ query: 'DM2026-000777' }], 'not our number with the same digits')
    const sent = await served.db.selectFrom('outbox').select('type').where('request', '=', request).execute()
    t.strictSame(sent, [{ type: 'request.registered' }], 'it is not sent back to the document system')
  },
)

t.test('an update that the request’s state does not allow is stored, and changes nothing', async (t) => {
  const fake = new FakeDocuments()
  const served = await serve(t, { documents: fake })
  const request = await registered(served)
  await post(served, fake, update(request, 1, { state: 'answered' }))
  t.equal((await post(served, fake, update(request, 2))).status, 204)
  t.strictSame(
    (await updatesOf(served.db, request)).map(({ applied }) => applied),
    [true, false],
  )
  t.equal((await historyOf(served.db, request)).at(-1)?.state, 'answered')
})

t.test('the same update sent twice, or ten times at once, counts once', async (t) => {
  const fake = new FakeDocuments()
  const served = await serve(t, { documents: fake })
  const request = await registered(served)
  const body = update(request, 1)
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => post(served, fake, body, 0, 'doc_of_ten')),
  )
  t.strictSame(
    answers.map(({ status }) => status),
    Array.from({ length: 10 }, () => 204),
    'every sender is told that it was accepted',
  )
  t.equal((await updatesOf(served.db, request)).length, 1)
})

t.test('an older version that arrives later changes nothing', async (t) => {
  const fake = new FakeDocuments()
  const served = await serve(t, { documents: fake })
  const request = await registered(served)
  t.equal((await post(served, fake, update(request, 2, { state: 'answered' }))).status, 204)
  t.equal((await post(served, fake, update(request, 1))).status, 204)
  t.strictSame(
    (await updatesOf(served.db, request)).map(({ version, applied }) => [version, applied]),
    [
      [2, true],
      [1, false],
    ],
  )
})

t.test(
  'an update without a valid signature changes nothing, and every reason gets the same answer',
  async (t) => {
    const fake = new FakeDocuments()
    const served = await serve(t, { documents: fake })
    const request = await registered(served)
    const body = update(request, 1)
    const { id, timestamp, signature } = fake.signed(body)
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    const send = (change: Record<string, string>, sent = body) =>
      served.ask('POST', '/api/documents/status', { body: sent, headers: { ...headers, ...change } })
    const refused = [
      await send({}, body.replace('in progress', 'answered')),
      await send({}, `${body} `),
      await send({ 'webhook-id': 'doc_other' }),
      await send({ 'webhook-signature': 'v1,AAAA' }),
      await post(served, fake, body, 6 * 60_000),
      await served.ask('POST', '/api/documents/status', { body }),
    ]
    for (const answer of refused) {
      t.equal(answer.status, 401)
      t.equal(answer.json['code'], 'bad-signature')
      t.equal(answer.text, refused[0]?.text)
    }
    t.strictSame(await updatesOf(served.db, request), [])
    t.equal((await historyOf(served.db, request)).length, 1)
    t.equal((await send({})).status, 204, 'a correctly signed update is accepted')
  },
)

t.test(
  'the signature covers the raw bytes: an update in several chunks and with any white space is accepted',
  async (t) => {
    const fake = new FakeDocuments()
    const served = await serve(t, { documents: fake })
    const number = await registered(served)
    const body = `\n{ "type" : "document.status",\t"timestamp":"2026-11-25T09:00:00Z", "data": {"request":"${number}","version":1,"state":"filed","department":"Direcția de Mediu"}}\r\n`
    const { id, timestamp, signature } = fake.signed(body, 0, 'doc_in_pieces')
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(
        `${served.url}/api/documents/status`,
        { method: 'POST', headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.once('error', reject)
      // Between the two bytes of "ț".
      const bytes = Buffer.from(body)
      const cut = bytes.indexOf(Buffer.from('ț')) + 1
      sent.write(bytes.subarray(0, cut))
      setTimeout(() => sent.end(bytes.subarray(cut)), 50)
    })
    t.equal(status, 204)
  },
)

t.test('a signed message with wrong contents is refused with the reason', async (t) => {
  const fake = new FakeDocuments()
  const served = await serve(t, { documents: fake })
  const request = await registered(served)
  const code = async (body: string) => (await post(served, fake, body)).json['code']
  t.equal(await code('{"type":'), 'bad-json')
  t.equal(await code('null'), 'validation')
  t.equal(await code(update(request, 0)), 'validation')
  t.equal(await code(update(request, 1, { state: 'lost' })), 'validation')
  t.equal(await code(update(request, 1, { ownDate: '2026-02-30' })), 'validation')
  t.equal(await code(update('1; drop table', 1)), 'validation')
  t.equal(await code(update(request, 1, { department: 'a\u0000b' })), 'bad-text')
  t.equal(await code(update(request, 1, { department: 'x'.repeat(70_000) })), 'body-too-large')
  t.equal(await code(update('CC2026-999999', 1)), 'request-not-known')
  t.strictSame(await updatesOf(served.db, request), [])
  const form = await served.ask('POST', '/api/documents/status', {
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  t.equal(form.status, 415)
})

t.test('without a configured document system no update is accepted', async (t) => {
  const served = await serve(t)
  t.equal((await post(served, new FakeDocuments(), update('CC2026-000001', 1))).status, 401)
})

const paper = { number: ' SC2026-018442 ', date: '2026-11-02', name: 'maria popescu', callId: null }

t.test('an agent finds a document that was filed at the counter', async (t) => {
  const fake = new FakeDocuments()
  const { ask, signIn } = await serve(t, { documents: fake })
  const as = await signIn('agent01')
  const find = (body: object) => ask('POST', '/api/documents/find', { as, body })
  t.match((await find(paper)).json, {
    outcome: 'found',
    document: { number: 'SC2026-018442', state: 'in progress', deadline: '2026-12-03' },
  })
  t.strictSame((await find({ ...paper, name: 'Ion' })).json, { outcome: 'unknown', document: null })
  fake.condition = 'down'
  t.strictSame(
    (await find(paper)).json,
    { outcome: 'unreachable', document: null },
    'typed from the paper then',
  )
  const wrong = await find({ ...paper, date: '2026-02-30' })
  t.equal(wrong.status, 400)
  t.match(wrong.json['detail'], /o zi din calendar/)
  t.equal((await find({ ...paper, name: '   ' })).status, 400)
  t.equal((await find({ ...paper, callId: 'pbx1-1.1' })).json['code'], 'no-such-call')
})

t.test('without a document system the answer is `unreachable`', async (t) => {
  const { ask, signIn } = await serve(t)
  const answer = await ask('POST', '/api/documents/find', { as: await signIn('agent01'), body: paper })
  t.strictSame(answer.json, { outcome: 'unreachable', document: null })
})

t.test('only agents and supervisors can query documents', async (t) => {
  const { ask, signIn } = await serve(t, { documents: new FakeDocuments() })
  for (const person of ['admin', 'audit'] as const)
    t.equal((await ask('POST', '/api/documents/find', { as: await signIn(person), body: paper })).status, 403)
})

t.test('supervisors and administrators see undelivered messages and can retry them', async (t) => {
  const served = await serve(t, { documents: new FakeDocuments() })
  const { ask, signIn, db, state } = served
  const as = await signIn('super')
  const request = await registered(served)
  const { id } = await db
    .selectFrom('outbox')
    .select('id')
    .where('request', '=', request)
    .executeTakeFirstOrThrow()
  const refused = { outcome: 'refused', status: 503 } as const
  await recordTry(db, { id, tries: triesAtMs.length - 1 }, refused, Date.now())
  const list = async () => (await ask('GET', '/api/documents/undelivered', { as })).json
  state.now = Date.now() + 3 * 3_600_000
  const before = await list()
  t.match(before, { connected: true, counts: { givenUp: 1 } })
  const [first] = before['items'] as object[]
  t.match(first, { id, request, outcome: 'refused', status: 503, givenUp: true, late: true, nextAt: null })
  t.notMatch(
    JSON.stringify(before),
    /Țăranu|722 ?000 ?911|Blaga|iluminat/i,
    'nothing from the request’s contents',
  )
  const retry = (as: string, message: string) =>
    ask('POST', `/api/documents/undelivered/${message}/retry`, { as })
  t.equal((await retry(as, id)).status, 204)
  t.match(await list(), { counts: { givenUp: 0 } })
  t.equal((await retry(await signIn('admin'), id)).status, 204)
  t.equal((await retry(as, MessageId('msg_none'))).json['code'], 'not-waiting')
  for (const person of ['agent01', 'audit'] as const) {
    const other = await signIn(person)
    t.equal((await retry(other, id)).status, 403)
    t.equal((await ask('GET', '/api/documents/undelivered', { as: other })).status, 403)
  }
})
