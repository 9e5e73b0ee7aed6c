import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { givenUpAfterMs, lateAfterMs } from '../../../src/city/webhooks/backoff.ts'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import { AgentId, CallId, ChannelId, OfferId, QueueId } from '../../../src/core/ids.ts'
import { currentVersion } from '../../../src/core/versions.ts'
import { messageId } from '../../../src/jobs/webhooks/message.ts'
import { startJobs } from '../../../src/jobs/worker.ts'
import { writeCallers, writeCalls } from '../../../src/ledger/calls/call-writing.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { summary } from '../../../src/ledger/calls/summary.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import { callEvents, monday } from '../../ledger/fixtures.ts'
import { openTestDatabase, testCluster } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { lineOf, nextCall, ofCall, record, webhookLine } from './line.ts'

testCluster(t)
const redis = await testRedis(t)
const number = '+40256123456'
const line = (test: Test) => webhookLine(test, redis.url)

t.test('a call is told in order, signed, with its facts and without its caller', async (t) => {
  const { db, ready, receiver, unsent, lines } = await line(t)
  const [account] = await db.insertInto('accounts').values({ username: 'ana' }).returning('id').execute()
  const { id: agent } = account!
  await ready()
  const id = CallId('pbx1-1790000000.900')
  const events = callEvents({ id, agent })
  // As the ledger's writer takes them: in several batches.
  for (const event of events) await writeEvents(db, [event])
  await until(() => receiver.taken.length === 4)
  t.equal(receiver.wrongSignatures, 0)
  t.strictSame(receiver.typesOf(id), ofCall)
  const [queued, offered, answered, ended] = receiver.taken
  const queue = { id: 'general', name: 'Informații generale' }
  const ana = { id: agent, username: 'ana' }
  const leg = { leg: `o-${id}`, device: 'desk' }
  t.strictSame(queued?.data, { call: id, line: '969', direction: 'inbound', queue })
  t.equal(queued?.timestamp, new Date(monday).toISOString())
  t.strictSame(offered?.data, {
    call: id,
    line: '969',
    direction: 'inbound',
    queue,
    agent: ana,
    ...leg,
    reconnects: false,
  })
  t.strictSame(answered?.data, { call: id, line: '969', direction: 'inbound', queue, agent: ana, ...leg })
  t.match(ended?.data, {
    direction: 'inbound',
    agent: ana,
    outcome: 'answered',
    endedBy: 'caller',
    waitMs: 4_000,
    talkMs: 60_000,
  })
  t.equal(new Set(receiver.taken.map((message) => message.id)).size, 4)
  for (const message of receiver.taken) t.match(message.id, /^evt_[0-9a-f]{32}$/)
  t.equal(queued?.id, messageId({ call: id, place: 2 }), 'follows from the record')
  await until(async () => (await unsent()) === 0)
  const everything = [...receiver.taken.map(({ body }) => body), ...lines].join('\n')
  t.notMatch(everything, number.slice(3), 'no number')
  t.notMatch(everything, 'Ștefan', 'no name')
})

t.test('the end names colleagues who were asked, and no supervisor who listened', async (t) => {
  const { db, ready, receiver } = await line(t)
  await ready()
  const part = (name: string, role: 'consulted' | 'supervisor') => ({
    id: OfferId(`leg-${name}`),
    role,
    agent: AgentId(name),
    device: 'desk' as const,
    from: monday,
    until: monday + 5_000,
  })
  const others = [part('sfetnic', 'consulted'), part('ascultator', 'supervisor')]
  await record(db, (events) =>
    events.map((event) =>
      event.after.phase === 'ended' ? { ...event, after: { ...event.after, others } } : event,
    ),
  )
  await until(() => receiver.taken.length === 4)
  const ended = receiver.taken.at(-1)
  t.strictSame(ended?.data['consulted'], [
    {
      leg: 'leg-sfetnic',
      agent: { id: 'sfetnic', username: null },
      device: 'desk',
      from: new Date(monday).toISOString(),
      until: new Date(monday + 5_000).toISOString(),
    },
  ])
  t.notMatch(receiver.taken.map(({ body }) => body).join('\n'), 'ascultator')
})

t.test('a call to a citizen says so, and is in no queue', async (t) => {
  const { db, ready, receiver } = await line(t)
  await ready()
  const outbound = (change: object) => (events: AcdCallEvent[]) =>
    events.map((event) => ({
      ...event,
      after: {
        ...event.after,
        direction: 'outbound' as const,
        ...(event.after.phase === 'ended' ? change : {}),
      },
    }))
  const reached = await record(db, (events) => outbound({})(events.slice(3)))
  await until(() => receiver.taken.length === 2)
  t.strictSame(receiver.typesOf(reached), ['call.answered', 'call.ended'])
  t.match(receiver.taken[0]?.data, { direction: 'outbound', line: '969' })
  t.strictSame(receiver.taken[0]?.data['queue'], null)
  t.match(receiver.taken[1]?.data, { direction: 'outbound', queue: null, outcome: 'answered' })
  const engaged = await record(db, (events) => outbound({ outcome: 'busy' })(events.slice(-1)))
  await until(() => receiver.taken.length === 3)
  t.match(receiver.taken[2], {
    type: 'call.ended',
    data: { call: engaged, direction: 'outbound', outcome: 'busy' },
  })
})

t.test('the caller’s number is sent where it is switched on, and never logged', async (t) => {
  const { db, ready, receiver, settingsReceiver, lines } = await line(t)
  receiver.answer = () => (receiver.tried.length === 1 ? 500 : 204)
  const deliveries = await ready({ receiver: { ...settingsReceiver, withNumber: true } })
  await record(db)
  await until(() => receiver.taken.length === 4)
  for (const { data } of receiver.taken) t.equal(data['callerNumber'], number)
  t.equal(deliveries.counts.failed, 1)
  t.ok(lines.some((text) => text.includes('a webhook was not taken')))
  t.notMatch(lines.join('\n'), number.slice(3))
})

t.test('a transfer, a recording and a call that only Asterisk’s record has', async (t) => {
  const { db, ready, receiver } = await line(t)
  await ready()
  const by = AgentId('agent-1')
  const to = { queue: QueueId('general') }
  const id = await record(db, ([arrived, queued]) => [
    arrived!,
    queued!,
    {
      ...queued!,
      seq: 3,
      event: { type: 'TransferRequested', offer: OfferId('o1'), to },
      after: {
        ...queued!.after,
        transfer: { by, from: QueueId('general'), to, at: monday, state: 'under way' },
      },
    },
  ])
  const manifest = {
    durationMs: 61_000,
    bytes: 9,
    sha256: 'a'.repeat(64),
    tracks: [],
    spans: [],
    gaps: [],
  }
  const waveform = { caller: [], agent: [] }
  const segment = (leg: string) => ({ leg: ChannelId(leg), agent: by, file: leg, manifest, waveform })
  const lost = [{ leg: ChannelId('leg-3'), why: 'no audio' }]
  await addRecordings(db, id, [segment('leg-1'), segment('leg-2')], lost)
  await until(() => receiver.taken.length === 3)
  const [, transferred, recording] = receiver.taken
  t.equal(transferred?.type, 'call.transferred')
  t.match(transferred?.data, {
    agent: { id: by, username: null },
    queue: { id: 'general' },
    to: { queue: { id: 'general' } },
  })
  t.equal(recording?.type, 'recording.ready')
  t.match(recording?.data, {
    // Before the call's end.
    line: '969',
    direction: 'inbound',
    complete: false,
    segments: [{ leg: 'leg-1', durationMs: 61_000 }, { leg: 'leg-2' }],
  })

  const end = callEvents({ id: 'pbx1-1790000000.901', talks: null }).at(-1)!.after
  if (end.phase !== 'ended') throw new Error('the call has not ended')
  await writeCallers(db, new Map([[end.id, end.caller]]))
  await writeCalls(db, [summary(end)], 'cel')
  await until(() => receiver.taken.length === 4)
  t.match(receiver.taken.at(-1), {
    type: 'call.ended',
    data: { outcome: 'abandoned', agent: null, call: end.id },
  })
})

t.test('a message that a caller has left is told once it is a task, without who left it', async (t) => {
  const { db, ready, receiver, unsent } = await line(t)
  await ready()
  const manifest = { durationMs: 18_300, bytes: 9, sha256: 'a'.repeat(64), tracks: [], spans: [], gaps: [] }
  const segment = { leg: null, agent: null, file: 'message', manifest, waveform: { caller: [], agent: [] } }
  const left = () => record(db, (events) => [events.at(-1)!])
  const city = { queue: QueueId('general'), sound: 'voice' } as const
  const heard = await left()
  await addRecordings(db, heard, [segment], [], city)
  await until(() => receiver.typesOf(heard).length === 3)
  t.strictSame(receiver.typesOf(heard), ['call.ended', 'recording.ready', 'voicemail.left'])
  const told = lineOf(receiver.taken, heard)
  t.strictSame(told[2]?.data, {
    call: heard,
    line: '969',
    direction: 'inbound',
    queue: { id: 'general', name: 'Informații generale' },
    leftAt: told[0]?.data['endedAt'],
    durationMs: 18_300,
  })
  const lost = await left()
  await addRecordings(db, lost, [], [{ leg: null, why: 'no audio' }], { ...city, sound: 'lost' })
  await until(() => receiver.typesOf(lost).length === 2)
  t.match(lineOf(receiver.taken, lost)[1], { type: 'voicemail.left', data: { durationMs: null } })
  const silent = await left()
  await addRecordings(db, silent, [segment], [], { ...city, sound: 'silence' })
  await until(async () => (await unsent()) === 0)
  t.strictSame(receiver.typesOf(silent), ['call.ended', 'recording.ready'])
  t.notMatch(receiver.taken.map(({ body }) => body).join('\n'), number.slice(3))
})

t.test('after an error and after silence the same message comes again, before the later ones', async (t) => {
  const { db, ready, receiver, clock, unsent } = await line(t)
  const deliveries = await ready({ answerWithinMs: 1_000 })
  let failures = 0
  receiver.answer = ({ type }) => {
    if (type !== 'call.offered' || failures === 2) return 204
    failures += 1
    return failures === 1 ? 500 : 'hang'
  }
  const id = await record(db)
  await until(() => deliveries.counts.failed >= 1)
  await until(async () => (await unsent()) === 3)
  t.strictSame(receiver.typesOf(id), ['call.queued'], 'the answer waits')
  const other = await record(db, (events) => events.slice(0, 2))
  await until(() => receiver.typesOf(other).length === 1)
  t.strictSame(receiver.typesOf(id), ['call.queued'], 'another call does not wait')
  clock.aheadMs += 2_100
  await deliveries.sweep()
  await until(() => deliveries.counts.failed >= 2)
  clock.aheadMs += 10_100
  await deliveries.sweep()
  await until(() => receiver.typesOf(id).length === 4)
  t.strictSame(receiver.typesOf(id), ofCall)
  const offered = lineOf(receiver.tried, id).filter(({ type }) => type === 'call.offered')
  t.ok(offered.length >= 3)
  t.equal(new Set(offered.map((message) => `${message.id} ${message.body}`)).size, 1)
})

t.test('a refused message holds up its own call alone, and is asked ever less often', async (t) => {
  const { db, ready, receiver, clock, unsent, lines, options } = await line(t)
  const deliveries = await ready()
  const bad = nextCall()
  receiver.answer = ({ data }) => (data.call === bad ? 422 : 204)
  t.equal(await record(db), bad)
  const others = [await record(db), await record(db), await record(db)]
  await until(() => new Set(receiver.taken.map(({ id }) => id)).size === 12)
  const state = () =>
    db
      .selectFrom('webhook_unsent')
      .select(['tries', 'next_at'])
      .where('call', '=', bad)
      .orderBy('place')
      .executeTakeFirstOrThrow()
  for (const [index, pauseMs] of [2_000, 10_000, 30_000, 120_000, 600_000].entries()) {
    await until(async () => (await state()).tries > index)
    clock.aheadMs += pauseMs + 1_000
    await deliveries.sweep()
  }
  await until(async () => (await state()).tries > 5)
  const pauseMs = (await state()).next_at - options.now()
  t.ok(pauseMs > 20 * 60_000, `${pauseMs} ms after the sixth try`)
  for (const id of others) t.strictSame(receiver.typesOf(id), ofCall)
  t.equal(await unsent(), 4)
  // A week later it is given up, with an alarm, and the next one is tried.
  clock.aheadMs += givenUpAfterMs
  receiver.answer = ({ data, type }) => (data.call === bad && type === 'call.queued' ? 422 : 204)
  await deliveries.sweep()
  await until(() => deliveries.counts.gaveUp === 1)
  await until(async () => (await unsent()) === 0 || (await deliveries.sweep(), false))
  t.strictSame(receiver.typesOf(bad), ofCall.slice(1))
  t.ok(lines.some((text) => text.includes('given up after a week') && text.includes('"level":50')))
})

t.test('a receiver that was away gets everything, in order, and is not stormed meanwhile', async (t) => {
  const { db, ready, receiver, clock, unsent, lines } = await line(t)
  const deliveries = await ready()
  await receiver.close()
  const ids = []
  for (let index = 0; index < 60; index += 1) ids.push(await record(db))
  await until(() => lines.some((text) => text.includes('the receiver of webhooks is away')))
  clock.aheadMs += lateAfterMs + 60_000
  await deliveries.sweep()
  t.ok(deliveries.undelivered.late >= 240, `${deliveries.undelivered.late} are late`)
  t.ok(lines.some((text) => text.includes('late by more than ten minutes')))
  for (let probe = 0; probe < 5; probe += 1) {
    const before = deliveries.counts.failed
    clock.aheadMs += 61_000
    await deliveries.sweep()
    await until(() => deliveries.counts.failed === before + 1)
  }
  t.ok(deliveries.counts.failed < 20, `${deliveries.counts.failed} tries`)
  await receiver.listen()
  clock.aheadMs += 61_000
  await deliveries.sweep()
  await until(async () => (await unsent()) === 0)
  for (const id of ids) t.strictSame(receiver.typesOf(id), ofCall)
  t.equal(new Set(receiver.taken.map(({ id }) => id)).size, 240)
  t.equal(receiver.wrongSignatures, 0)
})

t.test('what is recorded while no node is there, and while Redis is away, is delivered later', async (t) => {
  const { db, ready, node, receiver, unsent, options } = await line(t)
  const first = await ready()
  await first.close()
  const id = await record(db)
  t.equal(await unsent(), 5)
  t.equal(receiver.tried.length, 0)
  const client = new Redis(redis.url)
  const keys = await client.keys(`${options.prefix}:*`)
  if (keys.length > 0) await client.del(...keys)
  client.disconnect()
  node()
  await until(() => receiver.typesOf(id).length === 4)
  await redis.kill()
  const during = await record(db)
  t.equal(await unsent(), 5)
  await redis.start()
  await until(() => receiver.typesOf(during).length === 4)
  t.equal(receiver.taken.length, 8)
})

t.test(
  'a node killed while its message was on the way: another one sends it again, by the same id',
  async (t) => {
    const { db, ready, options, receiver, unsent } = await line(t)
    const { redisUrl, prefix, databaseUrl } = options
    const argument = JSON.stringify({ redisUrl, prefix, databaseUrl, receiver: options.receiver })
    const script = fileURLToPath(new URL('node.ts', import.meta.url))
    const child = spawn(process.execPath, [script, argument], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    t.teardown(() => child.kill('SIGKILL'))
    await until(async () => (await db.selectFrom('webhook_receivers').select('id').execute()).length === 1)
    receiver.answer = ({ type }) => (type === 'call.offered' ? 'hang' : 204)
    const id = await record(db)
    await until(() => receiver.tried.length === 2)
    child.kill('SIGKILL')
    await ended
    receiver.answer = () => 204
    await ready()
    await until(() => receiver.typesOf(id).length === 4)
    t.strictSame(receiver.typesOf(id), ofCall)
    t.strictSame(
      receiver.tried.map(({ type }) => type),
      ['call.queued', 'call.offered', 'call.offered', 'call.answered', 'call.ended'],
    )
    t.equal(receiver.tried[1]?.id, receiver.tried[2]?.id)
    await until(async () => (await unsent()) === 0)
  },
)

t.test('a delivery whose record was lost is repeated by the same id', async (t) => {
  const { db, appUrl, ready, receiver } = await line(t)
  const dying = openTestDatabase(appUrl, 2)
  const first = await ready({ db: dying })
  receiver.answer = async () => {
    receiver.answer = () => 204
    await dying.destroy()
    return 204
  }
  const id = await record(db, (events) => events.slice(0, 2))
  await until(() => receiver.taken.length === 1)
  await first.close()
  await ready()
  await until(() => receiver.taken.length === 2)
  t.equal(receiver.taken[0]?.id, receiver.taken[1]?.id)
  t.equal(receiver.taken[1]?.data.call, id)
})

t.test('two nodes share the work', async (t) => {
  const { db, ready, receiver, unsent } = await line(t)
  await ready()
  await ready()
  const ids = await Promise.all(Array.from({ length: 30 }, () => record(db)))
  await until(async () => (await unsent()) === 0)
  for (const id of ids) t.strictSame(receiver.typesOf(id), ofCall)
  t.equal(new Set(receiver.tried.map(({ id }) => id)).size, 120)
})

t.test('a redirect is not followed, and an endless answer is not read', async (t) => {
  const { db, ready, receiver, clock } = await line(t)
  const deliveries = await ready()
  receiver.answer = () => 302
  const id = await record(db, (events) => events.slice(0, 2))
  await until(() => deliveries.counts.failed === 1)
  t.equal(receiver.tried.length, 1, 'the address of the redirect was not asked')
  receiver.answer = () => 'flood'
  clock.aheadMs += 2_100
  await deliveries.sweep()
  await until(() => deliveries.counts.failed === 2)
  receiver.answer = () => 204
  clock.aheadMs += 10_100
  await deliveries.sweep()
  await until(() => receiver.typesOf(id).length === 1)
})

t.test('an event of a newer release waits for a node that can read it', async (t) => {
  const { db, adminUrl, ready, receiver, clock, unsent, lines } = await line(t)
  const deliveries = await ready()
  const admin = openTestDatabase(adminUrl)
  t.teardown(() => admin.destroy())
  const at = new Date(monday)
  const event = JSON.stringify({ v: currentVersion + 1, type: 'OfferMade' })
  const row = { call: CallId('pbx1-1790000000.902'), seq: 1, at, type: 'OfferMade', event, after: event }
  await admin.insertInto('call_events').values(row).execute()
  await until(() => lines.some((text) => text.includes('a node of a newer release')))
  const id = await record(db)
  await until(() => receiver.typesOf(id).length === 4)
  await until(async () => (await unsent()) === 1)
  clock.aheadMs += 61_000
  await deliveries.sweep()
  t.equal(receiver.tried.length, 4)
})

t.test('without WEBHOOK_URL nothing is listed, and what was listed is dropped', async (t) => {
  const { db, ready, options, receiver, unsent, lines } = await line(t)
  await record(db)
  t.equal(await unsent(), 0, 'never set')
  const first = await ready()
  receiver.answer = () => 500
  await record(db)
  await until(() => receiver.tried.length > 0)
  await first.close()
  const { redisUrl, prefix, log, now } = options
  const folder = t.testdir({ recordings: {}, keys: {} })
  const jobs = startJobs({
    redisUrl,
    prefix,
    db,
    log,
    now,
    recordings: `${folder}/recordings`,
    recordingKeys: `${folder}/keys`,
    webhooks: { databaseUrl: options.databaseUrl, receiver: null, openSecret: options.openSecret },
  })
  await until(() => lines.some((text) => text.includes('WEBHOOK_URL is not set any longer')))
  await jobs.stop()
  t.equal(await unsent(), 0)
  await record(db)
  t.equal(await unsent(), 0)
})
