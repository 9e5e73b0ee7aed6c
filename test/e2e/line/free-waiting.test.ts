/**
 * A number with `answer: agent`: its callers wait in early media, which costs them nothing, and the network is told once an agent
 * answers. Another number of the same line answers at once.
 */
import t from 'tap'
import { Api } from '../../../tools/demo/api.ts'
import { hears, heardSince, loudness, tone } from '../../support/sip/audio.ts'
import { openRawCaller } from '../../support/sip/raw-caller.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { openScene, transitions } from '../scene.ts'

const [agentTone, citizenTone] = [600, 800]
const free = '0256408300'
/** The same, of a queue that nobody serves. */
const unserved = '0256408301'
/** Longer, a network may end a call that is not answered. Here no network does; the product waits for minutes. */
const answeredAfterMs = 30_000

t.test('waiting is free at one number', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, bounds: { answerAtLatestMs: answeredAfterMs } })
  const admin = new Api(scene.linia.url)
  await admin.signIn(scene.linia.account('admin01'))
  await publish(admin, ({ numbers, queues, ...document }) => ({
    ...document,
    queues: [...queues, { id: 'urbanism', name: 'Urbanism', skill: 'urbanism', levelMin: 1, priority: 5 }],
    numbers: [
      ...numbers,
      { number: free, also: [], name: 'Primărie', queue: 'general', answer: 'agent' },
      { number: unserved, also: [], name: 'Urbanism', queue: 'urbanism', answer: 'agent' },
    ],
  }))
  await inForce(scene.linia)
  const phaseOf = (callerId: string) =>
    [...scene.view.calls.values()].find(({ caller }) => caller === `+4${callerId}`)?.phase
  const patient = await scene.town.call({ callerId: '0722000914', number: unserved, patienceMs: 900_000 })
  const arrivedBy = performance.now()
  const answered = patient.answered.then((isAnswered) => isAnswered && performance.now() - arrivedBy)
  const raw = await openRawCaller(t, scene.linia.sip)

  await t.test('the network is told of early media, and of no answer', async (t) => {
    const call = raw.invite({ number: free, from: '<sip:0722000911@test>' })
    await until(() => phaseOf('0722000911') === 'waiting' && call.statuses.includes(183))
    call.cancel()
    t.equal(await call.final, 487)
    t.notOk(call.statuses.includes(200), call.statuses.join(' '))
    t.match(await scene.record('0722000911'), { outcome: 'abandoned', answeredAt: null })
  })

  await t.test('a caller hears music unanswered, while one of the other number is answered', async (t) => {
    const citizen = await scene.town.call({
      callerId: '0722000912',
      number: free,
      speech: tone(citizenTone),
      // Longer than the test: it would end the wait.
      patienceMs: 900_000,
    })
    let isAnswered = false
    void citizen.answered.then((answered) => (isAnswered = answered))
    await until(() => phaseOf('0722000912') === 'waiting')
    await until(() => loudness(heardSince(citizen.rtp, performance.now() - 1_000)) > 0.005)

    const other = await scene.town.call({ callerId: '0722000913' })
    t.equal(await other.answered, true, 'the other number is answered with nobody there')
    await until(() => phaseOf('0722000913') === 'waiting')
    other.hangUp()
    t.match(await other.ended, { ending: 'hung up' })

    const { phone } = await scene.deskAgent('agent01')
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
    t.match(call, { outcome: 'answered', line: free })
    t.ok(transitions(call).includes('Bridged'))
    t.match(await scene.record('0722000913'), { outcome: 'abandoned', line: '969' })
  })

  await t.test('a caller whom nobody serves is answered in time, and waits on', async (t) => {
    const afterMs = await answered
    const isInTime =
      afterMs !== false && afterMs > answeredAfterMs - 5_000 && afterMs < answeredAfterMs + 60_000
    t.ok(isInTime, `after ${Math.round(Number(afterMs))} ms`)
    t.equal(phaseOf('0722000914'), 'waiting')
    await until(() => loudness(heardSince(patient.rtp, performance.now() - 1_000)) > 0.005)
    patient.hangUp()
    await patient.ended
    const call = await scene.record('0722000914')
    t.match(call, { outcome: 'abandoned', line: unserved })
  })
})
