import t from 'tap'
import { Value } from 'typebox/value'
import { CallDetail } from '../../../src/http/calls/wire.ts'
import { BlockedCallers } from '../../../src/http/blocked-callers/wire.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { serve, testContacts } from '../serve.ts'
import { Story } from '../states.ts'

const number = '0722 000 111'

t.test('a supervisor blocks a number, reads the list and ends the block', async (t) => {
  const { ask, signIn, people, db } = await serve(t)
  const as = await signIn('super')
  const block = (change: object = {}) =>
    ask('POST', '/api/blocked-callers', { as, body: { number, reason: ' amenințări ', days: 30, ...change } })
  t.equal((await block()).status, 204)
  const { json } = await ask('GET', '/api/blocked-callers', { as })
  t.ok(Value.Check(BlockedCallers, json))
  const { items } = json as unknown as BlockedCallers
  const [item] = items
  if (item === undefined) throw new Error('no block')
  t.match(item, { number: '+40722000111', reason: 'amenințări', by: { id: people.super.id } })
  t.equal(Math.round((Date.parse(item.until) - Date.now()) / 86_400_000), 30)
  t.match(await block({ number: '+40 722 000 111' }), { status: 409, json: { code: 'already-blocked' } })
  const looks = await db.selectFrom('journal_looks').select(['kind', 'account', 'about']).execute()
  t.strictSame(looks, [{ kind: 'call-list', account: people.super.id, about: 'blocked callers' }])
  t.equal((await ask('DELETE', `/api/blocked-callers/${item.id}`, { as })).status, 204)
  for (const id of [item.id, 999_999])
    t.match(await ask('DELETE', `/api/blocked-callers/${id}`, { as }), {
      status: 404,
      json: { code: 'not-blocked' },
    })
  t.strictSame((await ask('GET', '/api/blocked-callers', { as })).json, { items: [] })
})

t.test('what cannot be blocked, with a sentence why; what is not complete', async (t) => {
  const { ask, signIn, db } = await serve(t)
  const as = await signIn('super')
  const block = (change: object) =>
    ask('POST', '/api/blocked-callers', { as, body: { number, reason: 'x', days: 1, ...change } })
  const contact = testContacts[0]?.number ?? ''
  const kept = () => db.selectFrom('caller_blocks').select('id').execute()
  const before = await kept()
  for (const [typed, detail] of [
    ['anonymous', /ascuns/],
    ['0722x000111', /toate cifrele/],
    ['112', /112/],
    ['969', /al primăriei/],
    [contact, /contacte/],
  ] as const)
    t.match(await block({ number: typed }), { status: 409, json: { code: 'not-blockable', detail } }, typed)
  for (const wrong of [
    { reason: '' },
    { reason: '  ' },
    { reason: 'x'.repeat(201) },
    { days: 0 },
    { days: 366 },
    { days: 1.5 },
    { number: '' },
  ])
    t.equal((await block(wrong)).status, 400, JSON.stringify(wrong))
  t.strictSame(await kept(), before)
})

t.test('nobody but a supervisor reads or changes the blocks', async (t) => {
  const { ask, signIn } = await serve(t)
  for (const person of ['agent01', 'audit', 'admin', 'edit'] as const) {
    const as = await signIn(person)
    t.equal((await ask('GET', '/api/blocked-callers', { as })).status, 403, person)
    const body = { number, reason: 'x', days: 1 }
    t.equal((await ask('POST', '/api/blocked-callers', { as, body })).status, 403, person)
    t.equal((await ask('DELETE', '/api/blocked-callers/1', { as })).status, 403, person)
  }
})

t.test('a call that a block turned away has its reason, for supervisors and auditors', async (t) => {
  const { ask, signIn, people, db } = await serve(t)
  const as = await signIn('super')
  await ask('POST', '/api/blocked-callers', { as, body: { number, reason: 'amenințări', days: 30 } })
  const [item] = ((await ask('GET', '/api/blocked-callers', { as })).json as unknown as BlockedCallers).items
  const at = Date.now() - 60_000
  const blocked = new Story('pbx1-9.1', at, '+40722000111')
  const other = new Story('pbx1-9.2', at, '+40722000112')
  await writeEvents(db, [
    blocked.turnedAway(item?.id ?? 0),
    other.arrives(),
    other.ends(at + 1_000, 'abandoned'),
  ])
  const call = async (id: string, who: string) => (await ask('GET', `/api/calls/${id}`, { as: who })).json
  const seen = await call(blocked.id, as)
  t.ok(Value.Check(CallDetail, seen))
  t.match(seen, {
    outcome: 'rejected',
    queuedAt: null,
    block: { reason: 'amenințări', by: { id: people.super.id } },
    events: [{ type: 'CallArrived', detail: { block: item?.id } }],
  })
  t.match(await call(blocked.id, await signIn('audit')), { block: { reason: 'amenințări' } })
  t.equal((await call(other.id, as))['block'], null)
})
