import t from 'tap'
import type { ExternalLeg } from '../../../src/core/call.ts'
import { AgentId, ContactId, OfferId } from '../../../src/core/ids.ts'
import { unreachedBy } from '../../../src/http/contacts/view.ts'
import { Names } from '../../../src/http/shell/names.ts'
import type { OfferEnd } from '../../../src/core/offer.ts'
import { transferView } from '../../../src/http/transfer/view.ts'
import { agentAt, agentChange, Story } from '../states.ts'
import { serve, testContacts } from '../serve.ts'

t.test('an agent reads the contacts; nobody else does', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('agent01')
  const shown = testContacts.map((one) => (one.language === null ? one : { ...one, number: null }))
  t.match(await ask('GET', '/api/contacts', { as }), { status: 200, json: { items: shown } })
  const first = await ask('GET', '/api/contacts?limit=1', { as })
  t.match(first.json, { items: [{ id: 'interpret', number: null, language: 'hu' }] })
  t.equal((first.json['items'] as unknown[]).length, 1)
  for (const limit of ['0', '501', 'x'])
    t.equal((await ask('GET', `/api/contacts?limit=${limit}`, { as })).status, 400, limit)
  t.equal((await ask('GET', '/api/contacts')).status, 401)
  for (const other of ['super', 'admin', 'audit'] as const)
    t.equal((await ask('GET', '/api/contacts', { as: await signIn(other) })).status, 403, other)
})

t.test('a caller is sent to a contact, and a contact is asked, by commands of the desk', async (t) => {
  const { ask, signIn, line, people } = await serve(t)
  const as = await signIn('agent01')
  const to = { contact: 'interpret' }
  t.equal((await ask('POST', '/api/me/transfer', { as, body: { to, offerId: 'o1' } })).status, 200)
  t.equal((await ask('POST', '/api/me/consult', { as, body: { to, joins: true } })).status, 200)
  const agent = people.agent01.id
  t.strictSame(line.commands.slice(-2), [
    { do: 'transfer', agent, offer: 'o1', to },
    { do: 'consult', agent, to, joins: true },
  ])
  line.refusal = 'unknown contact'
  for (const path of ['/api/me/transfer', '/api/me/consult'])
    t.match(await ask('POST', path, { as, body: { to } }), { status: 404, json: { code: 'unknown-contact' } })
  const body = { to, joins: 'yes' }
  t.equal((await ask('POST', '/api/me/consult', { as, body })).status, 400)
})

t.test(
  'the sender sees what becomes of a caller who was sent to a contact, and why they come back',
  async (t) => {
    const { live, signIn, line, people } = await serve(t)
    const ana = people.agent01.id
    const sender = await live(await signIn('agent01'))
    const board = await live(await signIn('super'))
    for (const feed of [sender, board]) await feed.next('snapshot')
    const at = Date.now()
    const story = new Story('pbx1-5.1', at)
    line.emit(story.arrives(), story.waits(at), story.rings(ana, at), story.talks(ana, at))
    await sender.next('call', ({ phase }) => phase === 'talking')
    line.emit(story.sentOutside(ana, at + 1_000))
    const urbanism = { id: 'urbanism', name: 'Urbanism' }
    const sent = { callId: story.id, to: urbanism, external: true, toQueue: false, agent: null }
    t.match((await sender.next('transfer')).data, { ...sent, state: 'ringing', why: null })
    t.match((await board.next('call', ({ phase }) => phase === 'transferring')).data, {
      agent: null,
      external: urbanism,
      externalHears: null,
    })
    line.emit(story.notReached(at + 2_000, 'busy'))
    t.match((await sender.next('transfer', ({ state }) => state === 'returning')).data, {
      ...sent,
      why: 'busy',
    })
    t.match((await board.next('call', ({ unreached }) => unreached !== null)).data, {
      external: null,
      unreached: { ...urbanism, why: 'busy' },
    })
    line.emit(story.rings(ana, at + 3_000), story.talks(ana, at + 3_000), story.sentOutside(ana, at + 4_000))
    t.match((await sender.next('transfer', ({ state }) => state === 'ringing')).data, { why: null })
    line.emit(story.talksOutside(at + 5_000))
    t.match(
      (await sender.next('transfer', ({ state, agent }) => state === 'taken' && agent === null)).data,
      sent,
    )
    t.match((await board.next('call', ({ phase }) => phase === 'transferred')).data, {
      agent: null,
      external: urbanism,
      externalHears: urbanism,
      unreached: null,
    })
    const again = await live(await signIn('agent01'))
    t.match((await again.next('snapshot')).data, { calls: [], transfers: [{ ...sent, state: 'taken' }] })
    line.emit(story.ends(at + 9_000, 'answered', ana))
    t.match((await sender.next('transfer', ({ state }) => state === 'over')).data, sent)
  },
)

t.test('a transfer keeps the name that the contact had, closed or renamed since', async (t) => {
  const names = new Names({
    agents: () => [],
    queues: () => [],
    contacts: () => [],
  })
  const at = Date.now()
  const story = new Story('pbx1-5.9', at)
  const ana = AgentId('ana')
  story.talks(ana, at)
  const { after: sent } = story.sentOutside(ana, at)
  const { after: back } = story.notReached(at, 'busy')
  const urbanism = { id: ContactId('urbanism'), name: 'Urbanism' }
  t.match(transferView(sent, names), { to: urbanism })
  const leg: ExternalLeg = {
    id: OfferId('x1'),
    role: 'external',
    contact: urbanism.id,
    name: urbanism.name,
    from: at,
    until: at,
  }
  t.match(transferView({ ...back, others: [leg] }, names), { to: urbanism }, 'once they have talked')
  t.match(transferView(back, names), { to: { name: 'urbanism' } }, 'nothing else is known')
})

t.test('a contact who rejects the call is not said to be engaged', (t) => {
  const at = Date.now()
  const story = new Story('pbx1-5.10', at)
  const ana = AgentId('ana')
  story.talks(ana, at)
  const { after: sent } = story.sentOutside(ana, at)
  const why = (end: OfferEnd) => {
    const { event } = story.notReached(at, end)
    return sent.phase === 'ended' ? null : (unreachedBy(event, sent)?.why ?? null)
  }
  t.strictSame((['busy', 'declined', 'expired', 'unreachable', 'cut'] as const).map(why), [
    'busy',
    'declined',
    'no answer',
    'unreachable',
    null,
  ])
  t.end()
})

t.test('a contact who is asked hears the agent aside, nobody with music, all in the room', async (t) => {
  const { live, signIn, line, people } = await serve(t)
  const ana = people.agent01.id
  const desk = await live(await signIn('agent01'))
  await desk.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-5.2', at)
  line.emit(story.arrives(), story.waits(at), story.rings(ana, at), story.talks(ana, at))
  line.emit(agentChange(agentAt(ana, at, { state: 'talking', call: story.id })))
  const urbanism = { id: 'urbanism', name: 'Urbanism' }
  const seats = [
    ['ringing', null],
    ['side', urbanism],
    ['music', null],
    ['room', urbanism],
  ] as const
  for (const [index, [seat, hears]] of seats.entries()) {
    line.emit(story.asksOutside(ana, seat, at + 1_000 * index))
    t.match(
      (await desk.next('call', ({ consult }) => consult?.seat === seat)).data,
      { consult: { with: urbanism, external: true, joins: false }, externalHears: hears, agent: { id: ana } },
      seat,
    )
  }
  line.emit(
    story.asksOutside(ana, 'ringing', at + 6_000),
    story.asksOutside(ana, null, at + 7_000, 'unreachable'),
  )
  t.match((await desk.next('call', ({ unreached }) => unreached !== null)).data, {
    consult: null,
    externalHears: null,
    unreached: { ...urbanism, why: 'unreachable' },
  })
  const seen = desk.seen.length
  line.emit(
    story.asksOutside(ana, 'ringing', at + 8_000),
    story.asksOutside(ana, null, at + 9_000, 'withdrawn'),
  )
  const last = await desk.next('call', ({ consult }) => consult === null, seen)
  t.match(last.data, { unreached: null }, 'given up')
})
