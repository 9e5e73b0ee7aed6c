import t from 'tap'
import { Value } from 'typebox/value'
import { CallerNotices } from '../../../src/http/caller-notices/wire.ts'
import { serve } from '../serve.ts'

const hourMs = 3_600_000
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString()
const text = 'Casieria este închisă astăzi.'

t.test('a supervisor publishes a notice for callers, reads the list and ends it', async (t) => {
  const { ask, signIn, people } = await serve(t)
  const as = await signIn('super')
  const body = { text: ` ${text} `, queues: ['general', 'general'], until: inHours(4) }
  t.equal((await ask('POST', '/api/caller-notices', { as, body })).status, 204)
  const { json } = await ask('GET', '/api/caller-notices', { as })
  t.ok(Value.Check(CallerNotices, json))
  const [item] = (json as unknown as CallerNotices).items
  if (item === undefined) throw new Error('no notice')
  t.match(item, {
    text,
    queues: ['general'],
    until: body.until,
    endedAt: null,
    by: { id: people.super.id },
    heard: 0,
    spared: 0,
  })
  t.equal((await ask('DELETE', `/api/caller-notices/${item.id}`, { as })).status, 204)
  for (const id of [item.id, 999_999])
    t.match(await ask('DELETE', `/api/caller-notices/${id}`, { as }), {
      status: 404,
      json: { code: 'no-such-notice' },
    })
  const { items } = (await ask('GET', '/api/caller-notices', { as })).json as unknown as CallerNotices
  t.type(items[0]?.endedAt, 'string', 'it stays on record')
})

t.test('a notice needs words, queues that exist and an end', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('super')
  for (const [wrong, field] of [
    [{ text: '  ' }, /./],
    [{ text: '?! …' }, /./],
    [{ text: 'x'.repeat(501) }, /./],
    [{ queues: ['gone'] }, /queues/],
    [{ until: inHours(-1) }, /until/],
    [{ until: inHours(32 * 24) }, /until/],
    [{ until: 'mâine' }, /./],
  ] as const) {
    const body = { text, queues: [], until: inHours(1), ...wrong }
    const { status, json } = await ask('POST', '/api/caller-notices', { as, body })
    t.equal(status, 400, JSON.stringify(wrong).slice(0, 60))
    t.match(JSON.stringify(json), field)
  }
})

t.test('nobody but a supervisor reads or changes them', async (t) => {
  const { ask, signIn } = await serve(t)
  for (const person of ['agent01', 'audit', 'admin', 'edit'] as const) {
    const as = await signIn(person)
    const body = { text, queues: [], until: inHours(1) }
    t.equal((await ask('GET', '/api/caller-notices', { as })).status, 403, person)
    t.equal((await ask('POST', '/api/caller-notices', { as, body })).status, 403, person)
    t.equal((await ask('DELETE', '/api/caller-notices/1', { as })).status, 403, person)
  }
})
