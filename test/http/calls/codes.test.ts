/** Codes of wrap-ups through the API: the list to choose from, the form, the call, the filter. */
import t from 'tap'
import type { CallDetail } from '../../../src/http/calls/wire.ts'
import type { WrapUpCodeSetting } from '../../../src/core/configuration/schema.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { finishedCall } from '../access/finished-call.ts'
import { serve } from '../serve.ts'

const { ask, signIn, db, people } = await serve(t)
const [mine, boss, administrator] = [await signIn('agent01'), await signIn('super'), await signIn('admin')]
const agent = people.agent01.id
const number = '+40722300700'
const form = { subject: '', motivated: 'yes', reason: null, resolution: 'registered' } as const

const codes: WrapUpCodeSetting[] = [
  { id: 'auto', name: 'Mașini', under: 'taxe' },
  { id: 'taxe', name: 'Taxe', nameEn: 'Taxes', queues: ['general'] },
  { id: 'acte', name: 'Acte' },
]
const publish = (of: WrapUpCodeSetting[]) =>
  changeConfiguration(db, (document) => ({ ...document, codes: of }))
const put = (call: string, code: unknown) =>
  ask('PUT', `/api/calls/${call}/wrap-up`, { as: mine, body: { ...form, code } })
const correct = (call: string, code: unknown) =>
  ask('POST', `/api/calls/${call}/wrap-up/corrections`, { as: mine, body: { ...form, code } })
const detail = async (call: string) =>
  (await ask('GET', `/api/calls/${call}`, { as: mine })).json as unknown as CallDetail
const found = async (code: string) => {
  const { status, json } = await ask('GET', `/api/calls?code=${code}`, { as: boss })
  return status === 200 ? (json['items'] as { id: string }[]).map(({ id }) => id) : status
}

await t.test('a new installation has no codes, and its forms none', async (t) => {
  t.same((await ask('GET', '/api/wrap-up-codes', { as: mine })).json, { items: [] })
  t.match(await ask('GET', '/api/wrap-up-codes'), { status: 401 })
  const call = await finishedCall(db, { agent, number })
  t.match(await put(call, 'taxe'), { status: 400, json: { code: 'validation', errors: [{ field: 'code' }] } })
  t.equal((await ask('PUT', `/api/calls/${call}/wrap-up`, { as: mine, body: form })).status, 204)
  t.equal((await detail(call)).wrapUp?.code, null, 'a page of an earlier release sends none')
})

await t.test('everybody signed in reads the codes, in the order of the tree', async (t) => {
  await publish(codes)
  const items = [
    { id: 'taxe', path: 'Taxe', pathEn: 'Taxes', queues: ['general'] },
    { id: 'auto', path: 'Taxe › Mașini', pathEn: 'Taxes › Mașini', queues: ['general'] },
    { id: 'acte', path: 'Acte', pathEn: 'Acte', queues: null },
  ]
  for (const as of [mine, boss, administrator])
    t.same((await ask('GET', '/api/wrap-up-codes', { as })).json, { items })
})

await t.test('a form keeps its code with the path of then, in each version', async (t) => {
  await publish(codes)
  const call = await finishedCall(db, { agent, number })
  t.equal((await put(call, 'auto')).status, 204)
  await publish(codes.map((code) => (code.id === 'taxe' ? { ...code, name: 'Impozite' } : code)))
  t.equal((await correct(call, 'auto')).status, 204)
  t.equal((await correct(call, null)).status, 204)
  const { wrapUp, wrapUps } = await detail(call)
  t.equal(wrapUp?.code, null)
  t.match(wrapUps[0]?.earlier, [
    { code: { id: 'auto', name: 'Impozite › Mașini' } },
    { code: { id: 'auto', name: 'Taxe › Mașini' } },
  ])
})

await t.test('a code that was removed meanwhile is taken, one that never was is refused', async (t) => {
  await publish(codes)
  await publish(codes.filter(({ id }) => id !== 'auto'))
  const call = await finishedCall(db, { agent, number })
  t.equal((await put(call, 'auto')).status, 204)
  t.same((await detail(call)).wrapUp?.code, { id: 'auto', name: 'Taxe › Mașini' })
  for (const code of ['never', 'Taxe', '', 7, { id: 'taxe' }])
    for (const send of [put, correct])
      t.match(
        await send(call, code),
        { status: 400, json: { errors: [{ field: 'code' }] } },
        JSON.stringify(code),
      )
  t.same((await detail(call)).wrapUp?.code, { id: 'auto', name: 'Taxe › Mașini' }, 'nothing was written')
})

await t.test('the list of calls is filtered by a code with those below it', async (t) => {
  await publish(codes)
  const [cars, taxes] = [await finishedCall(db, { agent, number }), await finishedCall(db, { agent, number })]
  await correct(cars, 'auto')
  await correct(taxes, 'taxe')
  const [below, all] = [await found('auto'), await found('taxe')]
  t.ok(Array.isArray(below) && below.includes(cars) && !below.includes(taxes))
  t.ok(Array.isArray(all) && all.includes(cars) && all.includes(taxes))
  await publish(codes.filter(({ id }) => id !== 'auto'))
  t.same(await found('auto'), below, 'one that is gone is found by itself')
  t.same(await found('acte'), [])
  t.equal(await found('Taxe'), 400)
})
