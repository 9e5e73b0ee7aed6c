/** Failed checks: locked channels, unlocking by a supervisor, and alerts. */
import t from 'tap'
import { Value } from 'typebox/value'
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
import { serve, type Served } from '../serve.ts'
import { aCnp, anAccount } from '../taxes/taxpayers.ts'

type Tap = Parameters<typeof serve>[0]

let numbers = 0
const newNumber = (): string => `+4025612${4_000 + (numbers += 1)}`

async function cityHall(t: Tap) {
  const account = anAccount()
  const cnp = aCnp()
  const served = await serve(t, { fiscal: new FakeFiscal({ [cnp]: account }) })
  const form = { name: account.name, address: account.address, identifier: cnp }
  const agent = await served.signIn('agent01')
  const supervisor = await served.signIn('super')
  /** A call, from a number of its own if none is given, in which one attempt fails, or two. */
  const failingCall = async (number: string | null = newNumber(), attempts = 1) => {
    const line = await startConversation(served, 'agent01', { as: agent, number })
    const { json } = await search(served, agent, form)
    let verdict = await answered(served, agent, String(json['handle']), account, 'wrong')
    if (attempts > 1) verdict = await answered(served, agent, String(json['handle']), account, 'wrong')
    line.hangsUp()
    return { call: line.call, verdict: verdict.json }
  }
  return { served, account, form, agent, supervisor, failingCall }
}

const lockList = async ({ ask }: Served, as: string) => {
  const answer = await ask('GET', '/api/identity/locks', { as })
  if (!Value.Check(wire.LockList, answer.json)) throw new Error(answer.text)
  return answer.json.items
}

t.test('three failed calls lock the channel; a supervisor unlocks it with a reason', async (t) => {
  const { served, account, form, agent, supervisor, failingCall } = await cityHall(t)
  const failed = [await failingCall(), await failingCall(), await failingCall()]
  t.match(
    failed.map(({ verdict }) => verdict),
    [{ again: true }, { again: true }, { again: false }],
  )
  await startConversation(served, 'agent01', { as: agent })
  const handle = String((await search(served, agent, form)).json['handle'])
  const refused = await questions(served, agent, handle)
  t.match(refused.json, { state: 'refused', why: 'locked' })
  const [lock] = await lockList(served, supervisor)
  t.equal(refused.json['lock'], lock?.id, 'the lock’s number, by which agent and supervisor refer to it')
  t.same(
    lock?.calls.map(({ id }) => id),
    failed.map(({ call }) => call),
  )
  t.match(lock, {
    unlocked: null,
    until: null,
    calls: [{ agent: { name: 'Ana Pop' }, caller: /^\+40256124/ }],
  })

  const open = (as: string, id: number, reason: string) =>
    served.ask('POST', `/api/identity/locks/${id}/unlock`, { as, body: { reason } })
  const id = lock?.id ?? 0
  t.equal((await open(agent, id, 'a rugat')).status, 403, 'agents cannot unlock')
  t.equal((await open(supervisor, id, '')).json['code'], 'validation')
  t.equal((await open(supervisor, id, '    ')).json['code'], 'no-reason')
  t.equal((await open(supervisor, 999_999, 'nu există')).json['code'], 'not-locked')
  t.equal((await open(supervisor, id, 'S-a prezentat la ghișeu cu cartea de identitate')).status, 204)
  t.equal((await open(supervisor, id, 'încă o dată')).json['code'], 'not-locked')
  const [opened] = await lockList(served, supervisor)
  t.match(opened?.unlocked, { by: { name: 'Carmen Sârbu' }, reason: /ghișeu/ })
  t.match((await answered(served, agent, handle, account, 'right')).json, { verdict: 'passed' })
})

t.test('after an unlock it takes three new failures to lock again', async (t) => {
  const { served, supervisor, failingCall } = await cityHall(t)
  for (let call = 0; call < 3; call++) await failingCall()
  const [lock] = await lockList(served, supervisor)
  await served.ask('POST', `/api/identity/locks/${lock?.id}/unlock`, {
    as: supervisor,
    body: { reason: 'verificat' },
  })
  t.match((await failingCall()).verdict, { again: true })
  t.match((await failingCall()).verdict, { again: true })
  t.match((await failingCall()).verdict, { again: false })
  const closed = (await lockList(served, supervisor)).filter(({ unlocked }) => unlocked === null)
  t.equal(closed.length, 1)
  t.not(closed[0]?.id, lock?.id)
  t.equal(closed[0]?.calls.length, 3, 'only the calls after the unlock')
})

t.test('a passed check in the same call cancels its failure', async (t) => {
  const { served, account, form, agent } = await cityHall(t)
  for (let time = 0; time < 4; time++) {
    const line = await startConversation(served, 'agent01', { as: agent })
    const handle = String((await search(served, agent, form)).json['handle'])
    await answered(served, agent, handle, account, 'wrong')
    t.match((await answered(served, agent, handle, account, 'right')).json, { verdict: 'passed' })
    line.hangsUp()
  }
  await startConversation(served, 'agent01', { as: agent })
  const handle = String((await search(served, agent, form)).json['handle'])
  t.match((await questions(served, agent, handle)).json, { state: 'asking' })
})

t.test('questions that were open when another call locked the channel cannot be passed', async (t) => {
  const { served, account, form, failingCall } = await cityHall(t)
  const other = await startConversation(served, 'agent02')
  const handle = String((await search(served, other.as, form)).json['handle'])
  const { check, questions: drawn } = (await questions(served, other.as, handle)).json as unknown as Asked
  for (let call = 0; call < 3; call++) await failingCall()
  const verdict = await answers(served, other.as, check, saidTo(drawn, account, 'right'))
  t.same(verdict.json, { verdict: 'failed', again: false })
})

t.test('three simultaneous failures in three calls create one lock', async (t) => {
  const { served, account, form, supervisor, failingCall } = await cityHall(t)
  await failingCall()
  const before = (await lockList(served, supervisor)).length
  const two = await Promise.all(
    (['agent01', 'agent02'] as const).map(async (user) => {
      const line = await startConversation(served, user)
      const handle = String((await search(served, line.as, form)).json['handle'])
      const { check, questions: drawn } = (await questions(served, line.as, handle)).json as unknown as Asked
      return () => answers(served, line.as, check, saidTo(drawn, account, 'wrong'))
    }),
  )
  await Promise.all(two.map((answer) => answer()))
  t.equal((await lockList(served, supervisor)).length, before + 1)
})

t.test('many failures of one agent or from one number raise an alert without a name', async (t) => {
  const { served, supervisor, failingCall } = await cityHall(t)
  const number = '+40721555111'
  for (let call = 0; call < 2; call++) await failingCall(number, 2)
  const answer = await served.ask('GET', '/api/identity/alerts', { as: supervisor })
  t.ok(Value.Check(wire.AlertList, answer.json), answer.text)
  const { numbers, closed } = answer.json as unknown as wire.AlertList
  t.same(
    numbers.find((one) => one.number === number),
    { number, failed: 4, persons: 1, fruitless: 0 },
  )
  t.ok(closed >= 1)
  const metrics = await served.ask('GET', '/metrics')
  t.match(metrics.text, /linia_identity_verdicts_total\{verdict="failed"\} 4/)
  t.match(metrics.text, /linia_identity_alerts_total\{kind="number"\} 2/)
  t.notOk(
    served.log.some((line) => line.includes(number)),
    'the number is in no log',
  )
  t.ok(served.log.some((line) => line.includes('many identity checks fail from one number')))
  for (const user of ['agent01', 'admin', 'audit'] as const) {
    const as = await served.signIn(user)
    t.equal((await served.ask('GET', '/api/identity/alerts', { as })).status, 403, user)
    t.equal((await served.ask('GET', '/api/identity/locks', { as })).status, 403, user)
  }
})
