/**
 * Callers who wait: what they are told of their place and time, whether it costs them anything, and how they go on to another queue,
 * by overflow or because their queue is removed.
 */
import t, { type Test } from 'tap'
import type { OverflowSetting } from '../../../src/core/configuration/schema.ts'
import type { LiveCallView } from '../../../src/http/live/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { heardSince, hears, loudness, tone } from '../../support/sip/audio.ts'
import { openRawCaller } from '../../support/sip/raw-caller.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { openScene, transitions, type DeskAgent, type Scene } from '../scene.ts'
import { announce, placeAndMinutes } from './estimate-steps.ts'

const agentTone = 600
const numbers = {
  taxes: '0256408300',
  /** Of a queue for which nobody has the skill. */
  left: '0256408301',
  /** Its callers wait in early media, which costs them nothing, and the network is told once an agent answers. */
  free: '0256408302',
  /** The same, of a queue that nobody serves. */
  unserved: '0256408303',
}
/** Longer, a network may end a call that is not answered. Here no network does; the product waits for minutes. */
const answeredAfterMs = 30_000
const overflowAfterSeconds = 10
/** Longer than the test: it would end the wait. */
const patienceMs = 900_000

interface Line {
  readonly scene: Scene
  readonly admin: Api
  readonly call: (callerId: string) => LiveCallView | undefined
  readonly waits: (callerId: string, number: string) => Promise<Citizen>
}

t.test('callers who wait', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 5, bounds: { answerAtLatestMs: answeredAfterMs } })
  const admin = new Api(scene.linia.url)
  await admin.signIn(scene.linia.account('admin01'))
  await publish(admin, ({ queues, ...document }) => ({
    ...document,
    queues: [
      ...queues.map((queue) => (queue.id === 'general' ? { ...queue, announce } : queue)),
      { id: 'left', name: 'Evenimente', skill: 'evenimente', levelMin: 1, priority: 10 },
      { id: 'unserved', name: 'Urbanism', skill: 'urbanism', levelMin: 1, priority: 5 },
    ],
    numbers: [
      ...document.numbers,
      { number: numbers.taxes, also: [], name: 'Taxe', queue: 'taxe' },
      { number: numbers.left, also: [], name: 'Evenimente', queue: 'left' },
      { number: numbers.free, also: [], name: 'Primărie', queue: 'general', answer: 'agent' },
      { number: numbers.unserved, also: [], name: 'Urbanism', queue: 'unserved', answer: 'agent' },
    ],
  }))
  await inForce(scene.linia)
  const call = (callerId: string) =>
    [...scene.view.calls.values()].find(({ caller }) => caller === `+4${callerId}`)
  const line: Line = {
    scene,
    admin,
    call,
    async waits(callerId, number) {
      const citizen = await scene.town.call({ callerId, number, speech: tone(citizenTone), patienceMs })
      await until(() => call(callerId)?.phase === 'waiting')
      return citizen
    },
  }
  // This one waits while the others are served.
  const unserved = await line.waits('0722000914', numbers.unserved)
  const arrivedBy = performance.now()
  const answered = unserved.answered.then((isAnswered) => isAnswered && performance.now() - arrivedBy)

  await t.test('they hear their place and their minutes', async (t) => {
    await placeAndMinutes(t, scene, numbers.taxes)
    await publish(admin, ({ queues, ...document }) => ({
      ...document,
      queues: queues.map((queue) => {
        const { announce: _, ...rest } = queue
        return rest
      }),
    }))
  })
  await t.test('the network is told of early media, and of no answer', (t) => earlyMedia(t, line))
  await t.test('a caller hears music unanswered, while one of another number is answered', (t) =>
    freeWaiting(t, line),
  )
  await t.test('a caller whom nobody serves is answered in time, and waits on', async (t) => {
    const afterMs = await answered
    const isInTime =
      afterMs !== false && afterMs > answeredAfterMs - 5_000 && afterMs < answeredAfterMs + 60_000
    t.ok(isInTime, `after ${Math.round(Number(afterMs))} ms`)
    t.equal(call('0722000914')?.phase, 'waiting')
    await until(() => loudness(heardSince(unserved.rtp, performance.now() - 1_000)) > 0.005)
    unserved.hangUp()
    await unserved.ended
    t.match(await scene.record('0722000914'), { outcome: 'abandoned', line: numbers.unserved })
  })
  const agent = await scene.deskAgent('agent02')
  await t.test('they overflow by length and by wait', (t) => overflow(t, line, agent))
  await t.test('their queue is removed: they are handed on, and served in order', (t) =>
    removedQueue(t, line, agent),
  )
})

async function earlyMedia(t: Test, { scene, call }: Line): Promise<void> {
  const raw = await openRawCaller(t, scene.linia.sip)
  const invited = raw.invite({ number: numbers.free, from: '<sip:0722000911@test>' })
  await until(() => call('0722000911')?.phase === 'waiting' && invited.statuses.includes(183))
  invited.cancel()
  t.equal(await invited.final, 487)
  t.notOk(invited.statuses.includes(200), invited.statuses.join(' '))
  t.match(await scene.record('0722000911'), { outcome: 'abandoned', answeredAt: null })
}

/** Nobody is signed in, before and afterwards. */
async function freeWaiting(t: Test, { scene, waits }: Line): Promise<void> {
  const citizen = await waits('0722000912', numbers.free)
  let isAnswered = false
  void citizen.answered.then((answered) => (isAnswered = answered))
  await until(() => loudness(heardSince(citizen.rtp, performance.now() - 1_000)) > 0.005)

  const other = await waits('0722000913', '969')
  t.equal(await other.answered, true, 'the other number is answered with nobody there')
  other.hangUp()
  t.match(await other.ended, { ending: 'hung up' })

  const { phone, api, id } = await scene.deskAgent('agent01')
  const ring = await phone.nextRing(eventuallyMs)
  t.notOk(isAnswered, 'not while the phone rings')
  const before = Date.now()
  const talk = await ring.answer(tone(agentTone))
  t.equal(await citizen.answered, true)
  await until(() => hears(citizen.rtp, agentTone))
  await until(() => hears(talk.rtp, citizenTone))
  talk.hangUp()
  const { ending, answeredAt } = await citizen.ended
  t.equal(ending, 'line hung up')
  t.ok((answeredAt ?? 0) >= before, 'the answer is the agent’s')
  const call = await scene.record('0722000912')
  t.match(call, { outcome: 'answered', line: numbers.free })
  t.ok(transitions(call).includes('Bridged'))
  t.match(await scene.record('0722000913'), { outcome: 'abandoned', line: '969' })
  await api.signOut()
  await until(() => scene.view.agents.get(id)?.state === 'signed out')
}

/** The agent is ready, before and afterwards, and nobody waits. */
async function overflow(
  t: Test,
  { scene, admin, call, waits }: Line,
  { phone, id }: DeskAgent,
): Promise<void> {
  async function leave(overflow: OverflowSetting): Promise<void> {
    await publish(admin, ({ queues, ...document }) => ({
      ...document,
      queues: queues.map((queue) => (queue.id === 'left' ? { ...queue, overflow } : queue)),
    }))
    await inForce(scene.linia)
  }
  const whys = async (number: string) =>
    (await scene.record(number, (call) => transitions(call).includes('CallOverflowed'))).events.flatMap(
      ({ type, detail }) => (type === 'CallOverflowed' ? [(detail as { readonly why: string }).why] : []),
    )

  await leave({ to: 'general', whenWaiting: 1 })
  const next = phone.answerNext(tone(agentTone))
  const first = await waits('0722000931', numbers.left)
  const second = await scene.town.call({ callerId: '0722000932', number: numbers.left, patienceMs })
  const talk = await next
  await until(() => hears(second.rtp, agentTone))
  t.equal(call('0722000932')?.queue.id, 'general')
  t.match(call('0722000931'), { phase: 'waiting', queue: { id: 'left' } }, 'nobody is before the first one')
  t.same(await whys('0722000932'), ['length'])
  second.hangUp()
  await talk.ended
  await until(() => call('0722000932') === undefined)

  await leave({ to: 'general', afterSeconds: overflowAfterSeconds })
  const after = await phone.answerNext(tone(agentTone))
  await until(() => hears(first.rtp, agentTone))
  t.same(await whys('0722000931'), ['wait'])
  first.hangUp()
  await after.ended
  const { events, waitMs, queue } = await scene.record('0722000931')
  t.equal(queue, 'general')
  t.ok((waitMs ?? 0) >= overflowAfterSeconds * 1_000, `the whole wait counts: ${waitMs} ms`)
  t.equal(events.filter(({ type }) => type === 'CallOverflowed').length, 1, 'once')
  await until(() => scene.view.agents.get(id)?.state === 'ready')
}

async function removedQueue(
  t: Test,
  { scene, admin, call, waits }: Line,
  { api, phone, id, name }: DeskAgent,
): Promise<void> {
  await publish(admin, ({ queues, ...document }) => ({
    ...document,
    queues: queues.map((queue) => {
      const { overflow: _, ...rest } = queue
      return rest
    }),
  }))
  await inForce(scene.linia)
  await api.setState({ state: 'paused' })
  await until(() => scene.view.agents.get(id)?.state === 'paused')
  const callers = ['0722000921', '0722000922']
  const citizens: Citizen[] = []
  for (const caller of callers) citizens.push(await waits(caller, numbers.left))
  t.same(
    callers.map((caller) => call(caller)?.queue.id),
    ['left', 'left'],
  )
  await publish(admin, ({ queues, ...document }) => ({
    ...document,
    numbers: document.numbers.map((one) =>
      one.number === numbers.left ? { ...one, queue: 'general' } : one,
    ),
    queues: queues.filter((queue) => queue.id !== 'left'),
  }))
  await until(() => callers.every((caller) => call(caller)?.queue.id === 'general'))
  await api.setState({ state: 'ready' })
  for (const [index, citizen] of citizens.entries()) {
    const ring = await phone.nextRing(eventuallyMs)
    t.equal(ring.caller?.slice(-1), callers[index]?.slice(-1), 'in order of arrival')
    const talk = await ring.answer(tone(agentTone))
    await until(() => hears(citizen.rtp, agentTone) && hears(talk.rtp, citizenTone))
    if (index === citizens.length - 1) await api.setState({ state: 'paused' })
    talk.hangUp()
    t.match(await citizen.ended, { ending: 'line hung up' })
  }
  for (const caller of callers) {
    const served = await scene.record(caller)
    t.match(served, { outcome: 'answered', queue: 'general', agent: { name } })
    t.equal(transitions(served).filter((type) => type === 'CallMoved').length, 1, 'moved once')
  }
}
