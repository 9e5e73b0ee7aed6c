/** The identity check, from the search to the grant. */
import t from 'tap'
import { Value } from 'typebox/value'
import type { AgentId } from '../../../src/core/ids.ts'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'
import { personMark } from '../../../src/city/journal/person.ts'
import { grantFor } from '../../../src/http/identity/grants.ts'
import * as wire from '../../../src/http/identity/wire.ts'
import { FakeFiscal } from '../taxes/fake-fiscal.ts'
import {
  answered,
  answers,
  startConversation,
  questions,
  saidTo,
  search,
  type Asked,
} from '../conversation.ts'
import { serve, type Answer, type Served } from '../serve.ts'
import { aCnp, aCompany, anAccount, home, poor } from '../taxes/taxpayers.ts'

const personKey = 'marks the persons of the tests, long enough'

async function cityHall(t: Tap, account: TaxAccount = anAccount(), cnp = aCnp()) {
  const fiscal = new FakeFiscal({ [cnp]: account })
  const served = await serve(t, { fiscal })
  return {
    served,
    fiscal,
    account,
    cnp,
    form: { name: account.name, address: account.address, identifier: cnp },
  }
}
type Tap = Parameters<typeof serve>[0]

const handleOf = (answer: Answer): string => {
  if (answer.json['outcome'] !== 'match') throw new Error(`no match: ${answer.text}`)
  return String(answer.json['handle'])
}
const looksAt = async ({ db }: Served, cnp: string) =>
  db
    .selectFrom('journal_looks')
    .select(['kind', 'account', 'call', 'about', 'query'])
    .where('person', '=', personMark(personKey, cnp))
    .orderBy('index')
    .execute()
const stateOf = async (served: Served, as: string) => {
  const { json } = await served.ask('GET', '/api/identity', { as })
  return json as unknown as wire.IdentityState
}
const grantOf = ({ db, line, state, people }: Served, handle: string, agent: 'agent01' | 'agent02') => {
  const activeCall = async (id: AgentId) => line.activeCall(id)
  const askedAbout = async (id: AgentId) => line.askedAbout(id)
  return grantFor(
    { db, activeCall, askedAbout, now: () => state.now ?? Date.now() },
    people[agent].id,
    handle,
  )
}

t.test('a search and three right answers give a grant for this agent, call and taxpayer', async (t) => {
  const { served, account, cnp, form } = await cityHall(t)
  const { call, as } = await startConversation(served, 'agent01')
  const found = await search(served, as, form)
  t.ok(Value.Check(wire.SearchAnswer, found.json), found.text)
  const handle = handleOf(found)
  await t.rejects(grantOf(served, handle, 'agent01'), { code: 'no-grant' }, 'a match alone is no grant')
  t.match(await stateOf(served, as), { call, people: [{ handle, state: 'unasked', until: null }] })

  const asked = await questions(served, as, handle)
  t.ok(Value.Check(wire.QuestionsAnswer, asked.json), asked.text)
  t.match(asked.json, { state: 'asking', lastAttempt: false })
  const again = await questions(served, as, handle)
  t.same(again.json, asked.json, 'requested again after a reload: the same questions')
  t.match(await stateOf(served, as), { people: [{ state: 'asking' }] })

  const { check, questions: drawn } = asked.json as unknown as Asked
  const verdict = await answers(served, as, check, saidTo(drawn, account, 'right'))
  t.ok(Value.Check(wire.Verdict, verdict.json), verdict.text)
  t.match(verdict.json, { verdict: 'passed' })
  t.match(await grantOf(served, handle, 'agent01'), { call, taxpayer: account.taxpayer })
  t.match(await stateOf(served, as), { people: [{ state: 'granted', until: verdict.json['until'] }] })
  t.match((await questions(served, as, handle)).json, { state: 'granted' }, 'no further questions')

  const agent = served.people.agent01.id
  const looks = await looksAt(served, cnp)
  t.same(
    looks.map(({ kind, about }) => `${kind}: ${about.replace(handle, '…')}`),
    [
      'person-search: …',
      `question-set: check ${check}`,
      `question-set: check ${check}`,
      `verdict: check ${check} passed`,
      'question-set: … granted',
    ],
  )
  t.ok(looks.every((look) => look.call === call && look.account === agent && look.query === null))
})

t.test(
  'a search without a match gets the same answer whichever part was wrong, and is recorded',
  async (t) => {
    const { served, cnp, form } = await cityHall(t)
    const { as } = await startConversation(served, 'agent01')
    const other = aCnp()
    for (const body of [
      { ...form, identifier: other },
      { ...form, name: 'Ionescu Ion' },
      { ...form, name: 'Ion' },
      { ...form, address: 'Str. Gheorghe Lazăr nr. 14' },
      { ...form, address: 'Strada Lungă 12' },
    ]) {
      const answer = await search(served, as, body)
      t.same([answer.status, answer.json], [200, { outcome: 'no match' }], JSON.stringify(body))
    }
    t.equal((await looksAt(served, cnp)).length, 4)
    t.equal((await looksAt(served, other)).length, 1, 'also for a person who does not exist')
  },
)

t.test('names and addresses match in the spellings that people use', async (t) => {
  const { served, form } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  for (const body of [
    { ...form, name: 'ion POPESCU' },
    { ...form, address: 'lazar 12' },
    { ...form, address: 'strada Gheorghe Lazar, numarul 12, apartamentul 7' },
    { ...form, name: 'Popesku Ion', identifier: `  ${form.identifier} ` },
  ])
    handleOf(await search(served, as, body))
})

t.test('malformed search terms are refused at once and are not counted', async (t) => {
  const { served, fiscal, form } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  const codes = async (change: object) => (await search(served, as, { ...form, ...change })).json['code']
  t.equal(await codes({ identifier: '1850315351237' }), 'wrong-identifier')
  t.equal(
    await codes({ identifier: '2900229350012' }),
    'wrong-identifier',
    'a CNP with an impossible birth date',
  )
  t.equal(await codes({ identifier: '185031535' }), 'wrong-identifier')
  t.equal(await codes({ name: '1234' }), 'wrong-name')
  t.equal(await codes({ address: '12' }), 'wrong-address')
  t.equal(await codes({ name: '' }), 'validation')
  t.equal(await codes({ address: undefined }), 'validation')
  t.equal(await codes({ name: 'x'.repeat(300) }), 'validation')
  t.equal(await codes({ name: 'Ion\u0000' }), 'bad-text')
  t.equal(fiscal.asked, 0)
  t.match(await stateOf(served, as), { people: [] })
})

t.test(
  'after two failures in a call no third set is asked, about any person; the second set differs from the first',
  async (t) => {
    const { served, fiscal, account, form } = await cityHall(t)
    const { as } = await startConversation(served, 'agent01')
    const handle = handleOf(await search(served, as, form))
    const first = (await questions(served, as, handle)).json as unknown as Asked
    const wrong = await answers(served, as, first.check, saidTo(first.questions, account, 'wrong'))
    t.same(wrong.json, { verdict: 'failed', again: true })
    const second = await questions(served, as, handle)
    t.match(second.json, { state: 'asking', lastAttempt: true })
    const ids = (asked: Asked) => asked.questions.map(({ id }) => id).sort()
    t.notSame(ids(second.json as unknown as Asked), ids(first))
    const { check, questions: drawn } = second.json as unknown as Asked
    t.same((await answers(served, as, check, saidTo(drawn, account, 'wrong'))).json, {
      verdict: 'failed',
      again: false,
    })
    t.match((await questions(served, as, handle)).json, { state: 'refused', why: 'no attempts', lock: null })

    const other = aCnp()
    fiscal.taxpayers.set(other, anAccount())
    const elsewhere = handleOf(await search(served, as, { ...form, identifier: other }))
    t.match((await questions(served, as, elsewhere)).json, { state: 'refused', why: 'no attempts' })
    t.match(await stateOf(served, as), { people: [{ state: 'no attempts' }, { state: 'no attempts' }] })
    await t.rejects(grantOf(served, handle, 'agent01'), { code: 'no-grant' })
  },
)

t.test(
  'the first answers count: sending the same or other answers again gets the same verdict',
  async (t) => {
    const { served, account, form } = await cityHall(t)
    const { as } = await startConversation(served, 'agent01')
    const handle = handleOf(await search(served, as, form))
    const { check, questions: drawn } = (await questions(served, as, handle)).json as unknown as Asked
    const right = saidTo(drawn, account, 'right')
    const wrong = saidTo(drawn, account, 'wrong')
    t.same((await answers(served, as, check, wrong)).json, { verdict: 'failed', again: true })
    t.same((await answers(served, as, check, right)).json, { verdict: 'failed', again: true }, 'too late')
    const next = (await questions(served, as, handle)).json as unknown as Asked
    const both = await Promise.all([
      answers(served, as, next.check, saidTo(next.questions, account, 'right')),
      answers(served, as, next.check, saidTo(next.questions, account, 'wrong')),
    ])
    t.equal(
      new Set(both.map(({ json }) => json['verdict'])).size,
      1,
      'sent simultaneously: one verdict for both',
    )
  },
)

t.test('two pages that ask simultaneously get the same questions', async (t) => {
  const { served, form } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  const handle = handleOf(await search(served, as, form))
  const all = await Promise.all(Array.from({ length: 5 }, () => questions(served, as, handle)))
  t.equal(new Set(all.map(({ text }) => text)).size, 1)
})

t.test('outside of a call nothing can be searched, asked, judged or granted', async (t) => {
  const { served, account, form } = await cityHall(t)
  const refused = async (answer: Promise<Answer>, code: string) => t.equal((await answer).json['code'], code)
  const idle = await served.signIn('agent01')
  await refused(search(served, idle, form), 'not-in-a-call')
  t.same(await stateOf(served, idle), { call: null, people: [] })

  const first = await startConversation(served, 'agent01', { as: idle })
  const handle = handleOf(await search(served, idle, form))
  first.hangsUp()
  await refused(questions(served, idle, handle), 'not-in-a-call')
  const second = await startConversation(served, 'agent01', { as: idle })
  await refused(questions(served, idle, handle), 'no-such-match')
  const own = handleOf(await search(served, idle, form))
  const { check, questions: drawn } = (await questions(served, idle, own)).json as unknown as Asked
  second.hangsUp()
  await refused(answers(served, idle, check, saidTo(drawn, account, 'right')), 'not-in-a-call')
  const third = await startConversation(served, 'agent01', { as: idle })
  await refused(answers(served, idle, check, saidTo(drawn, account, 'right')), 'no-such-check')
  const last = handleOf(await search(served, idle, form))
  t.match((await answered(served, idle, last, account, 'right')).json, { verdict: 'passed' })
  t.ok(await grantOf(served, last, 'agent01'))
  await refused(questions(served, idle, '00000000-0000-0000-0000-000000000000'), 'no-such-match')
  third.hangsUp()
  await t.rejects(
    grantOf(served, last, 'agent01'),
    { code: 'not-in-a-call' },
    'the grant ended with the call',
  )
  await startConversation(served, 'agent01', { as: idle })
  await t.rejects(
    grantOf(served, last, 'agent01'),
    { code: 'no-such-match' },
    'and is not valid in the next call',
  )
})

t.test('a grant lasts a quarter of an hour; then new questions are asked', async (t) => {
  const { served, account, form } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  const handle = handleOf(await search(served, as, form))
  await answered(served, as, handle, account, 'right')
  served.state.now = Date.now() + 14 * 60_000
  t.ok(await grantOf(served, handle, 'agent01'))
  served.state.now = Date.now() + 15 * 60_000 + 1_000
  await t.rejects(grantOf(served, handle, 'agent01'), { code: 'no-grant' })
  t.match(await stateOf(served, as), { people: [{ state: 'run out' }] })
  t.match((await questions(served, as, handle)).json, { state: 'asking' })
})

t.test(
  'after two failures about another person no new questions are asked when the grant expires',
  async (t) => {
    const { served, fiscal, account, form } = await cityHall(t)
    const { as } = await startConversation(served, 'agent01')
    const handle = handleOf(await search(served, as, form))
    await answered(served, as, handle, account, 'right')
    const other = aCnp()
    const another = anAccount()
    fiscal.taxpayers.set(other, another)
    const elsewhere = handleOf(await search(served, as, { ...form, identifier: other }))
    for (const again of [true, false]) {
      t.match((await answered(served, as, elsewhere, another, 'wrong')).json, { verdict: 'failed', again })
    }
    t.ok(await grantOf(served, handle, 'agent01'), 'the existing grant stays valid')
    served.state.now = Date.now() + 15 * 60_000 + 1_000
    t.match((await questions(served, as, handle)).json, { state: 'refused', why: 'no attempts' })
    t.match(await stateOf(served, as), { people: [{ state: 'no attempts' }, { state: 'no attempts' }] })
  },
)

t.test('a transferred call keeps its grant once the receiving agent confirms the person', async (t) => {
  const { served, account, form } = await cityHall(t)
  const call = await startConversation(served, 'agent01')
  const handle = handleOf(await search(served, call.as, form))
  await answered(served, call.as, handle, account, 'right')
  const other = await served.signIn('agent02')
  const confirm = (as: string) => served.ask('POST', '/api/identity/confirmations', { as, body: { handle } })
  t.equal((await confirm(other)).json['code'], 'not-in-a-call', 'not before the agent has the call')
  call.goesTo('agent02')
  await t.rejects(grantOf(served, handle, 'agent01'), { code: 'not-in-a-call' })
  await t.rejects(grantOf(served, handle, 'agent02'), { code: 'no-grant' })
  t.match(await stateOf(served, other), { people: [{ handle, state: 'to confirm' }] })
  const confirmed = await confirm(other)
  t.match(confirmed.json, { people: [{ handle, state: 'granted' }] })
  t.ok(Value.Check(wire.IdentityState, confirmed.json))
  t.ok(await grantOf(served, handle, 'agent02'))
  t.equal((await confirm(other)).status, 200, 'repeating it changes nothing')
  call.goesTo('agent01')
  await t.rejects(
    grantOf(served, handle, 'agent01'),
    { code: 'no-grant' },
    'and after a transfer back only with another confirmation',
  )
})

t.test('a check goes along with the call: its grant, its open questions and its failures', async (t) => {
  const { served, fiscal, account, cnp, form } = await cityHall(t)
  const call = await startConversation(served, 'agent01')
  const handle = handleOf(await search(served, call.as, form))
  await answered(served, call.as, handle, account, 'right')
  const [open, another] = [aCnp(), anAccount()]
  fiscal.taxpayers.set(open, another)
  const begun = handleOf(await search(served, call.as, { ...form, identifier: open }))
  await answered(served, call.as, begun, another, 'wrong')
  const asked = (await questions(served, call.as, begun)).json as unknown as Asked
  const other = await served.signIn('agent02')
  call.waits()
  for (const [as, agent] of [
    [call.as, 'agent01'],
    [other, 'agent02'],
  ] as const) {
    await t.rejects(
      grantOf(served, handle, agent),
      { code: 'not-in-a-call' },
      `${agent}, while the caller waits`,
    )
    t.same(await stateOf(served, as), { call: null, people: [] })
  }
  call.goesTo('agent02')
  t.equal(
    (await answers(served, call.as, asked.check, saidTo(asked.questions, another, 'right'))).json['code'],
    'not-in-a-call',
    'the first agent judges nothing any more, in wrap-up either',
  )
  t.match(await stateOf(served, other), {
    people: [
      { handle: begun, state: 'asking', who: null },
      { handle, state: 'to confirm', who: null },
    ],
  })
  t.same((await questions(served, other, begun)).json, asked, 'the same questions, and the last attempt')
  t.match((await answers(served, other, asked.check, saidTo(asked.questions, another, 'wrong'))).json, {
    verdict: 'failed',
    again: false,
  })
  await served.ask('POST', '/api/identity/confirmations', { as: other, body: { handle } })
  t.match(await grantOf(served, handle, 'agent02'), { agent: served.people.agent02.id, call: call.call })
  const looks = await looksAt(served, cnp)
  t.match(looks.at(-1), { kind: 'verdict', account: served.people.agent02.id, call: call.call })
  t.match(
    (await looksAt(served, open)).map((look) => [look.kind, look.account]),
    [
      ['person-search', served.people.agent01.id],
      ['question-set', served.people.agent01.id],
      ['verdict', served.people.agent01.id],
      ['question-set', served.people.agent01.id],
      ['question-set', served.people.agent02.id],
      ['verdict', served.people.agent02.id],
    ],
    'each look under the agent who looked',
  )
})

t.test('a failed or unanswered check cannot be confirmed', async (t) => {
  const { served, account, form } = await cityHall(t)
  const call = await startConversation(served, 'agent01')
  const handle = handleOf(await search(served, call.as, form))
  await answered(served, call.as, handle, account, 'wrong')
  const other = await served.signIn('agent02')
  call.goesTo('agent02')
  const answer = await served.ask('POST', '/api/identity/confirmations', { as: other, body: { handle } })
  t.equal(answer.json['code'], 'no-grant')
})

t.test('while the fiscal database is not available, the answer is 503 and no attempt is lost', async (t) => {
  const { served, fiscal, account, cnp, form } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  const whileAway = async (ask: () => Promise<Answer>) => {
    fiscal.away = true
    t.match((await ask()).json, { status: 503, code: 'fiscal-away' })
    fiscal.away = false
    return ask()
  }
  const handle = handleOf(await whileAway(() => search(served, as, form)))
  const searches = (await looksAt(served, cnp)).filter(({ kind }) => kind === 'person-search')
  t.equal(searches.length, 2, 'the search is recorded although the database did not answer')
  const asked = await whileAway(() => questions(served, as, handle))
  const { check, questions: drawn } = asked.json as unknown as Asked
  const verdict = await whileAway(() => answers(served, as, check, saidTo(drawn, account, 'right')))
  t.match(verdict.json, { verdict: 'passed' })
  served.line.away = true
  t.match(
    (await search(served, as, form)).json,
    { status: 503, code: 'line-is-away' },
    'the same while the line is not available',
  )
})

t.test(
  'an account that changes after the questions voids them, which is not counted as an attempt',
  async (t) => {
    const { served, fiscal, account, cnp, form } = await cityHall(t)
    const { as } = await startConversation(served, 'agent01')
    const handle = handleOf(await search(served, as, form))
    const { check, questions: drawn } = (await questions(served, as, handle)).json as unknown as Asked
    const said = saidTo(drawn, account, 'right')
    fiscal.taxpayers.set(cnp, poorVersionOf(account))
    t.same((await answers(served, as, check, said)).json, { verdict: 'void' })
    t.match((await questions(served, as, handle)).json, { state: 'refused', why: 'too few facts' })
    fiscal.taxpayers.set(cnp, account)
    t.match((await questions(served, as, handle)).json, { state: 'asking', lastAttempt: false })
    fiscal.taxpayers.set(cnp, poorVersionOf(account))
    t.match((await questions(served, as, handle)).json, { why: 'too few facts' }, 'also for an open set')
    fiscal.taxpayers.delete(cnp)
    t.equal((await questions(served, as, handle)).json['code'], 'no-such-match')
  },
)

const poorVersionOf = ({ taxpayer, name, address }: TaxAccount): TaxAccount => ({
  ...poor(),
  taxpayer,
  name,
  address,
})

t.test('accounts without objects, of deceased persons, companies and foreigners', async (t) => {
  const { served, fiscal } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  const ask = async (account: TaxAccount, identifier: string) => {
    fiscal.taxpayers.set(identifier, account)
    const form = { name: account.name, address: account.address, identifier }
    return handleOf(await search(served, as, form))
  }
  t.same((await questions(served, as, await ask(poor(), aCnp()))).json, {
    state: 'refused',
    why: 'too few facts',
    lock: null,
  })
  const dead = anAccount({ deceased: '2025-02-03' })
  t.match((await questions(served, as, await ask(dead, aCnp()))).json, { state: 'refused', why: 'deceased' })
  const firm = aCompany()
  t.match((await answered(served, as, await ask(firm, '18547290'), firm, 'right')).json, {
    verdict: 'passed',
  })
  const foreigner = anAccount({ name: 'Müller-Straßburg Jürgen' })
  const handle = await ask(foreigner, aCnp('7'))
  t.match((await answered(served, as, handle, foreigner, 'right')).json, { verdict: 'passed' })
  const people = (await stateOf(served, as)).people
  t.equal(
    people.filter(({ state }) => state === 'granted').length,
    2,
    'a call may have grants for two persons',
  )
})

t.test('a call may search for eight persons at most', async (t) => {
  const { served, form } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  for (let time = 0; time < 8; time++) t.equal((await search(served, as, form)).status, 200)
  t.match((await search(served, as, form)).json, { status: 429, code: 'too-many-searches' })
  t.equal((await stateOf(served, as)).people.length, 1, 'repeated searches for one person are one entry')
})

t.test('each route is limited to its role', async (t) => {
  const { served, form } = await cityHall(t)
  for (const user of ['super', 'admin', 'audit'] as const) {
    const as = await served.signIn(user)
    t.equal((await search(served, as, form)).status, 403, user)
    t.equal((await served.ask('GET', '/api/identity', { as })).status, 403, user)
  }
  t.equal((await served.ask('POST', '/api/identity/searches', { body: form })).status, 401)
  t.equal(home.name, form.name)
})

t.test('a grant that ends while the fiscal database is asked shows nobody', async (t) => {
  const { served, fiscal, account, form } = await cityHall(t)
  const { as, hangsUp } = await startConversation(served, 'agent01')
  const handle = handleOf(await search(served, as, form))
  t.match((await answered(served, as, handle, account, 'right')).json, { verdict: 'passed' })
  t.match(await stateOf(served, as), { people: [{ state: 'granted', who: { initials: String } }] })
  const answerOf = fiscal.account.bind(fiscal)
  const meanwhile = async (work: () => void) => {
    fiscal.account = async (taxpayer, parts) => {
      work()
      return answerOf(taxpayer, parts)
    }
    return stateOf(served, as)
  }
  const late = Date.now() + 15 * 60_000 + 1_000
  t.match(await meanwhile(() => (served.state.now = late)), { people: [{ state: 'run out', who: null }] })
  served.state.now = null
  t.strictSame(await meanwhile(hangsUp), { call: null, people: [] })
})
