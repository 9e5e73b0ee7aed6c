/** Wrap-up forms and notes after the call: who may complete and correct them, how long, and what stays on record. */
import t from 'tap'
import { addWrapUp } from '../../../src/ledger/calls/wrap-ups.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import type { CallDetail } from '../../../src/http/calls/wire.ts'
import { finishedCall } from '../access/finished-call.ts'
import { handedOnCall } from '../access/handed-on.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { cookieIn, password, serve } from '../serve.ts'
import { agentAt, agentChange, Story } from '../states.ts'

const served = await serve(t)
const { ask, signIn, db, people, state, line, live } = served
const mine = await signIn('agent01')
const others = await signIn('agent02')
const boss = await signIn('super')
const agent = people.agent01.id
const number = '+40722300600'
const form = { subject: 'Iluminat', motivated: 'yes', reason: null, resolution: 'registered' } as const
const unstated = { subject: '', motivated: 'unstated', reason: null, resolution: 'unstated' } as const
const hourMs = 3_600_000

const detail = async (call: string, as: string) =>
  (await ask('GET', `/api/calls/${call}`, { as })).json as unknown as CallDetail
const correct = (call: string, as: string, body: object = form) =>
  ask('POST', `/api/calls/${call}/wrap-up/corrections`, { as, body })
const note = (call: string, as: string, text = 'A revenit cu adresa.') =>
  ask('POST', `/api/calls/${call}/notes`, { as, body: { text } })
const unfinished = async (as: string) =>
  ((await ask('GET', '/api/calls/unfinished', { as })).json['items'] as { id: string }[]).map(({ id }) => id)

t.test('a form that ran out is completed by its agent, and the earlier one stays', async (t) => {
  const call = await finishedCall(db, { agent, number })
  await addWrapUp(db, { call, agent, form: unstated })
  t.ok((await unfinished(mine)).includes(call))
  t.notOk((await unfinished(others)).includes(call), 'the list is the agent’s own')
  t.equal((await correct(call, mine, { ...form, resolution: 'none' })).status, 204)
  t.equal((await correct(call, mine)).status, 204)
  t.notOk((await unfinished(mine)).includes(call))
  const seen = await detail(call, mine)
  t.match(seen.wrapUp, { ...form, agent: 'Ana Pop', later: true })
  t.match(seen.wrapUps[0]?.earlier, [
    { resolution: 'none', later: true },
    { motivated: 'unstated', later: false },
  ])
  t.type(seen.correctableUntil, 'string')
  t.equal((await detail(call, boss)).correctableUntil, null, 'a supervisor changes no form')
})

t.test('a note is added beside what was typed during the call', async (t) => {
  const call = await finishedCall(db, { agent, number })
  t.equal((await note(call, mine)).status, 204)
  t.equal((await note(call, boss, 'Verificat cu direcția.')).status, 204)
  t.equal((await note(call, mine, '  ')).status, 400)
  t.strictSame(
    (await detail(call, mine)).notes.map(({ author, later }) => [author, later]),
    [
      ['Ana Pop', false],
      ['Ana Pop', true],
      ['Carmen Sârbu', true],
    ],
  )
})

t.test(
  'what the desk saves after the call is a correction too, and none wins over a later one',
  async (t) => {
    const put = (call: string, path: string, body: object) =>
      ask('PUT', `/api/calls/${call}/${path}`, { as: mine, body })
    const call = await finishedCall(db, { agent, number })
    await addWrapUp(db, { call, agent, form: unstated })
    t.match(await put(call, 'notes', { text: ' \n' }), { status: 400, json: { errors: [{ field: 'text' }] } })
    t.equal((await put(call, 'notes', { text: 'Scris în ultima clipă.' })).status, 204)
    t.equal((await put(call, 'wrap-up', { ...form, subject: 'Ultima clipă' })).status, 204)
    const seen = await detail(call, mine)
    t.strictSame(
      seen.notes.map(({ text, later }) => [text, later]),
      [
        [`O notă despre ${number}`, false],
        ['Scris în ultima clipă.', true],
      ],
      'what was typed during the call stays',
    )
    t.match(seen.wrapUp, { subject: 'Ultima clipă', later: true })
    t.match(seen.wrapUps[0]?.earlier, [{ motivated: 'unstated', later: false }])
    for (const [path, body] of [
      ['notes', { text: 'vechi' }],
      ['wrap-up', unstated],
    ] as const)
      t.match(await put(call, path, body), {
        status: 409,
        json: { code: 'wrap-up-corrected', detail: /^Datele acestui apel/ },
      })
    t.match((await detail(call, mine)).wrapUp, { subject: 'Ultima clipă' })
  },
)

t.test('after the call nothing is written without the signed agreement', async (t) => {
  const dorin = { username: 'dorin', name: 'Dorin Pop', employer: 'Glas SRL', roles: ['agent' as const] }
  const added = await addAccount(db, { ...dorin, password }, quickHash)
  if (!added.ok) throw new Error(added.why)
  const as = cookieIn(await ask('POST', '/api/session', { body: { username: 'dorin', password } }))
  const call = await finishedCall(db, { agent: added.account.id, number })
  const body = { text: 'x' }
  const tries = [
    ['PUT', 'notes', body],
    ['PUT', 'wrap-up', form],
    ['POST', 'notes', body],
    ['POST', 'wrap-up/corrections', form],
  ] as const
  for (const [method, path, sent] of tries) {
    const answer = await ask(method, `/api/calls/${call}/${path}`, { as, body: sent })
    t.match(answer, { status: 403, json: { code: 'agreement-unsigned' } }, `${method} ${path}`)
  }
})

t.test('another’s call is refused with a sentence, to agents and supervisors', async (t) => {
  const call = await finishedCall(db, { agent, number })
  for (const as of [others, boss]) {
    const refused = await correct(call, as)
    t.equal(refused.status, 403)
    t.match(refused.json, { code: 'not-your-call', detail: 'Acest apel este al altui operator.' })
    t.equal((await ask('PUT', `/api/calls/${call}/wrap-up`, { as, body: form })).status, 403)
    t.equal((await ask('PUT', `/api/calls/${call}/notes`, { as, body: { text: 'x' } })).status, 403)
  }
  t.equal((await note(call, others)).status, 403)
  t.equal((await correct('none', mine)).status, 404)
})

t.test('after a day the form is closed, also to what saves as the agent types', async (t) => {
  const at = Date.now() - 23 * hourMs
  const call = await finishedCall(db, { agent, number, at })
  t.equal((await correct(call, mine, unstated)).status, 204, 'within the day')
  state.now = at + 60_000 + 24 * hourMs + 1
  t.teardown(() => (state.now = null))
  const refused = await correct(call, mine)
  t.equal(refused.status, 409)
  t.match(refused.json, { code: 'wrap-up-too-late', detail: /24 de ore/ })
  t.equal((await note(call, mine)).status, 409)
  t.equal((await ask('PUT', `/api/calls/${call}/wrap-up`, { as: mine, body: form })).status, 409)
  t.equal((await ask('PUT', `/api/calls/${call}/notes`, { as: mine, body: { text: 'x' } })).status, 409)
  t.notOk((await unfinished(mine)).includes(call), 'too late to complete')
  t.equal((await note(call, boss)).status, 204, 'a supervisor adds notes at any time')
})

t.test('a call that is on the desk still is not in the list and has its form there', async (t) => {
  const call = await finishedCall(db, { agent, number })
  const feed = await live(mine)
  const at = Date.now()
  line.emit(new Story('pbx1-99.9', at).arrives())
  line.emit(agentChange(agentAt(agent, at, { state: 'wrap-up', call, until: at + 9e4 })))
  await feed.next('agent', (view) => view.state === 'wrap-up')
  t.notOk((await unfinished(mine)).includes(call))
  t.match((await correct(call, mine)).json, { code: 'call-on-desk' })
  t.equal((await ask('PUT', `/api/calls/${call}/wrap-up`, { as: mine, body: form })).status, 204)
  t.match((await note(call, mine)).json, { code: 'call-on-desk' })
})

t.test('a call that only rings an agent is not theirs to write on', async (t) => {
  const feed = await live(others)
  const { id } = people.agent02
  const at = Date.now()
  const story = new Story('pbx1-99.8', at)
  const write = async () => [
    (await ask('PUT', `/api/calls/${story.id}/wrap-up`, { as: others, body: form })).status,
    (await ask('PUT', `/api/calls/${story.id}/notes`, { as: others, body: { text: 'x' } })).status,
    (await note(story.id, others)).status,
  ]
  const events = [story.arrives(), story.rings(id, at)]
  await writeEvents(db, events)
  line.emit(...events)
  line.emit(agentChange(agentAt(id, at, { state: 'offered', call: story.id })))
  await feed.next('agent', (view) => view.state === 'offered')
  t.strictSame(await write(), [403, 403, 403])
  t.match(await note(story.id, boss), { status: 409, json: { detail: /după sfârșitul lui/ } })
  line.emit(story.talks(id, at), agentChange(agentAt(id, at, { state: 'talking', call: story.id })))
  await feed.next('agent', (view) => view.state === 'talking')
  t.strictSame(await write(), [204, 204, 409], 'a note beside the typed ones is for later')
})

t.test('each agent of a call completes a form of their own', async (t) => {
  const call = await finishedCall(db, { first: agent, agent: people.agent02.id, number })
  t.ok((await unfinished(mine)).includes(call), 'the first agent is asked for theirs')
  t.equal((await correct(call, mine, { ...form, subject: 'Partea întâi' })).status, 204)
  t.notOk((await unfinished(mine)).includes(call))
  t.ok((await unfinished(others)).includes(call), 'the second agent’s is another form')
  const alone = await detail(call, boss)
  t.match(alone, { wrapUp: { subject: 'Partea întâi' }, agent: { name: 'Barbu Ionescu' } })
  t.match(alone.earlierAgents, [{ name: 'Ana Pop' }])
  t.equal((await correct(call, others, { ...form, subject: 'Partea a doua' })).status, 204)
  t.equal((await correct(call, mine, { ...form, subject: 'Partea întâi, corectată' })).status, 204)
  const both = await detail(call, mine)
  t.match(both.wrapUp, { subject: 'Partea a doua', agent: 'Barbu Ionescu' }, 'the last one who served counts')
  t.match(both.wrapUps, [
    { agent: { name: 'Barbu Ionescu' }, current: { subject: 'Partea a doua' }, earlier: [] },
    {
      agent: { name: 'Ana Pop' },
      current: { subject: 'Partea întâi, corectată' },
      earlier: [{ subject: 'Partea întâi' }],
    },
  ])
  const put = (as: string, subject: string) =>
    ask('PUT', `/api/calls/${call}/wrap-up`, { as, body: { ...form, subject } })
  t.equal((await put(mine, 'vechi')).json['code'], 'wrap-up-corrected')
  t.equal((await note(call, mine, 'De la mine')).status, 204)
  t.equal((await note(call, others, 'De la celălalt')).status, 204)
  t.strictSame(
    (await detail(call, boss)).notes
      .filter(({ later }) => later)
      .map(({ author, authorId }) => [author, authorId]),
    [
      ['Ana Pop', agent],
      ['Barbu Ionescu', people.agent02.id],
    ],
  )
})

t.test('the first agent’s day begins with the end of their own part', async (t) => {
  const at = Date.now() - 24 * hourMs - 30_000
  const call = await finishedCall(db, { first: agent, agent: people.agent02.id, number, at })
  // The first part was over after 30 seconds, the second one after 60.
  t.match((await correct(call, mine)).json, { code: 'wrap-up-too-late' })
  t.equal((await correct(call, others)).status, 204)
})

t.test('a form is asked for as soon as its agent’s part is over, while the call goes on', async (t) => {
  const feed = await live(mine)
  await feed.next('snapshot')
  const { id: first } = people.agent01
  const { id: second } = people.agent02
  const story = await handedOnCall(served, { first, second, number, afterwards: 'ready' })
  await feed.next('agent', (view) => view.state === 'ready')
  const asked = await unfinished(mine)
  t.equal(asked.filter((id) => id === story.id).length, 1)
  t.notOk((await unfinished(others)).includes(story.id), 'the second agent’s part goes on')
  t.equal((await correct(story.id, mine)).status, 204)
  t.notOk((await unfinished(mine)).includes(story.id))
})

for (const second of ['agent02', null] as const)
  t.test(
    `while the call goes on ${second === null ? 'in a queue' : 'with another agent'}, the first one finishes their part`,
    async (t) => {
      const feed = await live(mine)
      await feed.next('snapshot')
      const story = await handedOnCall(served, {
        first: agent,
        second: second === null ? null : people[second].id,
        number,
      })
      await feed.next('agent', (view) => view.state === 'wrap-up' && view.callId === story.id)
      const put = (path: string, body: object, as = mine) =>
        ask('PUT', `/api/calls/${story.id}/${path}`, { as, body })
      t.equal((await put('wrap-up', { ...form, subject: 'Predat' })).status, 204)
      t.equal((await put('notes', { text: 'Predat colegului.' })).status, 204)
      t.match((await correct(story.id, mine)).json, { code: 'call-on-desk' }, 'it is on their desk still')
      const now = await detail(story.id, mine)
      t.match(now, { endedAt: null, correctableUntil: null, wrapUp: { subject: 'Predat', later: false } })
      t.match(now.legs[0], { agent: { id: agent } })
      t.type(now.legs[0]?.until, 'string')
      if (second !== null) {
        t.match(now.legs[1], { agent: { id: people[second].id }, until: null })
        t.match((await detail(story.id, others)).notes, [{ text: 'Predat colegului.' }], 'seen at once')
        t.equal((await put('notes', { text: 'Preluat.' }, others)).status, 204)
        t.equal((await put('wrap-up', { ...form, subject: 'Preluat' }, others)).status, 204)
      } else t.equal((await put('notes', { text: 'x' }, others)).status, 403, 'no part in it')

      line.emit(agentChange(agentAt(agent, Date.now(), { state: 'ready', notBefore: 0 })))
      await feed.next('agent', (view) => view.state === 'ready')
      t.type((await detail(story.id, mine)).correctableUntil, 'string')
      t.equal((await put('notes', { text: 'Încă ceva.' })).status, 204, 'what the page sends late')
      t.equal((await correct(story.id, mine, { ...form, subject: 'Predat, corectat' })).status, 204)
      t.match((await detail(story.id, mine)).notes.at(-1), { text: 'Încă ceva.', later: true })
      const forms = (await detail(story.id, boss)).wrapUps.map(({ current }) => current.subject)
      t.strictSame(forms, second === null ? ['Predat, corectat'] : ['Preluat', 'Predat, corectat'])
      if (second !== null) t.match((await correct(story.id, others)).json, { code: 'call-on-desk' })
    },
  )
