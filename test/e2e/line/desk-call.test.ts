/**
 * Citizens and agents with desk phones, through Asterisk, the server and the ledger, followed by another program. During a long outage of
 * the server Asterisk serves the waiting callers, and the ledger records it afterwards.
 */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { asteriskCli } from '../../../tools/bench/comparison/systems.ts'
import { hasTone, heardSince, loudness, tone } from '../../support/sip/audio.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { Receiver, secret } from '../../support/webhook-receiver.ts'
import { openScene, recordingOf, transitions, type DeskAgent, type Scene } from '../scene.ts'

const citizenTone = 800
const agentTone = 600
/** A second of telephone audio: enough for a recording. */
const secondSamples = 8_000

t.test('agents with desk phones', { timeout: 1_500_000 }, async (t) => {
  const receiver = new Receiver()
  await receiver.listen()
  t.teardown(() => receiver.close())
  const secretFile = join(t.testdir({ secret }), 'secret')
  chmodSync(secretFile, 0o600)
  const scene = await openScene(t, {
    overrides: { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET_FILE: secretFile, WRAP_UP_MS: '600000' },
  })
  const first = await scene.deskAgent('agent01')
  await t.test('a citizen dials 969 and talks with an agent', (t) => talksWith(t, scene, first, receiver))
  const second = await scene.deskAgent('agent02', { ready: false })
  await t.test('a citizen waits, hears music, and is served when an agent is ready', (t) =>
    waits(t, scene, second),
  )
  // At work, and not free.
  await until(() => [first, second].every(({ id }) => scene.view.agents.get(id)?.state === 'wrap-up'))
  await t.test('callers served by the fallback are recorded as answered', (t) =>
    rescued(t, scene, [first, second]),
  )
})

/** Afterwards the agent is in wrap-up. */
async function talksWith(
  t: Test,
  scene: Scene,
  { api, phone, id, name }: DeskAgent,
  receiver: Receiver,
): Promise<void> {
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
      heardSince(talk.rtp, connectedAt).length > 2 * secondSamples &&
      heardSince(citizen.rtp, connectedAt).length > 2 * secondSamples,
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
}

/** Nobody is free, until this agent is ready, who is afterwards in wrap-up. */
async function waits(t: Test, scene: Scene, agent: DeskAgent): Promise<void> {
  const citizen = await scene.town.call({ callerId: '0722000912', speech: tone(citizenTone) })
  await citizen.answered
  await until(() => heardSince(citizen.rtp, 0).length > secondSamples)
  t.ok(loudness(heardSince(citizen.rtp, 0)) > 0.005, 'music')
  t.notOk(hasTone(agentTone, heardSince(citizen.rtp, 0)), 'no agent’s audio while waiting')
  await agent.api.setState({ state: 'ready' })
  const talk = await agent.phone.answerNext(tone(agentTone))
  await until(() => hasTone(agentTone, heardSince(citizen.rtp, performance.now() - 500)))
  citizen.hangUp()
  t.equal((await talk.ended).by, 'them')
  const call = await scene.record('0722000912')
  t.match(call, { outcome: 'answered', events: { length: 5 } })
  t.equal(transitions(call).at(-1), 'CallerHungUp')
}

/** Both are in wrap-up. */
async function rescued(t: Test, scene: Scene, deskAgents: readonly DeskAgent[]): Promise<void> {
  const waiting = await Promise.all(
    ['0722000982', '0722000983'].map((callerId) => scene.town.call({ callerId, speech: tone(citizenTone) })),
  )
  await until(() => [...scene.view.calls.values()].filter(({ phase }) => phase === 'waiting').length === 2)
  await fallbackHasMembers(scene)
  const server = scene.linia.stack.parts.get('server1')
  if (server === undefined) throw new Error('no server')
  await server.stop()

  const talks = await Promise.all(
    deskAgents.map(({ phone }) => phone.answerNext(tone(agentTone), eventuallyMs)),
  )
  const answeredAt = performance.now()
  for (const { rtp } of waiting)
    await until(
      () =>
        heardSince(rtp, answeredAt).length > secondSamples &&
        hasTone(agentTone, heardSince(rtp, performance.now() - 500)),
    )
  const [early, late] = waiting
  early?.hangUp()
  await early?.ended
  await server.start()
  const backAt = Date.now()
  await scene.linia.stack.ready(120_000)
  late?.hangUp()
  await Promise.all(talks.map((talk) => talk.ended))

  const ids = deskAgents.map(({ id }) => id)
  for (const [index, caller] of ['0722000982', '0722000983'].entries()) {
    const call = await scene.record(caller, ({ recording }) => recording === 'ready')
    t.match(call, { outcome: 'answered', queue: 'general' }, `caller ${index + 1}`)
    t.ok(ids.includes(call.agent?.id ?? ''), 'by one of the agents')
    t.ok((call.waitMs ?? 0) > 25_000, `after a wait of ${call.waitMs} ms`)
    const endedAt = Date.parse(call.endedAt ?? '')
    t.equal(endedAt < backAt, index === 0, 'the end is the caller’s hang-up')
    const { rate, channels } = await recordingOf(t, scene.board, call.id)
    t.ok(hasTone(citizenTone, channels[0] ?? new Int16Array(), rate), 'the caller is recorded')
    t.ok(hasTone(agentTone, channels[1] ?? new Int16Array(), rate), 'the agent is recorded')
  }
}

/** Waits until the fallback queue has its members, which are updated once a second. */
async function fallbackHasMembers({ linia }: Scene): Promise<void> {
  await until(async () => {
    const members = await asteriskCli(linia.stack, 'queue show linia-fallback')
    return ['agent01', 'agent02'].every((username) => members.includes(`PJSIP/${username}`))
  })
}
