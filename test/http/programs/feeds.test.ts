/** The live feed of a program: no page of an agent, and none beyond its term or the signed agreement. */
import t from 'tap'
import { agreementVersions, publishAgreement } from '../../../src/ledger/agreement/agreements.ts'
import { serve, sign, type Served } from '../serve.ts'
import { until } from '../../support/until.ts'

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

async function tokenFor(
  { ask, signIn, people }: Served,
  name: 'super' | 'agent01',
  scopes = ['live:read', 'calls:read', 'configuration:read'],
): Promise<string> {
  const body = { program: 'CRM', scopes, days: 30, account: people[name].id }
  const made = await ask('POST', '/api/programs', { as: await signIn('admin'), body })
  const accept = `/api/me/programs/${(made.json as { id: number }).id}/acceptance`
  return ((await ask('POST', accept, { as: await signIn(name) })).json as { token: string }).token
}

async function feedOf({ url }: Served, token: string): Promise<{ ended: boolean }> {
  const feed = { ended: false }
  const { status, body } = await fetch(`${url}/api/live`, bearer(token))
  if (status !== 200 || body === null) throw new Error(`no feed: ${status}`)
  void (async () => {
    for await (const _ of body);
    feed.ended = true
  })()
  return feed
}

t.test('a program takes no page from the agent in whose name it asks', async (t) => {
  const served = await serve(t)
  const { ask, signIn, live, line } = served
  const token = await tokenFor(served, 'agent01')
  const page = await live(await signIn('agent01'), '?instance=1a2b3c4d-0000-4000-8000-000000000001')
  await page.next('beat')
  const opened = line.asked.length
  const other = '/api/live?instance=1a2b3c4d-0000-4000-8000-000000000002'
  t.match(await ask('GET', other, bearer(token)), {
    status: 400,
    json: { code: 'validation', errors: [{ field: 'instance' }] },
  })
  t.equal(line.asked.length, opened, 'the desk was told nothing')
  t.equal(page.ended, false)
})

t.test('the feed of a program ends at its term', async (t) => {
  const served = await serve(t)
  const feed = await feedOf(served, await tokenFor(served, 'super'))
  served.state.now = Date.now() + 30 * 86_400_000 + 1_000
  await until(() => feed.ended)
  t.equal(feed.ended, true)
})

t.test('a program sees nothing without the agreement signed in its present version', async (t) => {
  const served = await serve(t)
  const { ask, db, people } = served
  const token = await tokenFor(served, 'super')
  const feed = await feedOf(served, token)
  const [{ version, text } = { version: 0, text: '' }] = await agreementVersions(db, 1)
  t.equal(
    await publishAgreement(db, { after: version, text: `${text} Și programele.`, by: people.admin.id }),
    'published',
  )
  t.teardown(() => sign(db, people.super))
  await until(() => feed.ended)
  for (const path of ['/api/live', '/api/calls', '/api/calls/pbx1-1.1'])
    t.match(
      await ask('GET', path, bearer(token)),
      { status: 403, json: { code: 'agreement-unsigned' } },
      path,
    )
  t.equal((await ask('GET', '/api/queues', bearer(token))).status, 200, 'no data of the city')
})
