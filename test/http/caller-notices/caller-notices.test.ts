import t from 'tap'
import { Value } from 'typebox/value'
import { CallerNotices } from '../../../src/http/caller-notices/wire.ts'
import { hourAndMinute } from '../../../src/ui/shared/time/time.ts'
import { serve } from '../serve.ts'

const hourMs = 3_600_000
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString()
/** On the city's wall clock. */
const clockIn = (hours: number): string => hourAndMinute(inHours(hours), 'ro')
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

t.test('a notice is entered the day before, with its hours, and withdrawn', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('super')
  const [from, until] = [inHours(20), inHours(20 + 14 * 24 - 2)]
  const body = { text, queues: [], from, until, daily: { from: '22:00', to: '00:00' } }
  t.equal((await ask('POST', '/api/caller-notices', { as, body })).status, 204)
  const { json } = await ask('GET', '/api/caller-notices', { as })
  t.ok(Value.Check(CallerNotices, json))
  const [item] = (json as unknown as CallerNotices).items
  t.match(item, { from, until, daily: { from: '22:00', to: '00:00' }, endedAt: null })
  t.ok(item !== undefined && item.publishedAt < from)
  t.equal((await ask('DELETE', `/api/caller-notices/${item?.id ?? 0}`, { as })).status, 204)
})

t.test('a beginning that has passed while it was typed is now', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('super')
  const body = { text, queues: [], from: inHours(-0.1), until: inHours(4) }
  t.equal((await ask('POST', '/api/caller-notices', { as, body })).status, 204)
  const { items } = (await ask('GET', '/api/caller-notices', { as })).json as unknown as CallerNotices
  t.equal(items[0]?.from, items[0]?.publishedAt)
})

t.test('a notice needs words, queues that exist and an end', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('super')
  // The notice lasts for an hour from now on.
  const outside = { from: clockIn(3), to: clockIn(4) }
  for (const [wrong, field] of [
    [{ text: '  ' }, /./],
    [{ text: '?! …' }, /./],
    [{ text: 'x'.repeat(501) }, /./],
    [{ queues: ['gone'] }, /queues/],
    [{ until: inHours(-1) }, /until/],
    [{ until: inHours(14 * 24 + 2) }, /until/],
    [{ from: inHours(-2) }, /from/],
    [{ from: inHours(14 * 24 + 2), until: inHours(14 * 24 + 3) }, /from/],
    [{ from: inHours(2), until: inHours(1) }, /until/],
    [{ from: inHours(2), until: inHours(2 + 14 * 24 + 2) }, /until/],
    [{ daily: { from: '8', to: '12:00' } }, /daily/],
    [{ daily: { from: '24:00', to: '12:00' } }, /daily/],
    [{ daily: { from: '08:00', to: '08:00' } }, /daily/],
    [{ from: '2026-02-30T08:00:00.000Z' }, /from/],
    [{ daily: outside }, /daily/],
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
