/** During a long outage of the server Asterisk serves the waiting callers, and the ledger records it afterwards. */
import t from 'tap'
import { asteriskCli } from '../../../tools/bench/comparison/systems.ts'
import { hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { openScene, recordingOf, type Scene, type DeskAgent } from '../scene.ts'

const citizenTone = 800
const agentTone = 600
/** A second of telephone audio: enough for a recording. */
const wordSamples = 8_000

t.test('callers served by the fallback are recorded as answered', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { WRAP_UP_MS: '600000' } })
  const deskAgents: DeskAgent[] = []
  // Both agents are in wrap-up after a call: at work, and not free.
  for (const [index, username] of ['agent01', 'agent02'].entries()) {
    const deskAgent = await scene.deskAgent(username)
    await scene.town.call({ callerId: `072200098${index}` })
    const talk = await deskAgent.phone.answerNext(tone(agentTone))
    await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
    talk.hangUp()
    await until(() => scene.view.agents.get(deskAgent.id)?.state === 'wrap-up')
    deskAgents.push(deskAgent)
  }
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
        heardSince(rtp, answeredAt).length > wordSamples &&
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
})

/** Waits until the fallback queue has its members, which are updated once a second. */
async function fallbackHasMembers({ linia }: Scene): Promise<void> {
  await until(async () => {
    const members = await asteriskCli(linia.stack, 'queue show linia-fallback')
    return ['agent01', 'agent02'].every((username) => members.includes(`PJSIP/${username}`))
  })
}
