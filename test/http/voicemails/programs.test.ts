/** Messages for other programs: a copy is kept up, the sound is on record as for agents, and conversations stay closed. */
import { randomBytes } from 'node:crypto'
import t from 'tap'
import { CallId, QueueId } from '../../../src/core/ids.ts'
import { newQueue } from '../../../src/core/queue.ts'
import type { Voicemails } from '../../../src/http/voicemails/wire.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { accessLog } from '../../../src/ledger/journal/access-log.ts'
import { acceptedToken, type AcceptedToken } from '../programs/token.ts'
import { serve, type Served } from '../serve.ts'
import { Story } from '../states.ts'
import { at, left } from './left-message.ts'

async function listed({ ask }: Served, { bearer }: AcceptedToken, query = ''): Promise<Voicemails> {
  const answer = await ask('GET', `/api/voicemails${query}`, bearer)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.json as unknown as Voicemails
}

const callsIn = ({ items }: Voicemails) => items.map(({ call }) => call)
const hearings = async ({ db }: Served, call: CallId) =>
  db.selectFrom('hearings').select('account').where('call', '=', call).execute()

t.test('a program hears a message, each hearing on record, and no conversation', async (t) => {
  const served = await serve(t)
  const { ask, people, db } = served
  const audio = randomBytes(4_000)
  const call = await left(served, 'pbx1-8.1', { audio, talked: people.agent02.id })
  const reader = await acceptedToken(served, 'super', ['voicemails:read'])
  const hear = async () => {
    const answer = await fetch(`${served.url}/api/voicemails/${call}/recording`, reader.bearer)
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) }
  }
  const heard = await hear()
  t.equal(heard.status, 200)
  t.ok(heard.body.equals(audio), 'the message alone, although its call has a conversation, too')
  t.same(await hearings(served, call), [{ account: people.super.id }])
  served.state.now = Date.now() + 60_000
  t.equal((await hear()).status, 200)
  t.equal((await hearings(served, call)).length, 2, 'once more is another hearing')
  const as = await served.signIn('super')
  for (const path of [`voicemails/${call}/recording`, `calls/${call}/recording`])
    t.equal((await ask('GET', `/api/${path}`, { as })).status, 200)
  t.equal((await hearings(served, call)).length, 4, 'the message is one hearing, the whole call another')
  const looks = await accessLog(db, { account: people.super.id, limit: 50 })
  t.ok(looks.some(({ kind, about }) => kind === 'program' && about === call))
  t.ok((await listed(served, reader)).items.find((one) => one.call === call)?.isHeard)

  t.match(await ask('GET', `/api/calls/${call}/recording`, reader.bearer), {
    status: 403,
    json: { code: 'token-scope' },
  })
  t.equal((await ask('GET', `/api/calls/${call}`, reader.bearer)).status, 403)
  const other = await acceptedToken(served, 'super', ['calls:read'])
  t.equal((await ask('GET', `/api/voicemails/${call}/recording`, other.bearer)).status, 403)
  const silent = await left(served, 'pbx1-8.2', { sound: 'silence' })
  const lost = await left(served, 'pbx1-8.3', { sound: 'lost' })
  for (const [id, code] of [
    [silent, 'no-such-voicemail'],
    ['pbx1-0.0', 'no-such-voicemail'],
    [lost, 'no-recording'],
  ] as const)
    t.match(await ask('GET', `/api/voicemails/${id}/recording`, reader.bearer), { json: { code } })
})

t.test('a program sees the messages of its person alone', async (t) => {
  const served = await serve(t)
  const { ask, directory } = served
  directory.queues.push(newQueue(QueueId('taxes'), 'Taxe'))
  const own = await left(served, 'pbx1-8.4')
  const others = await left(served, 'pbx1-8.5', { queue: QueueId('taxes'), audio: randomBytes(100) })
  const agent = await acceptedToken(served, 'agent01', ['voicemails:read'])
  const seen = callsIn(await listed(served, agent))
  t.ok(seen.includes(own))
  t.notOk(seen.includes(others))
  t.match(await ask('GET', `/api/voicemails/${others}/recording`, agent.bearer), {
    status: 403,
    json: { code: 'forbidden' },
  })
  t.same(await hearings(served, others), [])
  const auditor = await acceptedToken(served, 'audit', ['voicemails:read'])
  t.equal((await ask('GET', '/api/voicemails', auditor.bearer)).status, 403)
})

t.test(
  'a list by queue has the messages to which its agents see, also those of a removed queue',
  async (t) => {
    const served = await serve(t)
    served.directory.queues.push(newQueue(QueueId('taxes'), 'Taxe'))
    const taxes = await left(served, 'pbx1-8.6', { queue: QueueId('taxes') })
    const general = await left(served, 'pbx1-8.7')
    const removed = await left(served, 'pbx1-8.8', { queue: QueueId('removed') })
    const reader = await acceptedToken(served, 'super', ['voicemails:read'])
    const ofTaxes = callsIn(await listed(served, reader, '?queue=taxes'))
    t.ok(ofTaxes.includes(taxes))
    t.notOk(ofTaxes.includes(general) || ofTaxes.includes(removed))
    const { items } = await listed(served, reader, '?queue=general')
    t.ok(callsIn({ items, more: false }).includes(general))
    t.ok(callsIn({ items, more: false }).includes(removed))
    t.same([...new Set(items.map(({ queue }) => queue))], ['general'])
    t.same(callsIn(await listed(served, reader, '?queue=removed')), [], 'nobody serves it')
  },
)

t.test('a copy is kept up with updatedSince: left, heard, taken, closed, in that order', async (t) => {
  const served = await serve(t)
  const { ask, db } = served
  const reader = await acceptedToken(served, 'super', ['voicemails:read', 'voicemails:command'])
  const [first, second] = [await left(served, 'pbx1-8.9'), await left(served, 'pbx1-8.10')]
  const since = async (time: string) => listed(served, reader, `?updatedSince=${encodeURIComponent(time)}`)
  const times = async () =>
    (await listed(served, reader)).items.find(({ call }) => call === second)?.updatedAt ?? ''
  const begun = await times()
  const soon = new Date(Date.parse(begun) + 1).toISOString()
  t.ok(callsIn(await since(begun)).includes(second))
  t.notOk(callsIn(await since(soon)).includes(second))
  const act = async (method: string, path: string, body?: object) =>
    ask(method, `/api/voicemails/${path}`, { ...reader.bearer, ...(body === undefined ? {} : { body }) })
  t.equal((await act('PUT', `${second}/taker`)).status, 204)
  t.match(
    (await since(soon)).items.find(({ call }) => call === second),
    { takenBy: { id: served.people.super.id } },
  )
  t.equal((await act('POST', `${first}/closing`, { result: 'answered', note: 'din CRM' })).status, 204)
  t.equal((await act('DELETE', `${second}/taker`)).status, 204)
  const { items } = await since(soon)
  const changed = items.filter(({ call }) => call === first || call === second)
  t.match(changed, [
    { call: first, closed: { result: 'answered', note: 'din CRM' } },
    { call: second, takenBy: null, closed: null },
  ])
  t.same(
    items.map(({ updatedAt }) => updatedAt),
    items.map(({ updatedAt }) => updatedAt).toSorted(),
  )
  const [late, meanwhile] = [await left(served, 'pbx1-8.11'), new Date().toISOString()]
  // Long before, in a time in which the database was away.
  const placed = { type: 'CallPlaced', by: served.people.agent01.id, returns: { call: late } } as const
  const back = { ...new Story('pbx1-out-8.12', at + 90_000).arrives(), event: placed }
  await writeEvents(db, [back])
  const calledBack = (await since(meanwhile)).items.find(({ call }) => call === late)
  t.equal(
    calledBack?.calledBackAt,
    new Date(back.at).toISOString(),
    'also a return call that is on record late',
  )
  served.state.now = Date.now() + 3 * 86_400_000
  t.ok(callsIn(await since(soon)).includes(first), 'also one that was closed on an earlier day')
  t.notOk(callsIn(await listed(served, reader)).includes(first), 'which the list of today has no more')
  const logged = await accessLog(db, { account: served.people.super.id, limit: 100 })
  t.ok(logged.some(({ kind, query }) => kind === 'call-list' && query === `voicemails, since ${soon}`))
  t.equal((await ask('GET', '/api/voicemails?updatedSince=ieri', reader.bearer)).status, 400)
  const readOnly = await acceptedToken(served, 'super', ['voicemails:read'])
  t.match(await ask('PUT', `/api/voicemails/${second}/taker`, readOnly.bearer), {
    status: 403,
    json: { code: 'token-scope' },
  })
})
