/** Callbacks through the desk, the owner and Asterisk: by order, with an agent first, within opening hours, over a kill. */
import t from 'tap'
import { agentLegOf, callerLegOf, dismissalOf, CallId, ChannelId } from '../../src/core/ids.ts'
import { bounds } from '../../src/core/rules.ts'
import { callbacksLeft, isAsked, meaningOf } from '../../src/acd/callbacks/by-key.ts'
import { callbacksNow } from '../../src/acd/callbacks/due.ts'
import type { MenuKey } from '../../src/core/configuration/menu.ts'
import { newQueue } from '../../src/core/queue.ts'
import { QueueId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { rules as sampleRules } from '../core/samples.ts'
import {
  ana,
  callback,
  ended,
  numbered,
  perform,
  picksUp,
  promisedTo,
  stageWith,
  vera,
} from './callback-stage.ts'
import { queue } from './stage.ts'

const redis = await testRedis(t)
/** Nothing but other calls keeps a callback from its place. */
const atAnyTime = {
  clock: { now: () => 0, wall: () => 0 } as never,
  opening: () => ({ open: true, closesAt: null }) as const,
  directory: {
    outbound: () => null,
    blockOf: (number: string | null) => (number === '+40256100206' ? 7 : null),
  },
  rules: sampleRules,
} as const

void t.test(
  'a citizen is called back after those who called before, and before those who came later',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    stage.asterisk.arrive('c1', { callerNumber: numbered(1) })
    await server.phase('c1', 'waiting')
    const { id, queuedAt } = await promisedTo(on, 'c2', 2)
    t.match(await ended(stage, 'c2'), { outcome: 'callback', endedBy: 'system', queuedAt })
    stage.asterisk.arrive('c3', { callerNumber: numbered(3) })
    await server.phase('c3', 'waiting')
    stage.second()
    await server.work('ana')
    await server.talk('c1')
    t.equal(server.call(id)?.phase, 'promised', 'the earlier caller first')
    t.same(stage.did('DialCaller'), [])
    stage.asterisk.hangUp(callerLegOf(CallId('c1')))
    await picksUp(server, id)
    await server.phase(id, 'dialling')
    t.equal(server.call('c3')?.phase, 'waiting')
    await soon(() => stage.channel(id) !== undefined)
    t.match(stage.did('DialCaller'), [{ channel: id, number: numbered(2) }])
    stage.asterisk.pickUp(callerLegOf(id))
    const { offer } = await server.phase(id, 'talking')
    t.ok(stage.hear(id, offer.id))
    stage.asterisk.hangUp(callerLegOf(id))
    t.match(await ended(stage, id), {
      direction: 'outbound',
      outcome: 'answered',
      callback: { of: 'c2', attempt: 1 },
    })
    t.match(await server.phase('c3', 'ringing'), { offer: { agent: ana } })
    const placed = stage.events.find((event) => event.id === id)?.event
    t.match(placed, { type: 'CallPlaced', by: null, returns: { call: 'c2' } })
    t.match(stage.events.find(({ event }) => event.type === 'CallbackPromised')?.event, {
      call: id,
      by: vera,
    })
  },
)

void t.test('the next attempt waits for its time, and for the number to be open', async (t) => {
  const on = await stageWith(t, redis)
  const { stage, server } = on
  await server.work('ana')
  const imposed = { do: 'pause', agent: ana, reason: 'meal' } as const
  await server.owner.desk.perform(imposed)
  const { id } = await promisedTo(on, 'c1', 1)
  stage.opening = { open: false, opensAt: null, closedAt: null }
  await server.owner.desk.perform({ do: 'ready', agent: ana })
  stage.second()
  t.equal(server.call(id)?.phase, 'promised', 'closed')
  stage.opening = { open: true, closesAt: null }
  stage.second()
  await picksUp(server, id)
  await soon(() => stage.channel(id) !== undefined)
  stage.asterisk.hangUp(callerLegOf(id), 'busy')
  t.match(await ended(stage, id), { outcome: 'busy' })
  const next = callback('c1', 2)
  t.match(await server.phase(next, 'promised'), { callback: { attempt: 2 } })
  stage.second()
  t.equal(server.call(next)?.phase, 'promised', 'a pause after an attempt in vain')
  stage.aheadMs += stage.rules.callbackAgainMs
  stage.second()
  await server.phase(next, 'ringing')
})

void t.test(
  'a number that is taken out of the rules keeps its place, and nobody is rung for it',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    const { id, queuedAt } = await promisedTo(on, 'c1', 1)
    const { allowed, agents, supervisors, perHour, perHourAll } = sampleRules.callOut
    const setting = { allowed: [...allowed], agents, supervisors, perHour, perHourAll }
    stage.publish({ ...setting, allowed: ['+4031'] })
    stage.second()
    await server.work('ana')
    stage.second()
    t.match(server.call(id), { phase: 'promised', queuedAt })
    t.equal(server.agent('ana').state, 'ready')
    stage.publish(setting)
    stage.second()
    t.match(await server.phase(id, 'ringing'), { callback: { attempt: 1 } })
  },
)

void t.test('a server that dies loses neither the promise nor the place', async (t) => {
  const on = await stageWith(t, redis)
  const { stage, server } = on
  const { id, queuedAt } = await promisedTo(on, 'c1', 1)
  await server.kill()
  await stage.leaseLapses()
  const second = await stage.server('two').start()
  t.match(second.call(id), { phase: 'promised', queuedAt })
  await second.work('ana')
  await picksUp(second, id)
  await soon(() => stage.channel(id) !== undefined)
  t.equal(stage.did('DialCaller').length, 1)
})

void t.test(
  'a caller who comes while a server starts is behind a callback whose time has come',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    const { id } = await promisedTo(on, 'c1', 1)
    stage.opening = { open: false, opensAt: null, closedAt: null }
    stage.second()
    await server.work('ana')
    t.equal(server.call(id)?.phase, 'promised', 'closed')
    await server.kill()
    await stage.leaseLapses()
    stage.opening = { open: true, closesAt: null }
    const second = stage.server('two')
    const apply = second.pbx.applyDirectory.bind(second.pbx)
    second.pbx.applyDirectory = (...directory) => {
      stage.asterisk.arrive('c2', { callerNumber: numbered(2) })
      return apply(...directory)
    }
    await second.start()
    t.match(second.call(id), { phase: 'ringing', offer: { agent: ana } })
    t.equal(second.call('c2')?.phase, 'waiting')
  },
)

void t.test(
  'a citizen who calls meanwhile has the place, and the callback ends once they have talked',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    const { id, queuedAt } = await promisedTo(on, 'c1', 1)
    stage.asterisk.arrive('c2', { callerNumber: numbered(2) })
    await server.phase('c2', 'waiting')
    stage.asterisk.arrive('c3', { callerNumber: numbered(1) })
    t.match(await server.phase('c3', 'waiting'), { queuedAt })
    stage.asterisk.arrive('c4', { callerNumber: numbered(1) })
    const other = await server.phase('c4', 'waiting')
    t.ok((other.queuedAt ?? 0) > (queuedAt ?? 0), 'somebody else with that number has no place of theirs')
    stage.second()
    await server.work('ana')
    const { offer } = await server.phase('c3', 'ringing')
    t.match([server.call('c2')?.phase, server.call(id)?.phase], ['waiting', 'promised'])
    await soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
    stage.asterisk.answer(agentLegOf(offer.id))
    await server.phase('c3', 'talking')
    t.match(await ended(stage, id), { outcome: 'cancelled', endedBy: 'caller' })
    t.match(stage.events.findLast((event) => event.id === id)?.event, { type: 'CallerServed', call: 'c3' })
  },
)

void t.test('a citizen who calls and hangs up before an agent answers is called back', async (t) => {
  const on = await stageWith(t, redis)
  const { stage, server } = on
  const { id } = await promisedTo(on, 'c1', 1)
  stage.asterisk.arrive('c2', { callerNumber: numbered(1) })
  await server.phase('c2', 'waiting')
  await server.work('ana')
  await server.phase('c2', 'ringing')
  t.equal(server.call(id)?.phase, 'promised', 'while the number is on the line')
  stage.asterisk.hangUp(callerLegOf(CallId('c2')))
  t.match(await ended(stage, 'c2'), { outcome: 'abandoned' })
  stage.second()
  await picksUp(server, id)
  await soon(() => stage.channel(id) !== undefined)
})

void t.test(
  'a citizen who calls while an agent is rung for them, or while they are dialled, is not called',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    const { id } = await promisedTo(on, 'c1', 1)
    await server.work('ana')
    stage.second()
    await server.phase(id, 'ringing')
    stage.asterisk.arrive('c2', { callerNumber: numbered(1) })
    await server.phase(id, 'promised')
    const { offer } = await server.phase('c2', 'ringing')
    t.equal(offer.agent, ana)
    stage.asterisk.hangUp(callerLegOf(CallId('c2')))
    await server.over('c2')
    stage.second()
    await picksUp(server, id)
    await soon(() => stage.channel(id) !== undefined)
    stage.asterisk.arrive('c3', { callerNumber: numbered(1) })
    t.match(await ended(stage, id), { outcome: 'cancelled', endedBy: 'caller' })
    await server.phase(callback('c1', 2), 'promised')
  },
)

void t.test(
  'a conversation in another queue leaves the callback, and so does a firm’s second caller',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    const { id } = await promisedTo(on, 'c1', 1)
    const calls = [
      { ...server.call(id), queue: QueueId('taxes') },
      {
        id: 'c2',
        phase: 'talking',
        direction: 'inbound',
        answeredAt: Infinity,
        queue: server.call(id)?.queue,
        caller: server.call(id)?.caller,
      },
    ]
    const told: unknown[] = []
    const look = (of: readonly unknown[]) => {
      callbacksNow(
        {
          acdState: { calls: () => of.map((value) => ({ value })), setDue: () => undefined } as never,
          conductor: {
            apply: (call: string, { type }: { type: string }) => Promise.resolve(told.push([call, type])),
          } as never,
        },
        atAnyTime,
      )
      return told.splice(0)
    }
    t.same(look(calls), [[id, 'CallerCameBack']])
    t.same(look([server.call(id), calls[1]]), [[id, 'CallerServed']], 'after a crash')
    const overflowed = { ...calls[0], overflowedFrom: server.call(id)?.queue }
    t.same(look([overflowed, calls[1]]), [[id, 'CallerServed']], 'it has overflowed from that queue')
    stage.asterisk.arrive('c5', { callerNumber: numbered(1) })
    await server.phase('c5', 'waiting')
    t.match(await perform(server, 'promiseCallback', 'c5'), { ok: true }, 'the same callback')
    await stage.endTold('c5')
    t.match(stage.events.findLast(({ event }) => event.type === 'CallbackPromised')?.event, { call: id })
    t.equal(server.call(callback('c5')), undefined)
    t.equal(server.call(id)?.phase, 'promised')
  },
)

void t.test('a promise that cannot be kept is not given', async (t) => {
  const { stage, server } = await stageWith(t, redis)
  const refusalOf = async (call: string, number: string) => {
    stage.asterisk.arrive(call, { callerNumber: number })
    await server.phase(call, 'waiting')
    const answer = await perform(server, 'promiseCallback', call)
    return answer.ok ? null : answer.refusal
  }
  t.equal(await refusalOf('c1', ''), 'no number')
  t.equal(await refusalOf('c2', '0906123456'), 'a premium number')
  t.equal(await refusalOf('c3', '+4930123456'), 'a foreign number')
  t.equal(await refusalOf('c4', '0256969'), 'our own number')
  t.equal(await refusalOf('c7', '0256408969'), 'our own number', 'one of the configuration')
  stage.asterisk.arrive('c5', { callerNumber: numbered(5) })
  await server.phase('c5', 'waiting')
  t.equal(await refusalOf('c6', numbered(5)), 'number in another call')
  const refused = { ok: false, refusal: 'call not waiting' }
  t.match(await perform(server, 'promiseCallback', 'c9'), refused)
})

void t.test('after a crash the citizen who is on the line is not called', (t) => {
  const held: string[] = []
  const promised = { phase: 'promised', direction: 'outbound', answeredAt: null, callback: {} }
  const calls = [
    { ...promised, id: 'b1', caller: { number: '+40256100201' }, notBefore: Infinity },
    { ...promised, id: 'b2', caller: { number: '+40256100202' }, notBefore: Infinity },
    { id: 'c1', phase: 'waiting', direction: 'inbound', caller: { number: '+40256100201' } },
    { id: 'c2', phase: 'dismissing', direction: 'inbound', caller: { number: '+40256100202' } },
    { ...promised, id: 'b3', caller: { number: '+40256100203' }, notBefore: 0 },
    { ...promised, id: 'b4', caller: { number: '+40256100204' }, notBefore: 0 },
    { ...promised, id: 'b6', caller: { number: '+40256100206' }, notBefore: 0 },
    { id: 'c3', phase: 'voicemail', direction: 'inbound', caller: { number: '+40256100203' } },
  ]
  const due = new Map<string, boolean>()
  const setDue = (id: string, isDue: boolean) => due.set(id, isDue)
  callbacksNow(
    {
      acdState: { calls: () => calls.map((value) => ({ value })), setDue } as never,
      conductor: { apply: (id: string) => Promise.resolve(held.push(id)) } as never,
    },
    atAnyTime,
  )
  t.same(held, ['b1'])
  t.same([due.get('b3'), due.get('b4')], [false, true], 'nor one who leaves a message: the number is busy')
  t.equal(due.get('b6'), false, 'nor a number that has been blocked since')
  t.end()
})

void t.test('a supervisor cancels a callback, but no conversation', async (t) => {
  const on = await stageWith(t, redis)
  const { stage, server } = on
  const { id } = await promisedTo(on, 'c1', 1)
  t.match(await perform(server, 'promiseCallback', id), { refusal: 'call not waiting' })
  t.match(await perform(server, 'cancelCallback', id), { ok: true })
  t.match(await ended(stage, id), { outcome: 'cancelled', endedBy: 'supervisor' })
  t.match(await perform(server, 'cancelCallback', id), { refusal: 'not to be called back' })
  stage.asterisk.arrive('c2', { callerNumber: numbered(2) })
  await server.phase('c2', 'waiting')
  t.match(await perform(server, 'cancelCallback', 'c2'), { refusal: 'not to be called back' })
})

void t.test('a callback in a queue that is removed goes to that of its number', async (t) => {
  const on = await stageWith(t, redis)
  const { stage, server } = on
  const { id } = await promisedTo(on, 'c1', 1)
  stage.reconfigure(newQueue(QueueId('other'), 'Alta'))
  stage.second()
  t.equal(server.call(id)?.queue, 'other')
})

void t.test(
  'a caller who has waited presses 2, hears the number, presses 1, and keeps the place',
  async (t) => {
    const { stage, server } = await stageWith(t, redis)
    stage.asterisk.playMs = null
    stage.reconfigure({ ...queue, callback: { afterSeconds: 1, standingMax: 1 } })
    const asks = (call: string, awaits: string) =>
      soon(() => {
        const held = server.call(call)
        return held?.phase === 'waiting' && held.question?.awaits === awaits
      })
    const presses = (call: string, key: MenuKey) => stage.asterisk.press(ChannelId(call), key)
    stage.asterisk.arrive('c0', { callerNumber: '' })
    stage.asterisk.arrive('c1', { callerNumber: numbered(1) })
    await server.phase('c1', 'waiting')
    stage.second()
    await asks('c1', 'interest')
    presses('c1', '1')
    await soon(() => server.call('c1')?.announced.askedAt !== null && stage.channel('c1')?.music === true)
    stage.asterisk.arrive('c2', { callerNumber: numbered(2) })
    await server.phase('c2', 'waiting')
    stage.second()
    await asks('c2', 'interest')
    presses('c2', '2')
    await asks('c2', 'confirmation')
    const { queuedAt } = await server.phase('c2', 'waiting')
    presses('c2', '1')
    await soon(() => stage.asterisk.playing.has(dismissalOf(CallId('c2'))))
    stage.asterisk.endPlayback(dismissalOf(CallId('c2')))
    await stage.endTold('c2')
    const id = callback('c2')
    t.match(await server.phase(id, 'promised'), { queuedAt })
    t.match(stage.events.find(({ event }) => event.type === 'CallbackPromised')?.event, {
      call: id,
      by: null,
    })
    stage.asterisk.arrive('c3', { callerNumber: numbered(3) })
    await server.phase('c3', 'waiting')
    stage.second()
    stage.second()
    for (const call of ['c0', 'c3'] as const)
      t.equal(server.call(call)?.announced.askedAt, null, call === 'c0' ? 'withheld' : 'as many as may stand')
    t.equal(server.call('c1')?.phase, 'waiting', 'one key is no promise')
  },
)

void t.test(
  'what cannot be promised is not asked, and what cannot be promised any more is not given',
  async (t) => {
    const { stage, server } = await stageWith(t, redis)
    stage.asterisk.arrive('c1', { callerNumber: numbered(1) })
    const held = await server.phase('c1', 'waiting')
    const asking = { ...queue, callback: { afterSeconds: 0, standingMax: 5 } }
    const deps = (change = {}) => ({
      acdState: { calls: () => [] } as never,
      directory: { numbers: () => [], outbound: () => null, blockOf: () => null } as never,
      rules: stage.rules,
      hasSound: () => true,
      ...change,
    })
    const now = held.queuedAt
    t.ok(isAsked(held, asking, now, deps()))
    const blocked = { numbers: () => [], blockOf: () => 1 } as never
    t.notOk(isAsked(held, asking, now, deps({ directory: blocked })))
    t.notOk(isAsked(held, asking, now, deps({ hasSound: () => false })))
    t.notOk(isAsked(held, queue, now, deps()), 'not in this queue')
    for (const number of [null, '+40906123456', '+4930123456', '+40256969'])
      t.notOk(isAsked({ ...held, caller: { number, name: null } }, asking, now, deps()), `${number}`)
    t.equal(callbacksLeft(queue, deps().acdState), bounds.callbacksMax, 'the queue says nothing')
    const confirming = { ...held, question: { awaits: 'confirmation' as const, until: now + 1_000 } }
    const all = {
      calls: () => [confirming, { ...held, id: CallId('c2') }].map((value) => ({ value })),
    } as never
    t.equal(callbacksLeft(asking, all), 4, 'one who has been asked may still confirm')
    t.match(meaningOf(confirming, '1', deps()), { type: 'CallbackPromised', by: null })
    t.match(
      meaningOf(confirming, '1', deps({ acdState: all })),
      { type: 'KeyPressed', key: '1' },
      'in another call',
    )
    t.match(meaningOf(confirming, '3', deps()), { type: 'KeyPressed', key: '3' })
  },
)
