/** A citizen and an agent with a desk phone, through Asterisk, the server and the ledger, followed by another program. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { hasTone, heardSince, loudness, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { Receiver, secret } from '../../support/webhook-receiver.ts'
import { openScene, recordingOf, transitions } from '../scene.ts'

const citizenTone = 800
const agentTone = 600
/** A second of audio, in samples. */
const second = 8000

t.test('a citizen dials 969 and talks with an agent', async (t) => {
  const receiver = new Receiver()
  await receiver.listen()
  t.teardown(() => receiver.close())
  const secretFile = join(t.testdir({ secret }), 'secret')
  chmodSync(secretFile, 0o600)
  const scene = await openScene(t, {
    overrides: { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET_FILE: secretFile },
  })
  const { api, phone, id, name } = await scene.deskAgent('agent01')

  const citizen = await scene.town.call({ callerId: '0722000911', speech: tone(citizenTone) })
  const ring = await phone.nextRing()
  const told = (type: string) => receiver.taken.find((message) => message.type === type)
  await until(() => told('call.offered') !== undefined)
  t.match(told('call.offered')?.data, { line: '969', agent: { id, username: 'agent01' }, device: 'desk' })
  t.match(ring.caller, /722000911$/, 'the phone shows the caller’s number')
  await until(() => [...scene.view.calls.values()][0]?.phase === 'ringing')
  const shown = [...scene.view.calls.values()]
  t.match(
    shown,
    [{ caller: '+40722000911', phase: 'ringing', agent: { id, name } }],
    'the board shows the call',
  )

  const talk = await ring.answer(tone(agentTone))
  const connectedAt = performance.now()
  await until(
    () =>
      heardSince(talk.rtp, connectedAt).length > 2 * second &&
      heardSince(citizen.rtp, connectedAt).length > 2 * second,
  )
  const lastSecond = performance.now() - 1000
  t.ok(hasTone(citizenTone, heardSince(talk.rtp, lastSecond)), 'the agent hears the citizen')
  t.ok(hasTone(agentTone, heardSince(citizen.rtp, lastSecond)), 'the citizen hears the agent')

  talk.hangUp()
  t.match(await citizen.ended, { ending: 'line hung up' }, 'the citizen’s call ends too')
  const call = await scene.record('0722000911')
  t.same(transitions(call), ['CallArrived', 'OfferMade', 'AgentAnswered', 'Bridged', 'AgentHungUp'])
  t.match(call, { outcome: 'answered', line: '969', caller: '+40722000911', agent: { id, name } })
  for (const event of call.events) t.match(event.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

  await api.wrapUp(call.id, { subject: 'Probă', motivated: 'yes', reason: null, resolution: 'on the spot' })
  const finished = await scene.record('0722000911', ({ recording }) => recording === 'ready')
  t.match(finished.wrapUp, { subject: 'Probă', motivated: 'yes' })
  const { rate, channels } = await recordingOf(t, scene.board, call.id)
  const [caller = new Int16Array(), agent = new Int16Array()] = channels
  t.ok(hasTone(citizenTone, caller, rate), 'the first track is the citizen')
  t.ok(hasTone(agentTone, agent, rate), 'the second track is the agent')
  t.notOk(hasTone(agentTone, caller, rate), 'the tracks are separate')
  t.match(finished.manifest, { tracks: ['caller', 'agent'] })

  await until(() => told('recording.ready') !== undefined)
  t.same(receiver.typesOf(call.id), [
    'call.queued',
    'call.offered',
    'call.answered',
    'call.ended',
    'recording.ready',
  ])
  t.match(told('call.ended')?.data, { call: call.id, outcome: 'answered', endedBy: 'agent' })
  t.match(told('recording.ready')?.data, { segments: [{ agent: { username: 'agent01' } }], complete: true })
  t.equal(receiver.wrongSignatures, 0)
  t.notMatch(receiver.tried.map(({ body }) => body).join(), '722000911', 'without the caller’s number')
})

t.test('a citizen waits, hears music, and is served when an agent is ready', async (t) => {
  const scene = await openScene(t)
  const citizen = await scene.town.call({ callerId: '0722000912', speech: tone(citizenTone) })
  await citizen.answered
  await until(() => heardSince(citizen.rtp, 0).length > second)
  t.ok(loudness(heardSince(citizen.rtp, 0)) > 0.005, 'music')
  t.notOk(hasTone(agentTone, heardSince(citizen.rtp, 0)), 'no agent’s audio while waiting')
  const { phone } = await scene.deskAgent('agent01')
  const talk = await phone.answerNext(tone(agentTone))
  await until(() => hasTone(agentTone, heardSince(citizen.rtp, performance.now() - 500)))
  citizen.hangUp()
  t.equal((await talk.ended).by, 'them')
  const call = await scene.record('0722000912')
  t.match(call, { outcome: 'answered', events: { length: 5 } })
  t.equal(transitions(call).at(-1), 'CallerHungUp')
})
