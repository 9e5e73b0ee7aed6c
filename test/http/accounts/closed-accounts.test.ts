/** Changes of accounts take effect on every node at once: two servers, one database, real notifications. */
import path from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { changeAccount } from '../../../src/people/account-changes.ts'
import { closeAccount } from '../../../src/people/accounts.ts'
import { openDirectory } from '../../../src/people/directory.ts'
import { endContract } from '../../../src/people/employers.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { serve } from '../serve.ts'

/** A session is read again every five seconds anyway; a notification must take effect sooner. */
const atOnceMs = 3_500

async function twoNodes(t: Test) {
  const { db, appUrl } = await testDatabase(t)
  const log = pino({ level: 'silent' })
  const node = async (name: string) => {
    const own = openTestDatabase(appUrl, 2)
    const copyFile = path.join(t.testdir({}), `${name}.json`)
    const accounts = await openDirectory({ db: own, databaseUrl: appUrl, copyFile, log })
    let heard = 0
    accounts.onAccountChange(() => (heard += 1))
    t.teardown(async () => {
      await accounts.stop()
      await own.destroy()
    })
    const served = await serve(t, { db, accounts, node: name })
    // LISTEN starts a moment later, which is itself reported as a change.
    await until(() => heard > 0)
    return served
  }
  return [await node('node1'), await node('node2')] as const
}

t.test('the end of a contract ends the sessions and feeds of its accounts on every node', async (t) => {
  const nodes = await twoNodes(t)
  const [one] = nodes
  const cookies = [await one.signIn('agent01'), await one.signIn('super')]
  const sessions = nodes.flatMap((node) => cookies.map((as) => ({ node, as })))
  const feeds = await Promise.all(sessions.map(({ node, as }) => node.live(as)))
  for (const feed of feeds) await feed.next('snapshot')
  for (const { node, as } of sessions) t.equal((await node.ask('GET', '/api/me', { as })).status, 200)
  const before = performance.now()
  const closed = Object.keys(one.people).length
  t.match(await endContract(one.db, 'Primăria', null), { ok: true, closed })
  await Promise.all(feeds.map((feed) => feed.end()))
  for (const { node, as } of sessions)
    await until(async () => (await node.ask('GET', '/api/me', { as })).status === 401, atOnceMs)
  t.ok(performance.now() - before < atOnceMs, `${Math.round(performance.now() - before)} ms`)
})

t.test('a removed role has no effect on any node, and feeds opened with it end', async (t) => {
  const [one, two] = await twoNodes(t)
  const as = await one.signIn('super')
  const path = `/api/agents/${one.people.agent01.id}/state`
  const may = async () => (await two.ask('PUT', path, { as, body: { state: 'paused' } })).status
  t.equal(await may(), 200)
  const feed = await two.live(as)
  await feed.next('snapshot')
  const { id, name, employer } = one.people.super
  await changeAccount(one.db, id, { name, employer, roles: ['editor'] }, one.people.admin.id)
  await feed.end()
  await until(async () => (await may()) === 403, atOnceMs)
  t.equal((await two.ask('GET', '/api/me', { as })).status, 200, 'the session itself continues')
})

t.test('other sessions are not disturbed', async (t) => {
  const [one, two] = await twoNodes(t)
  const as = await one.signIn('agent02')
  const feed = await two.live(as)
  await feed.next('snapshot')
  const gone = await one.signIn('agent01')
  t.equal(await closeAccount(one.db, one.people.agent01.id, null), 'closed')
  await until(async () => (await two.ask('GET', '/api/me', { as: gone })).status === 401, atOnceMs)
  t.notOk(feed.ended)
  t.equal((await two.ask('GET', '/api/me', { as })).status, 200)
})
