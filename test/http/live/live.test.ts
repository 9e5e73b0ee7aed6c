import { setTimeout as delay } from 'node:timers/promises'
import type { KyselyPlugin } from 'kysely'
import t from 'tap'
import { ledgerBehindMs } from '../../../src/http/access/call-record.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addWrapUp } from '../../../src/ledger/calls/wrap-ups.ts'
import { changeAccount } from '../../../src/people/account-changes.ts'
import { rules } from '../../core/samples.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { agentAt, agentChange, Story } from '../states.ts'
import { serve } from '../serve.ts'
import type { Served } from '../serve.ts'

const nobody = new Int32Array(new SharedArrayBuffer(4))

const names = (served: { seen: readonly { name: string }[] }) => served.seen.map(({ name }) => name)

/** The call rings agent01: both changes of one commit. */
function rings({ line, people }: Served, story: Story, at: number): void {
  const agent = people.agent01.id
  line.emit(story.rings(agent, at), agentChange(agentAt(agent, at, { state: 'offered', call: story.id })))
}

t.test('a feed starts with a snapshot, sends beats, and is not cached, compressed or buffered', async (t) => {
  const { live, signIn } = await serve(t)
  const feed = await live(await signIn('super'))
  t.equal(feed.headers['content-type'], 'text/event-stream; charset=utf-8')
  t.equal(feed.headers['cache-control'], 'no-store, no-transform')
  t.equal(feed.headers['x-accel-buffering'], 'no')
  t.match(feed.headers['content-security-policy'], /default-src 'none'/)
  const { data } = await feed.next('snapshot')
  t.match(data, { calls: [], agents: [], context: null, today: { waiting: 0, serviceLevel: null } })
  t.match(data.pauses[0], {
    id: 'break',
    name: 'scurtă',
    nameEn: 'break',
    expectedMinutes: null,
    offered: true,
  })
  t.same((await feed.next('beat')).data.lineUp, true)
})

t.test('no page receives a resume position before the state at that position', async (t) => {
  const { live, signIn, line } = await serve(t)
  const as = await signIn('super')
  const feed = await live(as)
  const { id } = await feed.next('snapshot')
  t.match(id, /^\d+-\d+$/)
  const at = Date.now()
  line.emit(new Story('pbx1-9.1', at).arrives())
  await feed.next('call')
  const back = await live(as, '', id ?? '')
  await back.next('call')
  for (const seen of [feed.seen, back.seen]) {
    const placed = seen.findIndex((one) => one.id !== null)
    t.not(seen[placed]?.name, 'beat', `${placed}`)
  }
})

t.test('a supervisor sees every call and agent; an agent only their own', async (t) => {
  const served = await serve(t)
  const { app, live, signIn, line, people } = served
  const supervisor = await live(await signIn('super'))
  const first = await live(await signIn('agent01'))
  const second = await live(await signIn('agent02'))
  for (const feed of [supervisor, first, second]) await feed.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-1.1', at)
  line.emit(story.arrives(), story.waits(at))
  await supervisor.next('call', ({ phase }) => phase === 'waiting')
  rings(served, story, at)
  const { data } = await first.next('call')
  t.match(data, {
    id: 'pbx1-1.1',
    phase: 'ringing',
    caller: '+40256123456',
    queue: { id: 'general', name: 'Informații' },
    agent: { name: 'Ana Pop' },
  })
  await first.next('agent', ({ state, callId }) => state === 'offered' && callId === story.id)
  line.emit(story.talks(people.agent01.id, at), story.ends(at + 1, 'answered', people.agent01.id))
  t.match((await first.next('call-ended')).data, { id: story.id, outcome: 'answered' })
  await supervisor.next('call-ended')
  const metrics = (await app.inject('/metrics')).body
  t.match(metrics, /^linia_calls_total\{outcome="answered",direction="inbound"\} 1$/m)
  t.match(metrics, /^linia_wait_seconds_count\{queue="general",outcome="answered"\} 1$/m)
  t.match(metrics, /^linia_talk_seconds_count\{queue="general"\} 1$/m)
  t.same(
    names(supervisor).filter((name) => name === 'call').length,
    4,
    'one change per stage: greeting, waiting, ringing, talking',
  )
  line.emit(agentChange(agentAt(people.agent02.id, at, { state: 'paused', reason: 'meal' })))
  await second.next('agent', ({ reason }) => reason === 'meal')
  t.notOk(names(second).includes('call'), 'the other agent received nothing about the call')
  t.notOk(
    first.seen.some(({ name, data }) => name === 'agent' && 'name' in data && data.name !== 'Ana Pop'),
    'the first agent received nothing about the other',
  )
})

t.test('the metrics have who waits in each queue, and the agents by state', async (t) => {
  const { app, line, people } = await serve(t)
  const shows = (row: string): Promise<void> =>
    until(async () => (await app.inject('/metrics')).body.split('\n').includes(row))
  await shows('linia_waiting_callers{queue="general"} 0')
  const at = Date.now()
  const story = new Story('pbx1-1.2', at)
  line.emit(story.arrives(), story.waits(at))
  line.emit(agentChange(agentAt(people.agent01.id, at, { state: 'ready', notBefore: at })))
  line.emit(agentChange(agentAt(people.agent02.id, at, { state: 'paused', reason: 'meal' })))
  await shows('linia_waiting_callers{queue="general"} 1')
  await shows('linia_agents{state="paused"} 1')
  await shows('linia_agents{state="ready"} 1')
  await shows('linia_free_agents 1')
  line.emit(story.ends(at + 1, 'abandoned'))
  await shows('linia_waiting_callers{queue="general"} 0')
  t.pass()
})

t.test('a supervisor’s figures name the agents of each queue', async (t) => {
  const { live, signIn, people } = await serve(t)
  const as = await signIn('super')
  const agents = [people.agent01.id, people.agent02.id]
  await until(async () => {
    const { today } = (await (await live(as)).next('snapshot')).data as { today: { queues: unknown[] } }
    if (today.queues.length === 0) return false
    t.match(today.queues, [{ id: 'general', agents }])
    return true
  })
})

t.test('agents hear which citizens they may call, supervisors among them the rules of theirs', async (t) => {
  const callOut = { ...rules.callOut, agents: 'returns', allowedToSupervisors: ['+44'] } as const
  const dryRun = {
    rules: { ...rules, callOut },
    lineHours: { kind: 'always' },
    closedOn: () => new Set<string>(),
    notices: () => [],
    textOf: () => '',
  } as const
  const { live, signIn } = await serve(t, { dryRun })
  const allowed = [...callOut.allowed]
  for (const [user, may] of [
    ['agent01', { right: 'returns', allowed }],
    ['super', { right: 'any', allowed: [...allowed, '+44'], callbacks: allowed }],
  ] as const)
    t.same(
      ((await (await live(await signIn(user))).next('snapshot')).data as { callOut: object }).callOut,
      may,
    )
})

t.test('auditors and administrators see only figures', async (t) => {
  const { live, signIn, line } = await serve(t)
  const at = Date.now()
  const story = new Story('pbx1-1.2', at)
  line.emit(story.arrives(), story.waits(at))
  for (const user of ['audit', 'admin'] as const) {
    const feed = await live(await signIn(user))
    const { data } = await feed.next('snapshot')
    t.match(data, { calls: [], agents: [], today: { waiting: 1 } })
  }
})

t.test('a missed offer removes the call from that agent’s page only', async (t) => {
  const served = await serve(t)
  const { live, signIn, line } = served
  const supervisor = await live(await signIn('super'))
  const agent = await live(await signIn('agent01'))
  await Promise.all([supervisor.next('snapshot'), agent.next('snapshot')])
  const at = Date.now()
  const story = new Story('pbx1-1.3', at)
  line.emit(story.arrives(), story.waits(at))
  rings(served, story, at)
  line.emit(story.missed(at + 100, served.people.agent01.id))
  t.match((await agent.next('call-ended')).data, { id: story.id, outcome: 'left' })
  await supervisor.next('call', ({ phase }) => phase === 'ringing')
  t.notOk(names(supervisor).includes('call-ended'))
})

t.test('for the agent a call is over when the caller is asked how it was; supervisors see it', async (t) => {
  const served = await serve(t)
  const { live, signIn, line, people } = served
  const supervisor = await live(await signIn('super'))
  const agent = await live(await signIn('agent01'))
  await Promise.all([supervisor.next('snapshot'), agent.next('snapshot')])
  const at = Date.now()
  const story = new Story('pbx1-1.4', at)
  line.emit(story.arrives(), story.waits(at))
  rings(served, story, at)
  line.emit(story.talks(people.agent01.id, at + 100), story.surveyed(at + 200))
  t.match((await agent.next('call-ended')).data, { id: story.id, outcome: 'answered', endedBy: 'agent' })
  await supervisor.next('call', ({ phase }) => phase === 'survey')
  t.notOk(names(supervisor).includes('call-ended'))
  line.emit(story.ends(at + 9_000, 'answered', people.agent01.id))
  await supervisor.next('call-ended')
  t.equal(names(agent).filter((name) => name === 'call-ended').length, 1)
})

t.test('the caller’s previous calls come with the offer, and again with a new snapshot', async (t) => {
  const served = await serve(t)
  const { live, signIn, line } = served
  const as = await signIn('agent01')
  const feed = await live(as)
  await feed.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-1.4', at)
  line.emit(story.arrives(), story.waits(at))
  rings(served, story, at)
  const { data } = await feed.next('context')
  t.same(data, { callId: story.id, previousCalls: [], previousCount: 0 })
  const again = await live(as)
  t.match((await again.next('snapshot')).data, { calls: [{ id: story.id }], context: { callId: story.id } })
})

t.test('previous calls are not read while no agent’s page is open on this node', async (t) => {
  let asked = 0
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      if (JSON.stringify(node).includes('"wrap_ups"')) asked += 1
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  const served = await serve(t, { db: (await testDatabase(t)).db.withPlugin(counting) })
  const { live, signIn, line } = served
  const board = await live(await signIn('super'))
  await board.next('snapshot')
  const at = Date.now()
  const first = new Story('pbx1-1.5', at)
  line.emit(first.arrives(), first.waits(at))
  await board.next('call', ({ phase }) => phase === 'waiting')
  t.equal(asked, 0)
  const desk = await live(await signIn('agent01'))
  await desk.next('snapshot')
  rings(served, first, at)
  t.match((await desk.next('context')).data, { callId: first.id }, 'the context still follows')
  const second = new Story('pbx1-1.6', at)
  line.emit(second.arrives(), second.waits(at))
  await until(() => asked === 2)
  t.pass('the next caller’s before a phone rings')
})

t.test('the subjects of previous calls are there when the phone rings', async (t) => {
  const served = await serve(t)
  const { db, live, signIn, line, people } = served
  const agent = people.agent01.id
  const before = Date.now() - 86_400_000
  const earlier = new Story('pbx1-0.1', before, '+40256777777')
  await writeEvents(db, [
    earlier.arrives(),
    earlier.rings(agent, before),
    earlier.talks(agent, before + 5_000),
    earlier.ends(before + 60_000, 'answered', agent),
  ])
  const form = { subject: 'Iluminat', motivated: 'yes', reason: null, resolution: 'registered' } as const
  await addWrapUp(db, { call: earlier.id, agent, form })
  const feed = await live(await signIn('agent01'))
  await feed.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-0.2', at, '+40256777777')
  line.emit(story.arrives(), story.waits(at))
  rings(served, story, at)
  t.match((await feed.next('context')).data, {
    previousCount: 1,
    previousCalls: [{ id: earlier.id, agent: 'Ana Pop', subject: 'Iluminat', resolution: 'registered' }],
  })
})

t.test('a page that reconnects receives exactly what it missed', async (t) => {
  const { live, signIn, line } = await serve(t)
  const as = await signIn('super')
  const feed = await live(as)
  await feed.next('snapshot')
  const at = Date.now()
  const first = new Story('pbx1-2.1', at)
  line.emit(first.arrives(), first.waits(at))
  await feed.next('call', ({ phase }) => phase === 'waiting')
  const seen = feed.lastEventId ?? ''
  feed.close()
  const second = new Story('pbx1-2.2', at)
  line.emit(second.arrives(), first.ends(at, 'abandoned'))
  const other = await live(as)
  t.match((await other.next('snapshot')).data.calls, [{ id: 'pbx1-2.2' }], 'the server has applied them')
  const back = await live(as, '', seen)
  await back.next('call-ended', ({ id }) => id === first.id)
  t.same(
    back.seen.filter(({ id }) => id !== null).map(({ name }) => name),
    ['call', 'call-ended'],
  )
  t.notOk(names(back).includes('snapshot'))
})

t.test('resuming from an unknown or expired position gives a snapshot', async (t) => {
  const { live, signIn, line } = await serve(t)
  const as = await signIn('super')
  for (const id of ['999999-0', 'nonsense', '', `${'9'.repeat(60)}-0`]) {
    const feed = await live(as, '', id)
    await feed.next('snapshot')
  }
  const feed = await live(as)
  await feed.next('snapshot')
  const before = feed.seen.length
  line.trim()
  await feed.next('snapshot', () => true, before)
  t.pass('and when the stream was trimmed, everybody starts again')
})

t.test(
  'while the event stream is not available the feed reports it, and starts again afterwards',
  async (t) => {
    const { live, signIn, line } = await serve(t)
    const feed = await live(await signIn('super'))
    await feed.next('snapshot')
    line.break()
    await feed.next('beat', ({ lineUp }) => !lineUp)
    const before = feed.seen.length
    line.mend()
    await feed.next('snapshot', () => true, before)
    await feed.next('beat', ({ lineUp }) => lineUp, before)
  },
)

t.test('a hundred offers reach the page as single events', async (t) => {
  const served = await serve(t)
  const { live, signIn, line } = served
  const feed = await live(await signIn('agent01'))
  await feed.next('snapshot')
  const took: number[] = []
  for (let i = 0; i < 100; i += 1) {
    const story = new Story(`pbx1-3.${i}`, Date.now())
    line.emit(story.arrives(), story.waits(Date.now()))
    const startedAt = performance.now()
    rings(served, story, Date.now())
    await feed.next('call', ({ id }) => id === story.id)
    took.push(performance.now() - startedAt)
  }
  took.sort((a, b) => a - b)
  t.comment(`offer → page: p50 ${took[50]?.toFixed(2)} ms, p99 ${took[98]?.toFixed(2)} ms`)
  t.equal(feed.seen.filter(({ name }) => name === 'snapshot').length, 1, 'as events, without a new snapshot')
})

t.test('a slow reader starts again from a snapshot and needs no memory meanwhile', async (t) => {
  const { live, signIn, line, app } = await serve(t)
  const as = await signIn('super')
  const slow = await live(as)
  const quick = await live(as)
  await Promise.all([slow.next('snapshot'), quick.next('snapshot')])
  slow.response.pause()
  const at = Date.now()
  const isSlow = async () => /linia_live_slow_readers_total [1-9]/.test((await app.inject('/metrics')).body)
  // The socket buffers hold some megabytes first.
  for (let i = 0; i < 1_000 && !(i % 20 === 19 && (await isSlow())); i += 1) {
    const stories = Array.from({ length: 100 }, (_, n) => new Story(`pbx1-4.${i}.${n}`, at))
    line.emit(
      ...stories.map((story) => story.arrives()),
      ...stories.map((story) => story.ends(at, 'abandoned')),
    )
    await quick.next('call-ended', ({ id }) => id === `pbx1-4.${i}.99`, Math.max(0, quick.seen.length - 50))
  }
  t.ok(await isSlow())
  const last = new Story('pbx1-5.1', at)
  line.emit(last.arrives())
  await quick.next('call', ({ id }) => id === last.id, quick.seen.length - 5)
  const before = slow.seen.length
  slow.response.resume()
  const { data } = await slow.next('snapshot', () => true, before)
  t.match(data.calls, [{ id: last.id }], 'the snapshot has the present state')
  t.ok(slow.seen.length < quick.seen.length, `${slow.seen.length} of ${quick.seen.length} events`)
})

t.test('a feed whose roles have changed ends and reconnects, also without a notification', async (t) => {
  const heard: ((account: null) => void)[] = []
  const served = await serve(t, { accounts: { onAccountChange: (listener) => void heard.push(listener) } })
  const { live, signIn, line, db, people } = served
  const agent = await live(await signIn('agent01'))
  const as = await signIn('super')
  const supervisor = await live(as)
  for (const feed of [agent, supervisor]) await feed.next('snapshot')
  const { id, name, employer, roles } = people.super
  t.teardown(() => changeAccount(db, id, { name, employer, roles }, null))
  await changeAccount(db, id, { name, employer, roles: ['auditor'] }, null)
  for (const listener of heard) listener(null)
  await supervisor.end()
  rings(served, new Story('pbx1-6.1', Date.now()), Date.now())
  await agent.next('call')
  const again = await live(as)
  await again.next('snapshot')
  line.emit(new Story('pbx1-6.2', Date.now()).arrives())
  await again.next('beat')
  t.notOk(names(again).includes('call'), 'and has the scope of the present roles')
})

t.test('closing the server ends the feeds, and the agents stay signed in', async (t) => {
  const { live, signIn, line, app } = await serve(t)
  const feed = await live(await signIn('agent01'), '?instance=page-1')
  await feed.next('snapshot')
  await app.close()
  await feed.end()
  t.notOk(line.asked.some((asked) => asked.startsWith('closed')))
})

t.test('a request for a call that the ledger does not have yet waits for its record', async (t) => {
  const { ask, db, line, live, signIn } = await serve(t)
  const as = await signIn('super')
  const board = await live(as)
  await board.next('snapshot')
  // Several: on a busy machine the record may take longer than a request waits for it.
  let opened = 0
  for (let nth = 1; nth <= 5 && opened !== 200; nth += 1) {
    const story = new Story(`pbx1-9.1${nth}`, Date.now())
    const arrived = story.arrives()
    line.emit(arrived)
    await board.next('call')
    const asked = ask('GET', `/api/calls/${story.id}`, { as })
    // A stop of the whole process does not use up the wait.
    await delay(100)
    Atomics.wait(nobody, 0, 0, ledgerBehindMs + 200)
    // The event loop serves what came in during the stop.
    await delay(50)
    await writeEvents(db, [arrived])
    opened = (await asked).status
  }
  t.equal(opened, 200)
  let quickestMs = Number.POSITIVE_INFINITY
  for (let look = 0; look < 3; look += 1) {
    const askedAt = performance.now()
    t.equal((await ask('GET', '/api/calls/pbx1-9.2', { as })).status, 404)
    quickestMs = Math.min(quickestMs, performance.now() - askedAt)
  }
  t.ok(quickestMs < ledgerBehindMs, 'a request for an unknown call does not wait')
})
