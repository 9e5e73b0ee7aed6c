import t from 'tap'
import { serve } from '../serve.ts'

t.test('a second browser takes over, and the first is notified', async (t) => {
  const { live, signIn, line } = await serve(t)
  const as = await signIn('agent01')
  const first = await live(as, '?instance=first')
  await first.next('snapshot')
  const second = await live(await signIn('agent01'), '?instance=second')
  await second.next('snapshot')
  t.same((await first.next('superseded')).data, { instance: 'second' })
  await first.end()
  const again = await live(as, '?instance=first', first.lastEventId ?? '')
  t.same((await again.next('superseded')).data, { instance: 'second' })
  await again.end()
  t.notOk(again.seen.some(({ name }) => name === 'snapshot'))
  t.notOk(second.ended, 'reconnecting does not make the first page active again')
  t.same(
    line.asked.filter((asked) => asked !== 'signIn'),
    ['pageOpened first', 'pageOpened second'],
    'the ACD is notified of the active page',
  )
})

t.test('the user of the older page makes it active again by asking', async (t) => {
  const { ask, live, signIn, line } = await serve(t)
  const as = await signIn('agent01')
  const first = await live(as, '?instance=first')
  const second = await live(as, '?instance=second')
  await first.end()
  const claim = await ask('PUT', '/api/me/page', { as, body: { instance: 'first' } })
  t.equal(claim.status, 204)
  t.same((await second.next('superseded')).data, { instance: 'first' })
  const back = await live(as, '?instance=first')
  await back.next('snapshot')
  t.ok(line.asked.includes('pageOpened first'))
})

t.test('agents do not supersede each other, and supervisors may have several pages', async (t) => {
  const { live, signIn, line } = await serve(t)
  const one = await live(await signIn('agent01'), '?instance=a')
  const two = await live(await signIn('agent02'), '?instance=b')
  const three = await live(await signIn('super'), '?instance=c')
  const four = await live(await signIn('super'), '?instance=d')
  await Promise.all([one, two, three, four].map((feed) => feed.next('snapshot')))
  await four.next('beat', () => true, 2)
  t.notOk([one, two, three, four].some((feed) => feed.ended))
  t.notOk(line.asked.includes('pageOpened c'))
})

t.test('after a restart of the server, a page that was asleep does not become active', async (t) => {
  const { live, signIn } = await serve(t)
  const as = await signIn('agent01')
  const used = await live(as, '?instance=used&heard=1764000200000-0')
  await used.next('snapshot')
  for (const behind of ['1764000100000-7', '1764000200000-0']) {
    const slept = await live(as, '?instance=slept', behind)
    t.same((await slept.next('superseded')).data, { instance: 'used' })
    const opened = await live(as, `?instance=slept&heard=${behind}`)
    t.same(
      (await opened.next('superseded')).data,
      { instance: 'used' },
      'also when the page opens a new feed itself',
    )
  }
  t.notOk(used.ended)
  const ahead = await live(as, '?instance=ahead', '1764000300000-0')
  t.same(
    (await used.next('superseded')).data,
    { instance: 'ahead' },
    'the page that was asleep may have connected first',
  )
  await (await live(as, '?instance=new')).next('snapshot')
  t.same((await ahead.next('superseded')).data, { instance: 'new' }, 'a new page supersedes every older one')
})

t.test('a single page becomes active whatever it has received', async (t) => {
  const { live, signIn } = await serve(t)
  const as = await signIn('agent01')
  for (const id of ['7-0', 'no id of ours']) await (await live(as, '?instance=slept', id)).next('snapshot')
})
