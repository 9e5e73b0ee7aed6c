/** A citizen asks on the public page to be called about their request: every refusal and bound. */
import t from 'tap'
import { CallId, PbxName, QueueId } from '../../../src/core/ids.ts'
import type { PageCallbackRefusal } from '../../../src/core/announcements/page-callback.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { requestSentences } from '../../../src/http/shell/request-sentences.ts'
import { bounds } from '../../../src/core/rules.ts'
import { promisedOnPage } from '../../../src/core/steps/page-callback.ts'
import {
  callbacksAskedAbout,
  callbacksAskedTo,
  queueOfRequest,
  requestsOfCallback,
} from '../../../src/ledger/calls/page-callbacks.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { RequestId } from '../../../src/city/requests/number.ts'
import { lampForm, randomDraft } from '../../ledger/requests/fixtures.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { until } from '../../support/until.ts'
import { startConversation } from '../conversation.ts'
import { serve, type Served } from '../serve.ts'
import { agentAt, agentChange } from '../states.ts'

const taking = { ...newQueue(QueueId('city'), 'Primărie'), callback: { afterSeconds: 60, standingMax: 20 } }
const phone = '0722 000 911'

interface Registered {
  readonly id: RequestId
  readonly number: string
  readonly code: string
}

async function register(served: Served, as: string, change: object = {}): Promise<Registered> {
  const body = { draft: randomDraft(), call: null, form: lampForm(), ...change }
  return (await served.ask('POST', '/api/requests', { as, body })).json as unknown as Registered
}

const ask = (served: Served, { number, code }: Registered, change: object = {}, language = 'ro') =>
  served.ask('POST', '/api/tracking/callback', {
    body: { number, code, phone, ...change },
    headers: { 'accept-language': language },
  })

let calls = 0
/** A callback about the request, as the owner begins it. */
const asked = (request: string, at = Date.now(), number = '+40722000911') => {
  calls += 1
  const call = promisedOnPage(
    {
      pbx: PbxName('pbx1'),
      unique: `u${process.pid}x${calls}`,
      line: '969',
      number,
      language: 'ro',
      queue: taking,
      request,
      opensAt: null,
      place: null,
    },
    at,
  )
  const event = { type: 'CallPlaced', by: null, returns: { request } } as const
  return { subject: 'call', id: call.id, seq: 1, at, event, after: call } as const
}

t.test('the page offers it where a queue takes callbacks', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('agent01')
  const request = await register(served, as)
  const offered = async () =>
    (await served.ask('POST', '/api/tracking', { body: { number: request.number, code: request.code } }))
      .json['callbacks']
  t.equal(await offered(), false)
  served.directory.queues.push(taking)
  t.equal(await offered(), true)
})

t.test('the owner is asked with the request, its queue and the language of the page', async (t) => {
  const served = await serve(t)
  const { line } = served
  const talk = await startConversation(served, 'agent01')
  const request = await register(served, talk.as, { call: talk.call })
  t.equal(await queueOfRequest(served.db, request.id), null, 'its caller has come to no queue')
  const [, waits] = callEvents({ id: 'a call in a queue' })
  if (waits === undefined) throw new Error('no such event')
  await writeEvents(served.db, [{ ...waits, id: talk.call, after: { ...waits.after, id: talk.call } }])
  const other = await register(served, talk.as)
  t.strictSame((await ask(served, request)).json, { phone: '+40722000911', opensAt: null, wait: null })
  const opensAt = Date.UTC(2026, 10, 25, 6)
  line.pageAnswer = { ok: true, value: { number: '+40722000912', opensAt, estimate: 'more' } }
  t.strictSame((await ask(served, other, {}, 'en')).json, {
    phone: '+40722000912',
    opensAt: '2026-11-25T06:00:00.000Z',
    wait: { minutes: 30, isMore: true },
  })
  t.strictSame(line.askedOnPage, [
    {
      request: request.id,
      number: phone,
      queue: waits.after.queue,
      language: 'ro',
      mayBegin: true,
    },
    { request: other.id, number: phone, queue: null, language: 'en', mayBegin: true },
  ])
  t.notMatch(served.log.join(), /722 ?000 ?91/, 'no number in the log')
})

t.test('each refusal of the owner has a sentence for citizens in both languages', async (t) => {
  const served = await serve(t)
  const request = await register(served, await served.signIn('agent01'))
  const expected: Record<PageCallbackRefusal, readonly [number, keyof typeof requestSentences]> = {
    'line is away': [503, 'page-callback-away'],
    'no callbacks now': [409, 'page-callback-not-offered'],
    'request has another': [409, 'page-callback-other-number'],
    'too many today': [429, 'page-callback-too-many-today'],
    'too many callbacks': [429, 'page-callback-too-many'],
    'no number': [409, 'page-callback-number-misread'],
    'not a number': [409, 'page-callback-number-misread'],
    'an emergency number': [409, 'page-callback-number-refused'],
    'our own number': [409, 'page-callback-number-refused'],
    'a premium number': [409, 'page-callback-number-refused'],
    'a foreign number': [409, 'page-callback-number-abroad'],
    'a number not allowed': [409, 'page-callback-number-refused'],
  }
  const nodes: Served[] = [served]
  const wanted = Object.entries(expected) as [PageCallbackRefusal, (typeof expected)[PageCallbackRefusal]][]
  for (const [index, [refusal, [status, code]]] of wanted.entries()) {
    // More than one client may ask in a minute.
    const node = index % 6 === 0 ? await serve(t) : nodes.at(-1)!
    nodes.push(node)
    node.line.pageAnswer = { ok: false, refusal }
    const language = index % 2 === 0 ? 'ro' : 'en'
    const answer = await ask(node, request, {}, language)
    t.match(answer, { status, json: { code, detail: requestSentences[code][language] } }, refusal)
    t.equal(answer.headers.get('content-language'), language)
    if (status === 429) t.ok(Number(answer.headers.get('retry-after')) > 0, 'when to come back')
  }
})

t.test(
  'a wrong number, a wrong code and a wrong telephone number alike are answered as in tracking',
  async (t) => {
    const served = await serve(t)
    const request = await register(served, await served.signIn('agent01'))
    const wrong = { ...request, code: request.code === '000000' ? '000001' : '000000' }
    const first = await ask(served, wrong)
    t.match(first, { status: 404, json: { code: 'no-tracking-match' } })
    t.equal((await ask(served, { ...wrong, number: 'CC2019-999999' })).text, first.text)
    for (let tries = 1; tries < 5; tries += 1) await ask(served, wrong)
    t.match(await ask(served, request), { status: 429, json: { code: 'too-many-tracking-tries' } })
    t.strictSame(served.line.askedOnPage, [], 'the owner is not asked')
    t.match(
      await served.ask('POST', '/api/tracking', { body: { number: request.number, code: request.code } }),
      { status: 429 },
      'the tries are those of the page as a whole',
    )
  },
)

t.test('no answer of the owner is no promise, and the page says so', async (t) => {
  const served = await serve(t)
  const request = await register(served, await served.signIn('agent01'))
  served.line.away = true
  t.match(await ask(served, request), { status: 503, json: { code: 'page-callback-away' } })
})

t.test('three in a day are asked for about a request, and those that were kept count', async (t) => {
  const served = await serve(t)
  const request = await register(served, await served.signIn('agent01'))
  const { id } = request
  const yesterday = Date.now() - 86_400_000
  const neighbour = '+40722000955'
  await writeEvents(served.db, [
    asked(id),
    asked(id, yesterday),
    asked('CC2026-999998', Date.now(), neighbour),
  ])
  const other = asked('CC2026-999997', Date.now(), neighbour)
  await writeEvents(served.db, [other, { ...other, seq: 2, event: { type: 'CallbackAsked', request: id } }])
  t.equal(await callbacksAskedAbout(served.db, id, Date.now() - 3_600_000), 2)
  t.equal(await callbacksAskedTo(served.db, neighbour, Date.now() - 3_600_000), 3)
  await ask(served, request)
  t.equal(served.line.askedOnPage.at(-1)?.mayBegin, true)
  await writeEvents(served.db, [asked(id)])
  t.equal(bounds.pageCallbacksPerDay, 3)
  await ask(served, request)
  t.equal(served.line.askedOnPage.at(-1)?.mayBegin, false)
  const another = await register(served, await served.signIn('agent01'))
  await ask(served, another, { phone: '0722 000 955' })
  t.equal(served.line.askedOnPage.at(-1)?.mayBegin, false, 'nor more to a number, by whichever codes')
})

t.test(
  'who talks with the citizen opens the request from the first word on, and the record knows it',
  async (t) => {
    const served = await serve(t)
    const { line, people, db } = served
    const { id } = await register(served, await served.signIn('agent01'))
    const as = await served.signIn('agent02')
    const opens = async () => (await served.ask('GET', `/api/requests/${id}`, { as })).status
    // Of another number than the request's.
    const placed = asked(id, Date.now(), '+40722000977')
    await writeEvents(db, [placed])
    const agent = people['agent02'].id
    line.emit(placed, agentChange(agentAt(agent, Date.now(), { state: 'offered', call: placed.id } as never)))
    t.equal(await opens(), 403, 'a number that was typed opens nothing')
    const answeredAt = Date.now()
    const talking = {
      ...placed,
      seq: 2,
      event: { type: 'CallerAnswered' },
      after: {
        ...placed.after,
        phase: 'talking',
        answeredAt,
        muted: false,
        room: 'room-x',
        offer: { id: 'leg-x', agent, device: 'web', madeAt: answeredAt, expiresAt: answeredAt },
      },
    } as never
    await writeEvents(db, [talking])
    line.emit(
      talking,
      agentChange(agentAt(agent, Date.now(), { state: 'talking', call: placed.id } as never)),
    )
    await until(async () => (await opens()) === 200)
    t.same(await requestsOfCallback(db, placed.id), [id])
    t.same(await requestsOfCallback(db, CallId('pbx1-none')), [])
  },
)
