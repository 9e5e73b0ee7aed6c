import t from 'tap'
import { QueueId } from '../../../src/core/ids.ts'
import { agentAt, agentChange, Story } from '../states.ts'
import { serve } from '../serve.ts'

const general = QueueId('general')

t.test('an agent sees where a caller can be sent, without being among the colleagues', async (t) => {
  const { ask, signIn, line, people } = await serve(t)
  const as = await signIn('agent01')
  const targets = async () => (await ask('GET', '/api/me/transfer-targets', { as })).json
  t.match(await targets(), { queues: [{ id: 'general', free: 0, atWork: 0, waiting: 0 }], colleagues: [] })
  const at = Date.now()
  const story = new Story('pbx1-3.1', at)
  line.emit(
    story.arrives(),
    story.waits(at),
    agentChange(agentAt(people.agent01.id, at, { state: 'ready', notBefore: 0 })),
    agentChange(agentAt(people.agent02.id, at, { state: 'ready', notBefore: 0 })),
  )
  const free = { id: people.agent02.id, name: 'Barbu Ionescu', state: 'ready', free: true }
  for (;;) {
    const { colleagues, queues } = await targets()
    if (Array.isArray(colleagues) && colleagues.length > 0) {
      t.same(colleagues, [free])
      t.match(queues, [{ free: 1, atWork: 1, waiting: 1 }])
      break
    }
  }
  line.emit(agentChange(agentAt(people.agent02.id, at, { state: 'paused', reason: 'meal' })))
  for (;;) {
    const { colleagues, queues } = await targets()
    if (JSON.stringify(colleagues).includes('paused')) {
      t.match(colleagues, [{ free: false, state: 'paused' }])
      t.match(queues, [{ free: 0, atWork: 0 }])
      break
    }
  }
})

t.test('a transfer is a command of the desk, for the conversation that the page shows', async (t) => {
  const { ask, signIn, line } = await serve(t)
  const as = await signIn('agent01')
  const send = (body: object) => ask('POST', '/api/me/transfer', { as, body })
  t.equal((await send({ to: { queue: 'general' }, offerId: 'o1' })).status, 200)
  t.equal((await send({ to: { agent: 'a-1' } })).status, 200)
  t.same(line.asked.slice(-2), ['transfer {"queue":"general"} of o1', 'transfer {"agent":"a-1"}'])
  for (const body of [{}, { to: {} }, { to: { queue: '' } }, { to: { number: '112' } }])
    t.equal((await send(body)).status, 400, JSON.stringify(body))
  const supervisor = await signIn('super')
  const refused = await ask('POST', '/api/me/transfer', {
    as: supervisor,
    body: { to: { queue: 'general' } },
  })
  t.equal(refused.status, 403)
})

t.test(
  'the colleague of a call to a citizen sees who placed it, and since when the citizen waits',
  async (t) => {
    const { live, signIn, line, people } = await serve(t)
    const [ana, barbu] = [people.agent01.id, people.agent02.id]
    const first = await live(await signIn('agent01'))
    const second = await live(await signIn('agent02'))
    for (const feed of [first, second]) await feed.next('snapshot')
    const at = Date.now()
    const story = new Story('pbx1-3.7', at)
    const placedBy = { id: ana, name: 'Ana Pop' }
    line.emit(story.dials(ana, at))
    t.match((await first.next('call')).data, { phase: 'dialling', placedBy, transferred: null })
    line.emit(story.talks(ana, at + 1_000), story.sentOn(ana, { agent: barbu }, at + 2_000))
    line.emit(story.rings(barbu, at + 3_000))
    const since = new Date(at + 2_000).toISOString()
    t.match((await second.next('call', ({ phase }) => phase === 'ringing')).data, {
      placedBy,
      transferred: { at: since, takenAt: null },
    })
    story.transferred('taken')
    line.emit(story.talks(barbu, at + 5_000))
    t.match((await second.next('call', ({ phase }) => phase === 'talking')).data, {
      placedBy,
      agent: { name: 'Barbu Ionescu' },
      transferred: { at: since, takenAt: new Date(at + 5_000).toISOString() },
    })
  },
)

t.test('the sender follows the caller to the end; the next agent sees who sent them', async (t) => {
  const { live, signIn, line, people } = await serve(t)
  const [ana, barbu] = [people.agent01.id, people.agent02.id]
  const as = await signIn('agent01')
  const first = await live(as)
  const second = await live(await signIn('agent02'))
  for (const feed of [first, second]) await feed.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-3.2', at)
  line.emit(story.arrives(), story.waits(at), story.rings(ana, at), story.talks(ana, at))
  await first.next('call', ({ phase }) => phase === 'talking')
  line.emit(story.sentOn(ana, { queue: general }, at + 1_000))
  const sent = (await first.next('transfer')).data
  t.match(sent, {
    callId: story.id,
    to: { name: 'Informații' },
    toQueue: true,
    state: 'waiting',
    agent: null,
  })
  t.notMatch(JSON.stringify(sent), /0256/, 'without the caller')
  t.match((await first.next('call-ended')).data, { id: story.id, outcome: 'left' })
  const both = first.seen.filter(({ name }) => name === 'call-ended' || name === 'transfer')
  t.match(
    both.map(({ name, id }) => [name, id === null]),
    [
      ['call-ended', true],
      ['transfer', false],
    ],
    'a connection that is cut between the two gets both again',
  )

  line.emit(story.rings(barbu, at + 2_000))
  t.match((await first.next('transfer', ({ state }) => state === 'ringing')).data, {
    agent: { name: 'Barbu Ionescu' },
  })
  const from = { by: { name: 'Ana Pop' }, from: { name: 'Informații' }, underWay: true, failed: false }
  t.match((await second.next('call')).data, { phase: 'ringing', transferred: from })

  const again = await live(as)
  t.match((await again.next('snapshot')).data, {
    transfers: [{ callId: story.id, state: 'ringing' }],
    calls: [],
  })

  story.transferred('taken')
  line.emit(story.talks(barbu, at + 3_000))
  t.match((await first.next('transfer', ({ state }) => state === 'taken')).data, {
    agent: { name: 'Barbu Ionescu' },
  })
  line.emit(story.ends(at + 4_000, 'answered', barbu))
  await first.next('transfer', ({ state }) => state === 'over')
  t.equal(second.seen.filter(({ name }) => name === 'transfer').length, 0, 'only the sender follows')
})

t.test('a caller whom nobody took comes back; one who hangs up on the way has left', async (t) => {
  const { live, signIn, line, people } = await serve(t)
  const ana = people.agent01.id
  const feed = await live(await signIn('agent01'))
  await feed.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-3.3', at)
  line.emit(story.arrives(), story.waits(at), story.rings(ana, at), story.talks(ana, at))
  line.emit(story.sentOn(ana, { agent: people.agent02.id }, at + 1_000))
  t.match((await feed.next('transfer')).data, {
    to: { name: 'Barbu Ionescu' },
    toQueue: false,
    state: 'waiting',
  })
  line.emit(story.ends(at + 1_500, 'answered', ana))
  await feed.next('transfer', ({ state }) => state === 'left')

  const back = new Story('pbx1-3.4', at)
  line.emit(back.arrives(), back.waits(at), back.rings(ana, at), back.talks(ana, at))
  line.emit(back.sentOn(ana, { agent: people.agent02.id }, at + 1_000))
  await feed.next('transfer', ({ callId }) => callId === back.id)
  back.transferred('failed')
  line.emit(back.rings(ana, at + 2_000))
  await feed.next('transfer', ({ state }) => state === 'returning')
  await feed.next('call', ({ id, transferred }) => id === back.id && transferred?.failed === true)
})
