/** The simulated callers and phones without Asterisk: a citizen dials a desk phone directly. */
import t from 'tap'
import { hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { openTestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'

const enough = 4000

/** An unregistered phone, and an exchange that calls it. */
async function pair(t: Tap) {
  const server = { host: '127.0.0.1', port: 9 }
  const phone = await openTestPhone(t, { server, username: 'agent', password: '-' })
  const town = await openTown(t, { target: phone.address })
  return { phone, town }
}
type Tap = Parameters<typeof openTown>[0]

t.test('a citizen and an agent hear each other; both sides report the one that hangs up', async (t) => {
  const { phone, town } = await pair(t)
  const citizen = await town.call({ speech: tone(800), callerId: '0722000902' })
  const talk = await phone.answerNext(tone(600))
  t.equal(talk.caller, '0722000902')
  t.equal(await citizen.answered, true)
  await until(() => heardSince(talk.rtp, 0).length > enough && heardSince(citizen.rtp, 0).length > enough)
  t.ok(hasTone(800, heardSince(talk.rtp, 0)), 'the agent hears the citizen')
  t.ok(hasTone(600, heardSince(citizen.rtp, 0)), 'the citizen hears the agent')
  t.notOk(hasTone(800, heardSince(citizen.rtp, 0)), 'the citizen does not hear an echo')
  talk.hangUp()
  t.equal((await talk.ended).by, 'us')
  t.match(await citizen.ended, { ending: 'line hung up' })
})

t.test('a citizen hangs up first', async (t) => {
  const { phone, town } = await pair(t)
  const citizen = await town.call()
  const talk = await phone.answerNext(null)
  await citizen.answered
  citizen.hangUp()
  t.equal((await talk.ended).by, 'them')
  t.match(await citizen.ended, { ending: 'hung up' })
})

t.test('an impatient citizen gives up while it rings', async (t) => {
  const { phone, town } = await pair(t)
  const citizen = await town.call({ patienceMs: 800 })
  const ring = await phone.nextRing()
  t.equal(await ring.over, 'cancelled')
  t.match(await citizen.ended, { ending: 'gave up', answeredAt: null })
  await t.rejects(ring.answer(null), 'too late to answer')
})

t.test('a busy phone refuses', async (t) => {
  const { phone, town } = await pair(t)
  const citizen = await town.call({ callerId: null })
  const ring = await phone.nextRing()
  t.equal(ring.caller, null)
  ring.refuse(486)
  t.match(await citizen.ended, { ending: 'refused', status: 486 })
})
