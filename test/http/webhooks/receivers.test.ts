/** Receivers of webhooks: administrators alone, a secret in one answer alone. */
import t from 'tap'
import type {
  AddedWebhookReceiver,
  WebhookReceivers,
  WebhookSecret,
} from '../../../src/http/webhooks/wire.ts'
import { serve, settings, type Person, type Served } from '../serve.ts'

const at = '/api/webhook-receivers'
const crm = {
  name: 'CRM',
  url: 'https://crm.primaria.example/969',
  types: ['call.ended'],
  reason: 'contract CRM nr. 12',
}

async function receivers({ ask, signIn }: Served): Promise<WebhookReceivers> {
  return (await ask('GET', at, { as: await signIn('admin') })).json as unknown as WebhookReceivers
}

async function added(served: Served, change: object = {}): Promise<AddedWebhookReceiver> {
  const body = { ...crm, ...change }
  const answer = await served.ask('POST', at, { as: await served.signIn('admin'), body })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.json as unknown as AddedWebhookReceiver
}

t.test('a receiver is added, changed and ended; its secret is in one answer alone', async (t) => {
  const served = await serve(t)
  const { ask, signIn, log } = served
  const as = await signIn('admin')
  const { id, secret } = await added(served)
  t.match(secret, /^whsec_[A-Za-z\d+/]{43}=$/)
  const listed = await ask('GET', at, { as })
  t.match(listed.json, {
    items: [
      {
        id,
        name: 'CRM',
        url: crm.url,
        types: ['call.ended'],
        changedBy: 'Dan Țepeș',
        reason: crm.reason,
        secretLost: false,
        unsent: 0,
        late: 0,
        oldestAt: null,
      },
    ],
    fromSettings: null,
  })
  const [{ version } = { version: 0 }] = (await receivers(served)).items
  const moved = { ...crm, url: 'https://crm2.primaria.example/969', reason: 'mutat', version }
  t.equal((await ask('PUT', `${at}/${id}`, { as, body: moved })).status, 204)
  t.match(
    await ask('PUT', `${at}/${id}`, { as, body: moved }),
    { status: 409, json: { code: 'receiver-changed' } },
    'the version has been changed meanwhile',
  )
  const next = (await receivers(served)).items[0]!
  t.match(next, { url: moved.url, reason: 'mutat' })
  const renewing = { as, body: { version: next.version, reason: 'pierdut' } }
  const renewed = await ask('POST', `${at}/${id}/secret`, renewing)
  t.equal(renewed.status, 201)
  const { secret: second } = renewed.json as unknown as WebhookSecret
  t.not(second, secret)
  t.match(await ask('POST', `${at}/${id}/secret`, renewing), { status: 409 })
  const everything = `${(await ask('GET', at, { as })).text}\n${log.join('\n')}`
  for (const one of [secret, second]) t.notMatch(everything, one)
  t.notMatch(log.join('\n'), 'primaria.example', 'the path of an address can be a secret of its own')
  const { version: last } = (await receivers(served)).items[0]!
  const ending = { as, body: { version: last, reason: 'nu mai e folosit' } }
  t.equal((await ask('POST', `${at}/${id}/end`, ending)).status, 204)
  t.strictSame((await receivers(served)).items, [])
  t.match(await ask('POST', `${at}/${id}/end`, ending), { status: 404, json: { code: 'no-such-receiver' } })
})

t.test('administrators alone, whatever is asked', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const { id } = await added(served)
  const body = { version: 1, reason: 'x' }
  const asked: readonly (readonly [string, string, object?])[] = [
    ['GET', at],
    ['POST', at, crm],
    ['PUT', `${at}/${id}`, { ...crm, version: 1 }],
    ['POST', `${at}/${id}/secret`, body],
    ['POST', `${at}/${id}/end`, body],
  ]
  for (const person of ['agent01', 'super', 'audit', 'edit'] as const satisfies readonly Person[]) {
    const as = await signIn(person)
    for (const [method, path, sent] of asked) {
      const answer = await ask(method, path, sent === undefined ? { as } : { as, body: sent })
      t.equal(answer.status, 403, `${person}: ${method} ${path}`)
    }
  }
  for (const [method, path, sent] of asked)
    t.equal((await ask(method, path, sent === undefined ? {} : { body: sent })).status, 401)
  const [{ version } = { version: 0 }] = (await receivers(served)).items
  const ending = { version, reason: 'sfârșit' }
  await ask('POST', `${at}/${id}/end`, { as: await signIn('admin'), body: ending })
})

t.test('addresses, events and reasons that cannot be are refused in words', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const as = await signIn('admin')
  for (const change of [
    { url: 'http://crm.primaria.example/969' },
    { url: 'https://ana:parola@crm.primaria.example/969' },
    { url: 'https://169.254.169.254/latest' },
    { url: 'crm' },
    { types: [] },
    { types: ['call.deleted'] },
    { types: ['call.ended', 'call.ended'] },
    { name: ' ' },
    { reason: ' ' },
  ]) {
    const answer = await ask('POST', at, { as, body: { ...crm, ...change } })
    t.match(answer, { status: 400, json: { code: 'validation' } }, JSON.stringify(change))
  }
  const wrong = await ask('POST', at, { as, body: { ...crm, url: 'crm' } })
  t.match(wrong.json, { errors: [{ field: 'url' }] })
  const { id } = await added(served)
  t.match(await ask('POST', at, { as, body: crm }), { status: 409, json: { code: 'receiver-name-taken' } })
  const [{ version } = { version: 0 }] = (await receivers(served)).items
  t.equal((await ask('PUT', `${at}/${id}`, { as, body: { ...crm, url: 'crm', version } })).status, 400)
  for (let no = 1; no < 10; no += 1) await added(served, { name: `nr. ${no}` })
  t.match(await ask('POST', at, { as, body: { ...crm, name: 'zece' } }), {
    status: 409,
    json: { code: 'too-many-receivers' },
  })
})

t.test('the receiver of the settings is shown, without its path', async (t) => {
  const webhook = { origin: 'https://crm.primaria.example', withNumber: true }
  const served = await serve(t, { settings: { ...settings, webhook } })
  t.match((await receivers(served)).fromSettings, { ...webhook, unsent: 0, late: 0, oldestAt: null })
})
