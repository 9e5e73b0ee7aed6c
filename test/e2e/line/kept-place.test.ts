/** Callers who keep their place: their queue is removed while they wait; they call while they are to be called back. */
import t from 'tap'
import type { Test } from 'tap'
import type { Static } from 'typebox'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { hears, tone } from '../../support/sip/audio.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { transitions } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600

t.test('callers keep their place', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, {})
  const admin = new Api(scene.linia.url)
  await admin.signIn(scene.linia.account('admin01'))
  const calls = (callerId: string) =>
    [...scene.view.calls.values()].filter(({ caller }) => caller === `+4${callerId}`)
  const waits = async (callerId: string) => {
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone), patienceMs: 900_000 })
    await until(() => calls(callerId).some(({ phase }) => phase === 'waiting'))
    return citizen
  }
  const { api, phone, id, name } = await scene.deskAgent('agent01', { ready: false })
  const agentIs = (state: string) => until(() => scene.view.agents.get(id)?.state === state)

  await t.test('a queue that is removed hands its callers on, who are served in order', async (t) => {
    await publish(admin, ({ numbers, queues, ...document }) => ({
      ...document,
      numbers: numbers.map((number) => ({ ...number, queue: 'taxe' })),
      queues: queues.map((queue) => (queue.id === 'taxe' ? { ...queue, skill: 'fiscal' } : queue)),
    }))
    await inForce(scene.linia)
    const callers = ['0722000921', '0722000922']
    const citizens = [await waits('0722000921'), await waits('0722000922')]
    t.same(
      callers.map((caller) => calls(caller)[0]?.queue.id),
      ['taxe', 'taxe'],
    )
    await publish(admin, ({ numbers, queues, ...document }) => ({
      ...document,
      numbers: numbers.map((number) => ({ ...number, queue: 'general' })),
      queues: queues.filter((queue) => queue.id !== 'taxe'),
    }))
    await until(() => callers.every((caller) => calls(caller)[0]?.queue.id === 'general'))
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
    await agentIs('paused')
    for (const caller of callers) {
      const call = await scene.record(caller)
      t.match(call, { outcome: 'answered', queue: 'general', agent: { name } })
      t.equal(transitions(call).filter((type) => type === 'CallMoved').length, 1, 'moved once')
    }
  })

  /** What became of each call of a citizen, once all are over. */
  async function onRecord(callerId: string): Promise<string[]> {
    const items = async () =>
      (await scene.board.get<Static<typeof CallPage>>(`/api/calls?limit=10&caller=${callerId}`)).items
    await until(async () => (await items()).every(({ outcome }) => outcome !== null))
    return (await items()).map(({ direction, outcome }) => `${direction} ${outcome}`).sort()
  }
  /** The citizen is to be called back; nobody is on the line. */
  async function isPromised(t: Test, callerId: string): Promise<void> {
    const citizen = await waits(callerId)
    const [call] = calls(callerId)
    await scene.board.ask('POST', `/api/calls/${encodeURIComponent(call?.id ?? '')}/callback`)
    t.match(await citizen.ended, { ending: 'line hung up' })
    await until(
      () => calls(callerId).every(({ phase }) => phase === 'promised') && calls(callerId).length === 1,
    )
  }
  /** The citizen who has called talks with the agent; then nothing is left of the callback. */
  async function isServedOnce(t: Test, callerId: string, citizen: Citizen): Promise<void> {
    const talk = await phone.answerNext(tone(agentTone), eventuallyMs)
    await until(() => hears(citizen.rtp, agentTone) && hears(talk.rtp, citizenTone))
    await until(() => calls(callerId).length === 1)
    await api.setState({ state: 'paused' })
    talk.hangUp()
    t.match(await citizen.ended, { ending: 'line hung up' })
    await until(() => calls(callerId).length === 0)
    await agentIs('paused')
    // An agent is free: whoever is still to be called back would be offered now.
    await api.setState({ state: 'ready' })
    const next = await scene.town.call({ callerId: '0722000939', patienceMs: 900_000 })
    const other = await phone.nextRing(eventuallyMs)
    t.match(other.caller, /722000939$/, 'the next caller is offered, and no callback')
    next.hangUp()
    await next.ended
    await api.setState({ state: 'paused' })
    await agentIs('paused')
  }

  await t.test('a citizen calls who is to be called back', async (t) => {
    const callerId = '0722000931'
    await isPromised(t, callerId)
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone), patienceMs: 900_000 })
    await until(() => calls(callerId).length === 2)
    await api.setState({ state: 'ready' })
    await isServedOnce(t, callerId, citizen)
    t.equal(outside.rings.length, 0, 'the citizen is not dialled')
    t.same(await onRecord(callerId), ['inbound answered', 'inbound callback', 'outbound cancelled'])
  })

  await t.test('a citizen calls while they are being dialled', async (t) => {
    const callerId = '0722000932'
    await isPromised(t, callerId)
    await api.setState({ state: 'ready' })
    const dialling = await phone.answerNext(tone(agentTone), eventuallyMs)
    const ring = await outside.nextRing(eventuallyMs)
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone), patienceMs: 900_000 })
    t.equal(await ring.over, 'cancelled', 'they are dialled no more')
    await dialling.ended
    await isServedOnce(t, callerId, citizen)
    t.equal(outside.rings.length, 1)
    // The attempt that the call has cut short, and the one that was to follow.
    const attempts = ['outbound cancelled', 'outbound cancelled']
    t.same(await onRecord(callerId), ['inbound answered', 'inbound callback', ...attempts])
  })
})
