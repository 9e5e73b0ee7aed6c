/** Calls to citizens: whose number an agent may call, and the refusals. */
import t from 'tap'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import { callOutRefusals } from '../../../src/core/phone-number.ts'
import { deskRefusals } from '../../../src/core/desk-command.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { lampForm, registered, someone, someRequest } from '../../ledger/requests/fixtures.ts'
import { serve } from '../serve.ts'
import { finishedCall } from '../access/finished-call.ts'
import { agentAt, agentChange, offerOf, Story } from '../states.ts'

const at = Date.parse('2026-11-24T10:00:00Z')
let calls = 0
const storyOf = (number: string | null): Story => new Story(`pbx1-5.${++calls}`, at - 60_000, number)

/** A conversation that this agent has had. */
function talked(story: Story, agent: AgentId): AcdEvent[] {
  return [
    story.arrives(),
    story.waits(at - 59_000),
    story.rings(agent, at - 58_000),
    story.talks(agent, at - 57_000),
    story.ends(at - 50_000, 'answered', agent),
  ]
}

/** A call that rang this agent in vain. `then`: a colleague serves it; null: it waits. `seq`: of the agent's first event. */
function missed(story: Story, agent: AgentId, seq = 1, then?: AgentId | null): AcdEvent[] {
  const offer = offerOf(story.id, agent, at - 58_000)
  const after = agentAt(agent, at - 50_000)
  const of = { subject: 'agent', id: agent, after } as const
  return [
    story.arrives(),
    story.rings(agent, at - 58_000),
    { ...of, seq, at: at - 58_000, event: { type: 'Offered', call: story.id, offer } },
    ...(then === undefined ? [story.ends(at - 50_000, 'abandoned')] : []),
    ...(then === null ? [story.waits(at - 50_000)] : []),
    ...(typeof then === 'string'
      ? [story.talks(then, at - 50_000), story.ends(at - 40_000, 'answered', then)]
      : []),
    {
      ...of,
      seq: seq + 1,
      at: at - 50_000 + seq,
      event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' },
    },
  ]
}

t.test('an agent calls a number that they type', async (t) => {
  const { ask, signIn, line } = await serve(t)
  const as = await signIn('agent01')
  const call = (body: object, cookie = as) => ask('POST', '/api/me/call-out', { as: cookie, body })
  t.equal((await call({ number: '0722 000 111' })).status, 200)
  t.equal(line.asked.at(-1), 'callOut false 0722 000 111 null')
  for (const body of [
    {},
    { number: '' },
    { number: '1'.repeat(41) },
    { call: '' },
    { number: '1', call: 'c' },
  ])
    t.equal((await call(body)).status, 400, JSON.stringify(body))
  for (const other of ['super', 'audit'] as const)
    t.equal((await call({ number: '0722000111' }, await signIn(other))).status, 403, other)
  for (const refusal of [...callOutRefusals, 'in a call'] as const) {
    t.ok(deskRefusals.includes(refusal))
    line.refusal = refusal
    const { status, json } = await call({ number: '0722000111' })
    t.equal(status, 409, refusal)
    t.match(json['detail'], /^\p{Lu}.+\.$/u, refusal)
  }
})

t.test(
  'they call back whom they have talked with, and whom they have missed today; nobody else',
  async (t) => {
    const { ask, signIn, line, people, db, state } = await serve(t)
    state.now = at
    const [own, other, lost, withheld, served, waits] = [
      storyOf('+40722000111'),
      storyOf('+40722000222'),
      storyOf('+40722000333'),
      storyOf(null),
      storyOf('+40722000444'),
      storyOf('+40722000555'),
    ]
    await writeEvents(db, [
      ...talked(own, people.agent01.id),
      ...talked(other, people.agent02.id),
      ...missed(lost, people.agent01.id),
      ...talked(withheld, people.agent01.id),
      ...missed(served, people.agent01.id, 3, people.agent02.id),
      ...missed(waits, people.agent01.id, 5, null),
    ])
    const as = await signIn('agent01')
    const call = (story: Story) => ask('POST', '/api/me/call-out', { as, body: { call: story.id } })
    t.equal((await call(own)).status, 200)
    t.equal(line.asked.at(-1), `callOut false +40722000111 {"call":"${own.id}"} general`)
    t.equal((await call(lost)).status, 200)
    t.match(line.asked.at(-1), /^callOut false \+40722000333 /)
    const items = (await ask('GET', '/api/calls/unanswered', { as })).json['items'] as object[]
    t.match(items, [
      { call: waits.id, isLost: false },
      { call: served.id, isLost: false },
      { call: lost.id, isLost: true },
    ])
    const before = line.asked.length
    t.match(await call(waits), {
      status: 409,
      json: { detail: 'Cetățeanul mai așteaptă sau vorbește cu un coleg.' },
    })
    for (const story of [other, served])
      t.match(await call(story), { status: 403, json: { code: 'needs-reason' } })
    t.match(await ask('POST', '/api/me/call-out', { as, body: { call: 'pbx1-0.0' } }), { status: 404 })
    t.equal(line.asked.length, before, 'nothing reached the line')
    t.equal((await call(withheld)).status, 200)
    t.equal(
      line.asked.at(-1),
      `callOut false null {"call":"${withheld.id}"} general`,
      'which the desk refuses',
    )
  },
)

t.test('they call the petitioner of a request that they may see', async (t) => {
  const { ask, signIn, line, people, db } = await serve(t)
  const own = await someRequest(db, { agent: people.agent01.id })
  const other = await someRequest(db, { agent: people.agent02.id })
  const nameless = await someRequest(db, { agent: people.agent01.id, form: lampForm({ person: null }) })
  const as = await signIn('agent01')
  const call = (request: string) => ask('POST', '/api/me/call-out', { as, body: { request } })
  const looks = () =>
    db.selectFrom('journal_looks').select(['kind', 'query']).where('about', '=', own).execute()
  const before = await looks()
  t.equal((await call(own)).status, 200)
  t.equal(line.asked.at(-1), `callOut false ${someone.phone} {"request":"${own}"} true`)
  t.strictSame(await looks(), [...before, { kind: 'request', query: null }], 'the look is on record')
  t.equal((await call(nameless)).status, 200)
  t.equal(line.asked.at(-1), `callOut false null {"request":"${nameless}"} false`, 'which the desk refuses')
  const asked = line.asked.length
  t.equal((await call(other)).status, 403)
  t.equal((await call('CC2026-999999')).status, 404)
  t.equal(line.asked.length, asked)
})

t.test(
  'a number that the agent has written into a request is their own word, unless its caller has it',
  async (t) => {
    const { ask, signIn, line, people, db } = await serve(t)
    const agent = people.agent01.id
    const as = await signIn('agent01')
    const [same, another] = [
      await finishedCall(db, { agent, number: someone.phone }),
      await finishedCall(db, { agent, number: '+40722000912' }),
    ]
    for (const [call, isOwnWord] of [
      [same, false],
      [another, true],
    ] as const) {
      const request = await someRequest(db, { agent, call })
      t.equal((await ask('POST', '/api/me/call-out', { as, body: { request } })).status, 200)
      t.equal(line.asked.at(-1), `callOut false ${someone.phone} {"request":"${request}"} ${isOwnWord}`)
    }
  },
)

t.test('a typed number opens nothing of its holder until they answer', async (t) => {
  const served = await serve(t)
  const { ask, db, people, line, live, signIn } = served
  const number = '+40722000555'
  const earlier = await finishedCall(db, { agent: people.agent02.id, number, at: Date.now() - 90_000 })
  const form = lampForm({ person: { ...someone, phone: number } })
  const request = (await registered(db, { agent: people.agent02.id, form })).id
  const as = await signIn('agent01')
  const get = (path: string) => ask('GET', path, { as })
  const isListed = async () => {
    const { json } = await get(`/api/calls?caller=${encodeURIComponent(number)}`)
    return (json['items'] as { id: string }[]).some(({ id }) => id === earlier)
  }
  const ana = people.agent01.id
  const feed = await live(as)
  await feed.next('snapshot')
  const begins = async (story: Story, at: number) => {
    const dials = story.dials(ana, at)
    await writeEvents(db, [dials])
    line.emit(dials, agentChange(agentAt(ana, at, { state: 'talking', call: story.id })))
    await feed.next('agent', ({ callId }) => callId === story.id)
  }
  const contexts = () => feed.seen.filter(({ name }) => name === 'context').length
  const nothingOpens = async ({ id: call }: Story, when: string) => {
    for (const path of [`/api/calls/${earlier}`, `/api/requests/${request}`])
      t.match(await get(path), { status: 403, json: { code: 'needs-reason' } }, `${when}: ${path}`)
    t.notOk(await isListed(), `${when}: the list`)
    t.same((await get(`/api/calls/${call}/requests`)).json['items'], [], `${when}: open requests`)
    const again = (await (await live(as)).next('snapshot')).data
    t.equal(again.context, null, `${when}: the feed`)
    t.equal(contexts(), 0, when)
  }
  const now = Date.now()
  const inVain = new Story('pbx1-6.1', now, number)
  await begins(inVain, now)
  await nothingOpens(inVain, 'while it rings')
  const busy = inVain.ends(now + 5_000, 'busy', ana)
  await writeEvents(db, [busy])
  const wrapsUp = agentAt(ana, now, { state: 'wrap-up', call: inVain.id, until: now + 60_000 })
  line.emit(busy, agentChange(wrapsUp))
  await feed.next('agent', ({ state }) => state === 'wrap-up')
  await nothingOpens(inVain, 'nobody answered')
  const reached = new Story('pbx1-6.2', now + 7_000, number)
  await begins(reached, now)
  line.emit(reached.talks(ana, now + 9_000))
  t.match((await feed.next('context')).data, {
    callId: reached.id,
    previousCount: 2,
    previousCalls: [{}, { id: earlier }],
  })
  t.equal((await get(`/api/calls/${earlier}`)).status, 200, 'they talk')
  t.equal((await get(`/api/requests/${request}`)).status, 200)
  t.ok(await isListed())
  t.match((await get(`/api/calls/${reached.id}/requests`)).json['items'], [{ id: request }])
})
