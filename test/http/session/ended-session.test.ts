/** Whether the call of a session that has ended may go on: asked by the gate of the browser phones, and by the page. */
import t from 'tap'
import { CallId } from '../../../src/core/ids.ts'
import { phoneSocket } from '../../../src/http/session/wire.ts'
import { FakeAcd } from '../fake-acd.ts'
import { cookieIn, password, serve } from '../serve.ts'
import { testDatabase } from '../../support/postgres.ts'
import { agentAt, agentChange } from '../states.ts'
import { until } from '../../support/until.ts'

t.test('the call of an ended session goes on; not after a reset, nor of a closed account', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn, people, line } = await serve(t, { db })
  const talks = (who: 'agent01' | 'agent02') =>
    line.emit(agentChange(agentAt(people[who].id, Date.now(), { state: 'talking', call: CallId('c1') })))
  const may = async (as: string) => (await ask('GET', phoneSocket.callPath, { as })).status
  const socket = (as: string) => ask('GET', phoneSocket.path, { as })

  t.equal(await may(''), 409, 'without a session')
  t.equal(await may('linia=forged'), 409)
  const ana = await signIn('agent01')
  const open = await socket(ana)
  t.equal(open.status, 204)
  t.equal(open.headers.get(phoneSocket.accountHeader), people.agent01.id)
  const until13h = Number(open.headers.get(phoneSocket.untilHeader)) - Date.now()
  t.ok(Math.abs(until13h - 13 * 3_600_000) < 60_000, 'with the end of the session')
  t.equal(await may(ana), 409, 'no conversation')

  talks('agent01')
  await until(async () => (await may(ana)) === 204)
  const left = await ask('DELETE', '/api/session', { as: ana })
  t.same(left.headers.getSetCookie(), [], 'a talking agent keeps the cookie, which opens nothing')
  t.equal((await socket(ana)).status, 401, 'no new connection')
  t.equal((await ask('GET', '/api/me', { as: ana })).status, 401)
  talks('agent01')
  await until(async () => (await may(ana)) === 204)

  line.emit(agentChange(agentAt(people.agent01.id, Date.now(), { state: 'paused', reason: 'break' })))
  await until(async () => (await may(ana)) === 409)

  talks('agent01')
  await until(async () => (await may(ana)) === 204)
  const admin = await signIn('admin')
  const reset = await ask('POST', `/api/accounts/${people.agent01.id}/activation`, { as: admin })
  t.equal(await may(ana), 204, 'a reset waits for the second person')
  const { account } = reset.json as unknown as { account: { proposal: { id: number } } }
  const path = `/api/account-proposals/${account.proposal.id}/confirm`
  t.equal((await ask('POST', path, { as: await signIn('super') })).status, 200)
  t.equal(await may(ana), 409, 'the account was reset')

  const barbu = await signIn('agent02')
  talks('agent02')
  await until(async () => (await may(barbu)) === 204)
  await ask('POST', `/api/accounts/${people.agent02.id}/close`, { as: admin })
  t.equal(await may(barbu), 409, 'the account was closed')
})

t.test('a node that has read no states yet does not say that the call is over', async (t) => {
  const { db } = await testDatabase(t)
  const feed = new FakeAcd()
  feed.break()
  const { ask, signIn, people } = await serve(t, { db, feed })
  const may = async (as: string) => (await ask('GET', phoneSocket.callPath, { as })).status
  const ana = await signIn('agent01')
  const left = await ask('DELETE', '/api/session', { as: ana })
  t.same(left.headers.getSetCookie(), [], 'the cookie stays, so that the call can be asked about')
  t.equal((await ask('GET', '/api/me', { as: ana })).status, 401)
  const talking = agentAt(people.agent01.id, Date.now(), { state: 'talking', call: CallId('c1') })
  feed.emit(agentChange(talking))
  t.equal(await may(''), 409, 'without a session there is nothing to wait for')
  t.equal(await may(ana), 503, 'the gate asks another node, or again')
  feed.mend()
  await until(async () => (await may(ana)) === 204)
  feed.emit(agentChange(agentAt(people.agent01.id, Date.now(), { state: 'paused', reason: 'break' })))
  await until(async () => (await may(ana)) === 409)
})

t.test('an agent without a conversation loses the cookie with the session', async (t) => {
  const { ask, line } = await serve(t)
  await until(() => line.snapshots > 0)
  const answer = await ask('POST', '/api/session', { body: { username: 'agent02', password } })
  const left = await ask('DELETE', '/api/session', { as: cookieIn(answer) })
  t.match(left.headers.getSetCookie()[0], /^linia=;/)
})
