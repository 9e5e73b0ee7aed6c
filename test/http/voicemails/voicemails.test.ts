/** Messages that callers have left: the agents of their queue hear, take and close them; nobody else but supervisors does. */
import t from 'tap'
import { QueueId, type CallId } from '../../../src/core/ids.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { accessLog } from '../../../src/ledger/journal/access-log.ts'
import type { Voicemails } from '../../../src/http/voicemails/wire.ts'
import { serve, type Served } from '../serve.ts'
import { at, left } from './left-message.ts'

const dayMs = 86_400_000

const closing = { result: 'answered', note: '' }

const isListed = async (served: Served, as: string, call: CallId) =>
  (await listed(served, as)).some((one) => one.call === call)

const listed = async ({ ask }: Served, as: string) =>
  ((await ask('GET', '/api/voicemails', { as })).json as unknown as Voicemails).items

t.test('the agents of the queue see a message, with the caller, and open its call', async (t) => {
  const served = await serve(t)
  const { ask, signIn, state } = served
  state.now = at + 3_600_000
  const call = await left(served, 'pbx1-7.1')
  await left(served, 'pbx1-7.2', { sound: 'silence' })
  const as = await signIn('agent01')
  t.match(await listed(served, as), [
    {
      call,
      queue: 'general',
      caller: '+40256123456',
      durationMs: 8_000,
      sound: 'voice',
      isHeard: false,
      isLate: false,
      takenBy: null,
      closed: null,
    },
  ])
  t.same((await ask('GET', '/api/voicemails/open', { as })).json, { count: 1, isLate: false })
  t.match((await ask('GET', `/api/calls/${call}`, { as })).json, {
    outcome: 'voicemail',
    voicemail: { call },
    manifest: { durationMs: 8_000 },
  })
  state.now = at + dayMs + 3_600_000
  t.same((await ask('GET', '/api/voicemails/open', { as })).json, { count: 1, isLate: true })
  t.match(await listed(served, as), [{ isLate: true }])
})

t.test('of two agents who take the same message the second is told of the first', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, state } = served
  state.now = at + 3_600_000
  const call = await left(served, 'pbx1-7.3')
  const [first, second, boss] = [await signIn('agent01'), await signIn('agent02'), await signIn('super')]
  const take = (as: string) => ask('PUT', `/api/voicemails/${call}/taker`, { as })
  const both = await Promise.all([take(first), take(second)])
  t.same(
    both.map(({ status }) => status).sort((a, b) => a - b),
    [204, 409],
  )
  const taken = (await listed(served, boss)).find((one) => one.call === call)
  const isFirst = taken?.takenBy?.id === people.agent01.id
  const [mine, others] = isFirst ? [first, second] : [second, first]
  t.equal((await take(mine)).status, 204, 'once more is no change')
  t.match(await take(others), {
    status: 409,
    json: { code: 'voicemail-taken', detail: new RegExp(taken?.takenBy?.name ?? '?') },
  })
  const close = { result: 'answered', note: ' a fost sunat ' }
  t.match(await ask('POST', `/api/voicemails/${call}/closing`, { as: others, body: close }), {
    status: 409,
    json: { code: 'voicemail-taken' },
  })
  t.equal((await ask('DELETE', `/api/voicemails/${call}/taker`, { as: others })).status, 409)
  t.equal((await ask('DELETE', `/api/voicemails/${call}/taker`, { as: boss })).status, 204)
  t.equal((await take(others)).status, 204, 'a supervisor has freed it')

  t.equal((await ask('POST', `/api/voicemails/${call}/closing`, { as: others, body: close })).status, 204)
  for (const again of [take(mine), ask('POST', `/api/voicemails/${call}/closing`, { as: mine, body: close })])
    t.match(await again, { status: 409, json: { code: 'voicemail-closed' } })
  t.match(await ask('POST', `/api/voicemails/${call}/closing`, { as: boss, body: close }), {
    status: 409,
    json: { code: 'voicemail-closed' },
  })
  t.notOk((await listed(served, boss)).some((one) => one.call === call && one.closed === null))
})

t.test('a message that is closed stays in the list for the day, with what became of it', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people } = served
  served.state.now = Date.now()
  const call = await left(served, 'pbx1-7.4', { sound: 'lost' })
  const as = await signIn('agent01')
  const body = { result: 'not reached', note: 'nu răspunde' }
  t.equal((await ask('POST', `/api/voicemails/${call}/closing`, { as, body })).status, 204)
  t.match(
    (await listed(served, as)).find((one) => one.call === call),
    {
      sound: 'lost',
      durationMs: null,
      closed: { by: { id: people.agent01.id }, result: 'not reached', note: 'nu răspunde' },
    },
  )
})

t.test('nobody else has a part in messages', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const call = await left(served, 'pbx1-7.5')
  for (const person of ['audit', 'admin', 'edit'] as const) {
    const as = await signIn(person)
    t.equal((await ask('GET', '/api/voicemails', { as })).status, 403, person)
    t.equal((await ask('PUT', `/api/voicemails/${call}/taker`, { as })).status, 403, person)
  }
  const as = await signIn('agent01')
  t.match(await ask('PUT', '/api/voicemails/pbx1-0.0/taker', { as }), {
    status: 404,
    json: { code: 'no-such-voicemail' },
  })
})

t.test(
  'whoever sees to a message hears the message alone, not the conversation of a colleague',
  async (t) => {
    const served = await serve(t)
    const { ask, signIn, people } = served
    const call = await left(served, 'pbx1-7.6', { talked: people.agent02.id })
    const legsFor = async (person: 'agent01' | 'super') => {
      const { json } = await ask('GET', `/api/calls/${call}`, { as: await signIn(person) })
      return (json['manifest'] as { segments: { leg: string | null }[] }).segments.map(({ leg }) => leg)
    }
    t.same(await legsFor('agent01'), [null])
    t.same(new Set(await legsFor('super')), new Set([null, `leg-${call}`]))
  },
)

t.test('a message that is closed is shown to the one who closed it, and to supervisors', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const [first, second, boss] = [await signIn('agent01'), await signIn('agent02'), await signIn('super')]
  const call = await left(served, 'pbx1-7.7')
  t.equal((await ask('PUT', `/api/voicemails/${call}/taker`, { as: second })).status, 204)
  t.equal((await ask('POST', `/api/voicemails/${call}/closing`, { as: boss, body: closing })).status, 204)
  t.notOk(await isListed(served, first, call))
  t.notOk(await isListed(served, second, call), 'it was taken, and somebody else has closed it')
  t.ok(await isListed(served, boss, call))
  for (const path of [`/api/calls/${call}`, `/api/calls/${call}/recording`])
    t.equal((await ask('GET', path, { as: second })).status, 403, path)

  const own = await left(served, 'pbx1-7.8')
  t.equal((await ask('POST', `/api/voicemails/${own}/closing`, { as: first, body: closing })).status, 204)
  t.ok(await isListed(served, first, own))
  t.notOk(await isListed(served, second, own))
  t.equal((await ask('GET', `/api/calls/${own}`, { as: first })).status, 200)
})

t.test(
  'a message is free again after two hours, and when its taker serves the queue no longer',
  async (t) => {
    const served = await serve(t)
    const { ask, signIn, people, state, directory } = served
    const call = await left(served, 'pbx1-7.9')
    const [first, second, boss] = [await signIn('agent01'), await signIn('agent02'), await signIn('super')]
    const take = async (as: string) => (await ask('PUT', `/api/voicemails/${call}/taker`, { as })).status
    const taker = async () =>
      (await listed(served, boss)).find((one) => one.call === call)?.takenBy?.id ?? null
    t.equal(await take(first), 204)
    t.equal(await taker(), people.agent01.id)
    state.now = Date.now() + 2 * 3_600_000 - 60_000
    t.equal(await take(second), 409)
    state.now = Date.now() + 2 * 3_600_000
    t.equal(await taker(), null)
    t.equal(await take(first), 204, 'also by the same agent')

    state.now = null
    const [ana] = directory.agents
    t.equal(await taker(), people.agent01.id)
    if (ana !== undefined) ana.skills = {}
    t.equal(await taker(), null)
    t.equal(await take(first), 403)
    t.equal(await take(second), 204)
    t.equal(await taker(), people.agent02.id)

    t.equal((await ask('DELETE', `/api/voicemails/${call}/taker`, { as: boss })).status, 204)
    t.equal(await take(boss), 204)
    t.equal(await taker(), people.super.id, 'a supervisor serves every queue')
    t.equal(await take(second), 409)
  },
)

t.test('an agent of other queues has no part in a message, and the try is on record', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, directory } = served
  directory.queues.push(newQueue(QueueId('taxes'), 'Taxe'))
  const call = await left(served, 'pbx1-7.10', { queue: QueueId('taxes') })
  const as = await signIn('agent01')
  const countFor = async (who: string) =>
    Number((await ask('GET', '/api/voicemails/open', { as: who })).json['count'])
  t.equal(await countFor(await signIn('super')), (await countFor(as)) + 1, 'a supervisor is told of all')
  t.notOk(await isListed(served, as, call))
  t.equal((await ask('GET', `/api/calls/${call}/recording`, { as })).status, 403)
  t.match(await ask('PUT', `/api/voicemails/${call}/taker`, { as }), {
    status: 403,
    json: { code: 'forbidden' },
  })
  const tries = await accessLog(served.db, { account: people.agent01.id, limit: 50 })
  t.ok(tries.some(({ kind, about }) => kind === 'refused' && about === call))
})

t.test('the messages of a queue that has been removed are for the queue of the dialled number', async (t) => {
  const served = await serve(t)
  const call = await left(served, 'pbx1-7.11', { queue: QueueId('removed') })
  const as = await served.signIn('agent01')
  t.match(
    (await listed(served, as)).find((one) => one.call === call),
    { queue: 'general' },
  )
  t.equal((await served.ask('PUT', `/api/voicemails/${call}/taker`, { as })).status, 204)
})
