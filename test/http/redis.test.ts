/** The live feed over a real Redis, with its scripts and its event stream. */
import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../src/clock.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import { redisAcdFeed } from '../../src/redis/feed.ts'
import { redisLease } from '../../src/redis/lease.ts'
import { redisAcdStore } from '../../src/redis/store.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { agentAt, agentChange, Story } from './states.ts'
import { serve } from './serve.ts'

async function realLine(t: Test) {
  const server = await testRedis(t)
  const redis = await readyRedis(server)
  const keys = server.keys()
  const lease = redisLease(redis, keys, { node: 'node1', clock: systemClock })
  const store = redisAcdStore(redis, keys, () => lease.token())
  t.teardown(async () => {
    await lease.release().catch(() => undefined)
    store.close()
  })
  await lease.acquire()
  return {
    server,
    feed: redisAcdFeed(redis, () => server.connect({}), keys),
    /** One commit, as the conductor writes it. */
    async tell(...events: AcdEvent[]): Promise<void> {
      const writes = events.map((event) =>
        event.subject === 'call'
          ? { entity: { kind: 'call', call: event.after } as const, from: event.seq - 1, to: event.seq }
          : { entity: { kind: 'agent', agent: event.after } as const, from: event.seq - 1, to: event.seq },
      )
      const saved = await store.commit({ id: randomUUID(), writes, events, effects: [] })
      if (saved !== 'SAVED') throw new Error(saved)
    },
  }
}

t.test('a commit in Redis reaches the page within its time, with fifty pages open', async (t) => {
  const { feed, tell } = await realLine(t)
  const { live, signIn, people } = await serve(t, { feed })
  // More than one person may have open.
  const supervisor = await signIn('super')
  const pagesOf = (one: string) => Promise.all(Array.from({ length: 25 }, () => live(one)))
  const [boards, others] = [await pagesOf(supervisor), await pagesOf(await signIn('agent02'))]
  const desk = await live(await signIn('agent01'))
  await Promise.all([...boards, ...others, desk].map((one) => one.next('snapshot')))
  const agent = people.agent01.id
  const took: number[] = []
  for (let i = 0; i < 60; i += 1) {
    const at = Date.now()
    const story = new Story(`pbx1-9.${i}`, at)
    await tell(story.arrives())
    await tell(story.waits(at))
    const startedAt = performance.now()
    const offered = agentChange(agentAt(agent, at, { state: 'offered', call: story.id }))
    await tell(story.rings(agent, at), { ...offered, seq: i + 1 })
    await desk.next('call', ({ id }) => id === story.id)
    took.push(performance.now() - startedAt)
  }
  took.sort((a, b) => a - b)
  t.comment(`commit → page: p50 ${took[30]?.toFixed(2)} ms, max ${took.at(-1)?.toFixed(2)} ms`)
  await Promise.all(
    boards.map((board) => board.next('call', ({ id, phase }) => id === 'pbx1-9.59' && phase === 'ringing')),
  )
  const seen = desk.lastEventId ?? ''
  t.match(seen, /^\d+-\d+$/, 'event ids are positions in the stream')
  const last = new Story('pbx1-9.99', Date.now())
  await tell(last.arrives())
  await boards[0]?.next('call', ({ id }) => id === last.id)
  const back = await live(supervisor, '', seen)
  await back.next('call', ({ id }) => id === last.id)
  t.notOk(back.seen.some(({ name }) => name === 'snapshot'))
})

t.test(
  'after Redis has restarted empty, the pages are notified and start again from a snapshot',
  async (t) => {
    const { server, feed, tell } = await realLine(t)
    const { live, signIn, ask } = await serve(t, { feed })
    const as = await signIn('super')
    const board = await live(as)
    await board.next('snapshot')
    const story = new Story('pbx1-9.1', Date.now())
    await tell(story.arrives())
    await board.next('call')
    await server.kill()
    await board.next('beat', ({ lineUp }) => !lineUp)
    t.equal((await ask('GET', '/api/me', { as })).status, 200, 'the rest of the server works on')
    const before = board.seen.length
    await server.start()
    const { data } = await board.next('snapshot', () => true, before)
    t.same(data.calls, [])
  },
)

t.test('the server closes while Redis is not available', async (t) => {
  const { server, feed } = await realLine(t)
  const { app, live, signIn } = await serve(t, { feed })
  const board = await live(await signIn('super'))
  await board.next('snapshot')
  await server.kill()
  await board.next('beat', ({ lineUp }) => !lineUp)
  await app.close()
  await board.end()
  t.pass('closed')
})
