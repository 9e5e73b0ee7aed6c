/** The server is killed with calls in progress: no caller is lost, the order is kept. */
import t from 'tap'
import { gapsSince, heardSince, loudness, tone, hasTone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openScene, transitions } from '../scene.ts'

const agentTone = 600
const citizenTone = 800
/** A new caller hears something within this while the server is dead (docs/budgets.md). */
const hearsWithinMs = 4000
/** Audio must not depend on the server: a longer gap is more than a stalled machine. */
const goesOnMs = 3000
/** Bound for adopting all calls after the server is back. */
const adoptedMs = 3000

t.test('kill -9 with calls talking and waiting', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t)
  const first = await scene.deskAgent('agent01')
  const talkingCitizen = await scene.town.call({ callerId: '0722000930', speech: tone(citizenTone) })
  const talking = await first.phone.answerNext(tone(agentTone))
  const second = await scene.deskAgent('agent02')
  const otherCitizen = await scene.town.call({ callerId: '0722000931' })
  const other = await second.phone.answerNext(tone(agentTone))
  const waiters = []
  for (const index of [2, 3, 4]) {
    const callerId = `072200093${index}`
    waiters.push(await scene.town.call({ callerId, speech: tone(citizenTone) }))
    await until(() =>
      [...scene.view.calls.values()].some((call) => call.caller === `+40${callerId.slice(1)}`),
    )
  }
  await until(() => [...scene.view.calls.values()].filter(({ phase }) => phase === 'talking').length === 2)

  scene.linia.kill('server1')
  const killedAt = performance.now()
  const newcomer = await scene.town.call({ callerId: '0722000935' })
  await until(() => loudness(heardSince(newcomer.rtp, killedAt)) > 0.005, hearsWithinMs)
  t.pass(`a new caller hears something after ${Math.round(performance.now() - killedAt)} ms`)
  await until(() => hasTone(agentTone, heardSince(talkingCitizen.rtp, performance.now() - 500)))
  await until(() => hasTone(citizenTone, heardSince(talking.rtp, performance.now() - 500)))
  for (const end of [talkingCitizen.rtp, talking.rtp])
    t.ok(Math.max(...gapsSince(end, killedAt)) < goesOnMs, 'conversations continue')

  await scene.linia.stack.ready(120_000)
  const backAt = performance.now()
  const shown = () => [...scene.view.calls.values()]
  await until(() => shown().length === 6, adoptedMs + 5000)
  t.comment(`all on the board ${Math.round(performance.now() - backAt)} ms after the server was ready`)
  t.equal(shown().filter(({ phase }) => phase === 'talking').length, 2, 'both conversations are shown')

  // The agents end their calls; waiting callers are served in order of arrival.
  talking.hangUp()
  t.equal((await talkingCitizen.ended).ending, 'line hung up')
  const order: (string | null)[] = []
  for (let served = 0; served < 4; served += 1) {
    const ring = await first.phone.nextRing()
    order.push(ring.caller)
    const talk = await ring.answer(tone(agentTone))
    await until(() => scene.view.agents.get(first.id)?.state === 'talking')
    await until(() => shown().filter(({ phase }) => phase === 'talking').length === 2)
    talk.hangUp()
    await until(() => scene.view.agents.get(first.id)?.state !== 'talking')
  }
  t.same(
    order.map((caller) => caller?.slice(-1)),
    ['2', '3', '4', '5'],
    'in order of arrival',
  )
  other.hangUp()
  await otherCitizen.ended
  await Promise.all(waiters.map((waiter) => waiter.ended))

  for (const last of [0, 1, 2, 3, 4, 5]) {
    const call = await scene.record(`072200093${last}`)
    t.equal(call.outcome, 'answered', `caller ${last} is recorded`)
    t.ok(transitions(call).includes('Bridged'))
    t.equal(new Set(call.events.map(({ seq }) => seq)).size, call.events.length, 'each transition once')
  }
})

t.test('while the server hangs a new caller hears music', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t)
  scene.linia.kill('server1', 'SIGSTOP')
  const hungAt = performance.now()
  const newcomer = await scene.town.call({ callerId: '0722000936' })
  await until(() => loudness(heardSince(newcomer.rtp, hungAt)) > 0.005, hearsWithinMs)
  t.pass(`the new caller hears something after ${Math.round(performance.now() - hungAt)} ms`)
  // The supervisor kills and restarts the server, which then serves the caller.
  const shown = (): boolean => [...scene.view.calls.values()].some((call) => call.caller === '+40722000936')
  await until(shown)
  const { phone } = await scene.deskAgent('agent01')
  const talk = await phone.answerNext(tone(agentTone))
  await until(() => hasTone(agentTone, heardSince(newcomer.rtp, performance.now() - 500)))
  newcomer.hangUp()
  await talk.ended
  t.equal((await scene.record('0722000936')).outcome, 'answered', 'the call is recorded')
})
