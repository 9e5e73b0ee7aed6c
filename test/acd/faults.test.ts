import t from 'tap'
import { agentLegOf, AgentId, CallId, ChannelId } from '../../src/core/ids.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')

void t.test('after a killed server the next one adopts talking and waiting calls, in order', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const first = await stage.server('one').start()
  await first.work('ana')
  stage.asterisk.arrive('talks')
  const offer = await first.talk('talks')
  for (const id of ['w1', 'w2', 'w3']) {
    stage.asterisk.arrive(id)
    await first.phase(id, 'waiting')
  }
  const before = ['w1', 'w2', 'w3'].map((id) => first.call(id)?.queuedAt)
  await first.kill()
  // While no server runs, one waiting caller gives up and another stays.
  stage.asterisk.hangUp(ChannelId('w2'))
  const second = await stage.server('one').start()
  t.match(second.call('talks'), { phase: 'talking', offer: { id: offer } })
  t.ok(stage.hear('talks', offer))
  t.match(second.agent('ana'), { state: 'talking', offer: { id: offer } })
  t.equal(second.call('w2'), undefined, 'the caller who left is gone')
  t.same([second.call('w1')?.queuedAt, second.call('w3')?.queuedAt], [before[0], before[2]])
  await second.work('ion')
  t.match(await second.phase('w1', 'ringing'), { offer: { agent: 'ion' } })
  await second.owner.desk.perform({ do: 'hangUp', agent: ana })
  t.match(await second.phase('w3', 'ringing'), { offer: { agent: 'ana' } })
})

void t.test('a new node waits for the lease of a dead one', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server('one').start()
  stage.asterisk.arrive('c1')
  await first.phase('c1', 'waiting')
  await first.kill()
  const starting = stage.server('two').start()
  await stage.leaseLapses()
  t.equal((await starting).call('c1')?.phase, 'waiting')
})

void t.test(
  'agents who hung up, answered or stopped ringing while the server was dead are found out',
  async (t) => {
    const stage = new Stage(t, redis, ['ana', 'ion', 'eva'])
    const first = await stage.server().start()
    await first.work('ana', 'ion', 'eva')
    stage.asterisk.arrive('c1')
    const hungUp = await first.talk('c1')
    stage.asterisk.arrive('c2')
    const { offer: answered } = await first.phase('c2', 'ringing')
    stage.asterisk.arrive('c3')
    const { offer: cut } = await first.phase('c3', 'ringing')
    await soon(() => stage.channel(agentLegOf(cut.id)) !== undefined)
    await first.kill()
    stage.asterisk.hangUp(agentLegOf(hungUp))
    stage.asterisk.answer(agentLegOf(answered.id))
    stage.asterisk.hangUp(agentLegOf(cut.id), 'no answer')
    const second = await stage.server().start()
    const back = await second.phase('c1', 'reconnecting')
    t.ok(back.invited, 'whether the agent hung up is not known: the phone rings again')
    await second.phase('c2', 'talking')
    t.ok(stage.hear('c2', answered.id))
    await soon(() => second.call('c3')?.phase === 'ringing')
    const agent = second.agent(cut.agent)
    t.equal(agent.missed, 0, 'a ring cut by our own death is no miss')
  },
)

void t.test('effects that were saved and not performed are performed by the next server', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server().start()
  await first.work('ana')
  let died: () => void = () => undefined
  const deaths = new Promise<void>((resolve) => {
    died = resolve
  })
  stage.asterisk.interfere = (effect) => (effect.do === 'RingAgent' ? deaths : undefined)
  stage.asterisk.arrive('c1')
  const { offer } = await first.phase('c1', 'ringing')
  await soon(async () => (await (await readyRedis(redis)).xlen(stage.keys.effects)) > 0)
  const killed = first.kill()
  died()
  await killed
  t.equal(stage.did('RingAgent').length, 0)
  stage.asterisk.interfere = () => undefined
  const second = await stage.server().start()
  await soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
  t.match(second.call('c1'), { phase: 'ringing', offer: { id: offer.id } })
  await second.talk('c1')
  const inspect = await readyRedis(redis)
  await soon(async () => (await inspect.xlen(stage.keys.effects)) === 0)
})

void t.test(
  'a recording that could not be handed over is handed over later, even by the next server',
  async (t) => {
    const stage = new Stage(t, redis, [])
    stage.recordings = () => Promise.reject(new Error('the jobs are away'))
    const first = await stage.server().start()
    stage.asterisk.arrive('c1')
    await first.phase('c1', 'waiting')
    stage.asterisk.hangUp(ChannelId('c1'))
    await first.over('c1')
    await soon(() => stage.alarms.includes('effect failed'))
    await first.kill()
    t.same(stage.recorded, [])
    stage.recordings = () => Promise.resolve()
    await stage.server().start()
    await soon(() => stage.recorded.includes('c1'))
  },
)

void t.test('events that were missed while disconnected from Asterisk are found out', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana', 'ion')
  stage.asterisk.arrive('gone')
  await server.talk('gone')
  stage.asterisk.arrive('stays')
  const offer = await server.talk('stays')
  stage.asterisk.arrive('waits')
  await server.phase('waits', 'waiting')
  stage.asterisk.disconnect()
  await soon(() => !server.owner.takesCalls())
  t.same(server.owner.missing(), ['asterisk'])
  for (const command of [
    { do: 'hold' },
    { do: 'decline' },
    { do: 'liftPause', by: { id: AgentId('sup'), name: 'Sorina' } },
    { do: 'endWrapUp' },
    { do: 'extendWrapUp', byMs: 1_000 },
  ] as const)
    t.match(
      await server.owner.desk.perform({ ...command, agent: ana }),
      { ok: false, refusal: 'line is away' },
      command.do,
    )
  stage.asterisk.hangUp(ChannelId('gone'))
  stage.asterisk.reconnect(server.pbx)
  await server.over('gone')
  t.ok(stage.hear('stays', offer))
  await server.phase('waits', 'ringing')
})

void t.test(
  'a hang-up that met a broken connection is repeated on the next one, and makes no new call',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    await server.talk('c1')
    stage.asterisk.interfere = (effect) => {
      if (effect.do === 'HangUp') stage.asterisk.disconnect()
      return undefined
    }
    await server.owner.desk.perform({ do: 'hangUp', agent: ana })
    stage.asterisk.interfere = () => undefined
    await soon(() => !server.owner.takesCalls())
    t.ok(stage.channel('c1'), 'the caller is still there')
    stage.asterisk.reconnect(server.pbx)
    await soon(() => stage.channel('c1') === undefined)
    await soon(() => server.owner.takesCalls())
    t.equal(server.call('c1'), undefined)
    const arrivals = stage.events.filter(
      (event) => event.subject === 'call' && event.event.type === 'CallArrived',
    )
    t.equal(arrivals.length, 1)
    await soon(() => server.agent('ana').state === 'ready')
    t.equal(stage.asterisk.bridges.size, 0)
  },
)

void t.test('a channel that is slow to go does not come back as a new call', async (t) => {
  const stage = new Stage(t, redis, [])
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  stage.asterisk.hangUp(ChannelId('c1'))
  await server.over('c1')
  // Asterisk still lists the channel that we have hung up.
  stage.asterisk.arrive('c1')
  await soon(() => stage.channel('c1') === undefined)
  t.equal(server.call('c1'), undefined)
})

void t.test('an agent whose call is unknown is freed', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const first = await stage.server().start()
  await first.work('ana', 'ion')
  stage.asterisk.arrive('c1')
  const talking = await first.talk('c1')
  stage.asterisk.arrive('c2')
  await first.phase('c2', 'ringing')
  await first.kill()
  const inspect = await readyRedis(redis)
  for (const hash of [stage.keys.states, stage.keys.versions]) await inspect.hdel(hash, 'call:c1', 'call:c2')
  for (const id of ['c1', 'c2']) stage.asterisk.hangUp(ChannelId(id))
  const second = await stage.server().start()
  t.match(second.agent('ana'), { state: 'ready', missed: 0 })
  t.match(second.agent('ion'), { state: 'ready', missed: 0 })
  await soon(() => stage.channel(agentLegOf(talking)) === undefined)
})

void t.test('a caller who arrives during reconciliation is greeted like any other', async (t) => {
  const stage = new Stage(t, redis, [])
  stage.rules = { ...stage.rules, greeting: true }
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  const { pbx } = server
  const inventory = pbx.inventory.bind(pbx)
  pbx.inventory = async () => {
    stage.asterisk.arrive('new')
    stage.asterisk.arrive('short')
    stage.asterisk.hangUp(ChannelId('short'))
    return inventory()
  }
  stage.asterisk.disconnect()
  stage.asterisk.reconnect(pbx)
  await server.phase('new', 'greeting')
  await soon(() => stage.did('Play').length > 0)
  await soon(() => stage.events.some(({ id, after }) => id === 'short' && 'endedAt' in after))
})

void t.test('a reconciliation that is overtaken by the next connection does no harm', async (t) => {
  const stage = new Stage(t, redis, [])
  const server = await stage.server().start()
  const { pbx } = server
  const inventory = pbx.inventory.bind(pbx)
  let release: () => void = () => undefined
  const slow = new Promise<void>((resolve) => {
    release = resolve
  })
  let asked = 0
  pbx.inventory = async () => {
    asked += 1
    const found = await inventory()
    // The first inventory comes long after the second connection was made.
    if (asked === 1) await slow
    return found
  }
  stage.asterisk.disconnect()
  stage.asterisk.reconnect(pbx)
  await soon(() => asked === 1)
  stage.asterisk.disconnect()
  stage.asterisk.reconnect(pbx)
  await soon(() => server.owner.takesCalls())
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  release()
  await soon(() => stage.asterisk.beats > 1)
  t.equal(server.call('c1')?.phase, 'waiting')
  t.ok(stage.channel('c1'))
})

void t.test('a reconciliation that fails while connected is retried', async (t) => {
  const stage = new Stage(t, redis, [])
  const server = stage.server()
  const apply = server.pbx.applyDirectory.bind(server.pbx)
  let tries = 0
  server.pbx.applyDirectory = (...directory) => {
    tries += 1
    return tries === 1 ? Promise.reject(new Error('reload failed')) : apply(...directory)
  }
  stage.asterisk.arrive('early')
  await server.start()
  t.equal(tries, 2)
  t.equal(server.call('early')?.phase, 'waiting')
})

void t.test('when Asterisk dies, its calls end, agents are free and the next call is served', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await server.talk('c1')
  stage.asterisk.arrive('c2')
  await server.phase('c2', 'waiting')
  stage.asterisk.die()
  await soon(() => !server.owner.takesCalls())
  stage.asterisk.restart(server.pbx)
  await server.over('c1')
  await server.over('c2')
  const lastOf = (id: string) => stage.events.findLast((event) => event.id === id)?.after
  await soon(() => ['c1', 'c2'].every((id) => 'endedAt' in (lastOf(id) ?? {})))
  t.match(lastOf('c1'), { outcome: 'answered', endedBy: 'system' })
  t.match(lastOf('c2'), { outcome: 'failed', endedBy: 'system' })
  t.equal(server.agent('ana').state, 'ready')
  stage.asterisk.arrive('c3')
  await server.talk('c3')
})

void t.test('a caller whom the fallback serves is not offered; a waiting one comes back', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server().start()
  for (const id of ['served', 'waits']) {
    stage.asterisk.arrive(id)
    await first.phase(id, 'waiting')
  }
  const queuedAt = first.call('waits')?.queuedAt
  await first.kill()
  stage.asterisk.rescue('served')
  stage.asterisk.rescue('waits')
  // An agent of the fallback queue talks with this caller; only the other still waits there.
  const retake = stage.asterisk.retake.bind(stage.asterisk)
  stage.asterisk.retake = (id) => id !== 'served' && retake(id)
  const second = await stage.server().start()
  await second.work('ana')
  const { offer } = await second.phase('waits', 'ringing')
  t.equal(second.call('waits')?.queuedAt, queuedAt)
  await soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
  stage.asterisk.hangUp(ChannelId('waits'))
  await second.over('waits')
  await soon(() => second.agent('ana').state === 'ready')
  t.equal(second.call('served')?.phase, 'waiting')
  t.equal(stage.did('RingAgent').length, 1)
  stage.asterisk.hangUp(ChannelId('served'))
  await second.over('served')
  await Promise.all(['served', 'waits'].map((id) => stage.endTold(id)))
  const ending = (id: string) => stage.events.findLast((event) => event.id === id)?.event
  t.same(ending('served'), { type: 'CallerLost', unwitnessed: true }, 'how it went on is not ours to tell')
  t.same(ending('waits'), { type: 'CallerHungUp' })
})

void t.test('a caller whom the watchdog takes while connected is out of the queue', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  // The first heartbeat may still be due, and would fetch them.
  stage.asterisk.retake = () => false
  for (const id of ['taken', 'back']) {
    stage.asterisk.arrive(id)
    await server.phase(id, 'waiting')
    stage.asterisk.rescue(id)
  }
  stage.asterisk.hangUp(ChannelId('taken'))
  await server.over('taken')
  await stage.endTold('taken')
  t.same(stage.events.findLast((event) => event.id === 'taken')?.event, {
    type: 'CallerLost',
    unwitnessed: true,
  })
  await server.work('ana')
  t.equal(server.call('back')?.phase, 'waiting', 'no agent is rung for the caller')
  stage.asterisk.enter(ChannelId('back'))
  await server.phase('back', 'ringing')
})

void t.test('a held caller whom the watchdog takes is not hung up, and is first on return', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('held')
  const offer = await server.talk('held')
  await server.owner.desk.perform({ do: 'hold', agent: ana })
  await server.phase('held', 'held')
  // The application hung and gets the events late: the caller is taken, and the agent's leg is ended.
  stage.asterisk.rescueAll()
  await server.phase('held', 'reconnecting')
  t.equal(stage.channel('held')?.here, false, 'the caller is with the fallback')
  t.notOk(stage.channel(agentLegOf(offer)))
  stage.asterisk.enter(ChannelId('held'))
  await soon(() => stage.did('RingAgent').length === 2)
  t.match(server.call('held'), { phase: 'reconnecting', invited: true }, 'the same agent is rung again')
})

void t.test(
  'a call whose step throws is quarantined; the others go on, and its agent is freed',
  async (t) => {
    const stage = new Stage(t, redis, ['ana', 'ion'])
    const server = await stage.server().start()
    await server.work('ana', 'ion')
    stage.asterisk.arrive('broken')
    const offer = await server.talk('broken')
    const call = server.call('broken')
    // As if memory had been corrupted: a stage that does not exist.
    Object.assign(call ?? {}, { phase: 'unheard of' })
    stage.asterisk.emit({ type: 'LegHeld', channel: agentLegOf(offer), held: true })
    await soon(() => stage.alarms.includes('call quarantined'))
    t.ok(stage.hear('broken', offer), 'its media is left alone')
    stage.asterisk.arrive('fine')
    const other = await server.talk('fine')
    t.ok(stage.hear('fine', other))
    stage.asterisk.hangUp(agentLegOf(offer))
    await soon(() => server.agent('ana').state === 'ready')
    t.ok(stage.channel('broken'))
    stage.asterisk.hangUp(ChannelId('broken'))
    await server.over('broken')
    t.equal(stage.alarms.length, 1)
  },
)

void t.test(
  'an event whose handling throws raises an alarm and keeps no other from being handled',
  async (t) => {
    const stage = new Stage(t, redis, [])
    const server = await stage.server().start()
    const line = stage.directory().queueOf
    t.ok(line)
    stage.opening = { open: true, closesAt: null }
    Object.defineProperty(stage, 'opening', {
      get() {
        throw new Error('hours cannot be read')
      },
      configurable: true,
    })
    stage.asterisk.arrive('c1')
    await soon(() => stage.channel('c1') === undefined)
    t.same(stage.alarms, ['event not taken'])
    Object.defineProperty(stage, 'opening', { value: { open: true, closesAt: null } })
    stage.asterisk.arrive('c2')
    await server.phase('c2', 'waiting')
  },
)

void t.test('when another process takes over the application, this one gives up, once', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await server.talk('c1')
  const other = stage.asterisk.adapter()
  other.onEvent(() => undefined)
  await other.start(() => true)
  await soon(() => stage.losses.length > 0)
  const done = stage.asterisk.done.length
  t.match(await server.owner.desk.perform({ do: 'hangUp', agent: ana }), {
    ok: false,
    refusal: 'line is away',
  })
  server.pbx.receive({ type: 'LegGone', channel: ChannelId('c1'), end: 'hung up' })
  t.notOk(server.owner.takesCalls())
  await server.owner.stop()
  t.same(stage.losses, ['another process took the application over'])
  t.equal(stage.asterisk.done.length, done)
})

void t.test('a fenced node neither saves nor performs anything', async (t) => {
  const stage = new Stage(t, redis, [])
  const server = await stage.server('one').start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  const inspect = await readyRedis(redis)
  await soon(async () => (await inspect.xlen(stage.keys.effects)) === 0)
  await inspect.set(stage.keys.lease, 'two:9999999999999999')
  const done = stage.asterisk.done.length
  stage.asterisk.arrive('c2')
  await soon(() => stage.losses.length > 0)
  await server.owner.stop()
  t.equal(stage.losses.length, 1)
  t.equal(stage.asterisk.done.length, done, 'nothing is performed that is not saved')
  t.ok(stage.alarms.includes('lease lost'))
  t.equal(await inspect.hget(stage.keys.versions, 'call:c2'), null)
  t.notOk(
    stage.events.some(({ id }) => id === 'c2'),
    'nor does the ledger hear of it',
  )
})

void t.test('agents who are added to the directory can work at once', async (t) => {
  const stage = new Stage(t, redis, [])
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  stage.hire('new')
  await server.work('new')
  t.match(await server.phase('c1', 'ringing'), { offer: { agent: 'new' } })
  t.equal(server.owner.line.call(CallId('nobody')), undefined)
})
