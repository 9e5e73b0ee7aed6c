/** The log of deliveries and replays: administrators alone, and nothing of a call or a citizen. */
import t from 'tap'
import { CallId } from '../../../src/core/ids.ts'
import type { AddedWebhookReceiver, WebhookDeliveries } from '../../../src/http/webhooks/wire.ts'
import { recordFailed, recordLast, type DeliveryTry } from '../../../src/ledger/webhooks/deliveries.ts'
import { serve, settings, type Served } from '../serve.ts'

const at = '/api/webhook-deliveries'
const crm = {
  name: 'CRM',
  url: 'https://crm.primaria.example/969',
  types: ['call.ended'],
  reason: 'contract CRM nr. 12',
}
const dayMs = 86_400_000

interface Logged {
  readonly receiver: string
  readonly no: number
  readonly outcome: 'delivered' | 'retrying' | 'given up'
  readonly at?: number
}

/** As the jobs write it. */
async function logged(
  { db }: Served,
  { receiver, no, outcome, at: when = Date.now() }: Logged,
): Promise<void> {
  const call = CallId(`pbx1-1790000000.${no}`)
  const facts = { id: -1, call, place: 1_000_000_000, what: 'end' as const, tries: 0, replay: false }
  const row = { ...facts, recordedAt: when }
  const one: DeliveryTry = {
    receiver,
    message: `evt_${String(no).padStart(32, '0')}`,
    type: 'call.ended',
    status: outcome === 'delivered' ? 204 : null,
    why: outcome === 'delivered' ? null : 'no answer in time',
    durationMs: 12,
    at: when,
  }
  if (outcome === 'retrying') await recordFailed(db, row, one, when + 60_000)
  else await recordLast(db, row, one, outcome)
}

async function receiver({ ask, signIn }: Served, name: string): Promise<string> {
  const as = await signIn('admin')
  const added = await ask('POST', '/api/webhook-receivers', { as, body: { ...crm, name } })
  if (added.status !== 201) throw new Error(added.text)
  return (added.json as unknown as AddedWebhookReceiver).id
}

t.test('the log is filtered by receiver and outcome, and read in pages', async (t) => {
  const served = await serve(t, {
    settings: { ...settings, webhook: { origin: 'https://x', withNumber: false } },
  })
  const { ask, signIn } = served
  const as = await signIn('admin')
  const one = await receiver(served, 'unu')
  for (let no = 1; no <= 4; no += 1)
    await logged(served, { receiver: one, no, outcome: no === 4 ? 'given up' : 'delivered' })
  await logged(served, { receiver: 'default', no: 5, outcome: 'retrying' })
  const list = async (query: string) =>
    (await ask('GET', `${at}?${query}`, { as })).json as unknown as WebhookDeliveries
  const all = await list('')
  t.match(all.items, [
    {
      receiver: { id: 'default', name: null },
      outcome: 'retrying',
      status: null,
      why: 'no answer in time',
      tries: 1,
    },
    { receiver: { id: one, name: 'unu' }, outcome: 'given up' },
    { outcome: 'delivered', type: 'call.ended', status: 204, why: null, durationMs: 12, replay: false },
    {},
    {},
  ])
  t.notMatch(JSON.stringify(all), 'pbx1', 'no call')
  t.equal((await list(`receiver=${one}`)).items.length, 4)
  t.equal((await list(`receiver=${one}&outcome=given+up`)).items.length, 1)
  t.equal((await list('receiver=default&outcome=delivered')).items.length, 0)
  const page = await list('limit=2')
  t.equal(page.next, page.items[1]?.id)
  t.equal((await list(`limit=3&before=${page.next}`)).items.length, 3)
  t.equal((await list(`limit=3&before=${page.next}`)).next, null)
  t.equal((await ask('GET', `${at}?outcome=lost`, { as })).status, 400)
  const receivers = await ask('GET', '/api/webhook-receivers', { as })
  t.match(receivers.json, { items: [{ id: one, failed: 1 }], fromSettings: { failed: 0 } })
})

t.test('a message is replayed, or all that failed since a moment', async (t) => {
  const served = await serve(t)
  const { ask, signIn, db } = served
  const as = await signIn('admin')
  const two = await receiver(served, 'doi')
  await logged(served, { receiver: two, no: 11, outcome: 'delivered' })
  await logged(served, { receiver: two, no: 12, outcome: 'given up', at: Date.now() - 3 * dayMs })
  await logged(served, { receiver: two, no: 13, outcome: 'given up' })
  const { items } = (await ask('GET', `${at}?receiver=${two}`, { as })).json as unknown as WebhookDeliveries
  const delivered = items.at(-1)!
  t.equal((await ask('POST', `${at}/${delivered.id}/replay`, { as })).status, 204)
  const since = new Date(Date.now() - dayMs).toISOString()
  const path = `/api/webhook-receivers/${two}/replay`
  t.match(await ask('POST', path, { as, body: { since } }), { status: 200, json: { messages: 1 } })
  const unsent = await db
    .selectFrom('webhook_unsent')
    .select(['call', 'replay'])
    .where('receiver', '=', two)
    .orderBy('id')
    .execute()
  t.strictSame(unsent, [
    { call: CallId('pbx1-1790000000.11'), replay: true },
    { call: CallId('pbx1-1790000000.13'), replay: true },
  ])
  t.match(await ask('POST', path, { as, body: { since: 'ieri' } }), { status: 400 })
  const gone = { status: 404, json: { code: 'no-such-delivery' } }
  t.match(await ask('POST', `${at}/999999/replay`, { as }), gone)
  t.match(await ask('POST', '/api/webhook-receivers/nobody/replay', { as, body: { since } }), {
    status: 404,
    json: { code: 'no-such-receiver' },
  })
  for (const person of ['agent01', 'super', 'audit', 'edit'] as const) {
    const other = await signIn(person)
    t.equal((await ask('GET', at, { as: other })).status, 403, person)
    t.equal((await ask('POST', `${at}/${delivered.id}/replay`, { as: other })).status, 403, person)
    t.equal((await ask('POST', path, { as: other, body: { since } })).status, 403, person)
  }
})
