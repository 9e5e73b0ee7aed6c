/** Callers overflow to another queue because too many wait before them, or because they have waited for too long. */
import t from 'tap'
import type { OverflowSetting } from '../../../src/core/configuration/schema.ts'
import { Api } from '../../../tools/demo/api.ts'
import { hears, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { openScene, transitions } from '../scene.ts'

const afterSeconds = 15

t.test('overflow by length and by wait', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1 })
  const api = new Api(scene.linia.url)
  await api.signIn(scene.linia.account('admin01'))
  /** Of the queue to which 969 leads, in which nobody is signed in. */
  async function leave(overflow: OverflowSetting): Promise<void> {
    await publish(api, ({ numbers, queues, ...document }) => ({
      ...document,
      numbers: numbers.map((number) => ({ ...number, queue: 'taxe' })),
      queues: queues.map((queue) => (queue.id === 'taxe' ? { ...queue, skill: 'fiscal', overflow } : queue)),
    }))
    await inForce(scene.linia)
  }
  const call = (number: string) =>
    [...scene.view.calls.values()].find(({ caller }) => caller === `+4${number}`)
  const dial = async (callerId: string) => {
    const citizen = await scene.town.call({ callerId, speech: tone(800), patienceMs: 900_000 })
    await until(() => call(callerId)?.phase === 'waiting')
    return citizen
  }
  const whys = async (number: string) =>
    (await scene.record(number, (call) => transitions(call).includes('CallOverflowed'))).events.flatMap(
      ({ type, detail }) => (type === 'CallOverflowed' ? [(detail as { readonly why: string }).why] : []),
    )

  await leave({ to: 'general', whenWaiting: 1 })
  const first = await dial('0722000931')
  const second = await dial('0722000932')
  await until(() => call('0722000932')?.queue.id === 'general')
  t.equal(call('0722000931')?.queue.id, 'taxe', 'nobody is before the first one')
  const { phone } = await scene.deskAgent('agent01')
  const talk = await phone.answerNext(tone(600))
  await until(() => hears(second.rtp, 600))
  t.same(await whys('0722000932'), ['length'])
  second.hangUp()
  await talk.ended
  await until(() => scene.view.agents.size > 0 && call('0722000932') === undefined)

  await leave({ to: 'general', afterSeconds })
  const next = phone.answerNext(tone(600))
  await until(() => call('0722000931')?.queue.id === 'general')
  await next
  await until(() => hears(first.rtp, 600))
  t.same(await whys('0722000931'), ['wait'])
  first.hangUp()
  const { events, waitMs } = await scene.record('0722000931')
  t.ok((waitMs ?? 0) >= afterSeconds * 1_000, `the whole wait counts: ${waitMs} ms`)
  t.equal(events.filter(({ type }) => type === 'CallOverflowed').length, 1, 'once')
})
