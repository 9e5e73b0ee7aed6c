/** The greeting with the recording notice. */
import t from 'tap'
import { heardSince, loudness, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openScene, transitions } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'

/** The greeting lasts some seconds. */

t.test('the greeting is played before the queue', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { GREETING: 'full' } })
  const { phone } = await scene.deskAgent('agent01')
  const hurried = await scene.town.call({ callerId: '0722000971' })
  await until(() => loudness(heardSince(hurried.rtp, 0)) > 0.005)
  hurried.hangUp()
  const gone = await scene.record('0722000971')
  t.match(gone, { outcome: 'abandoned', queuedAt: null, waitMs: null })
  t.same(transitions(gone), ['CallArrived', 'CallerHungUp'])
  t.equal(phone.rings.length, 0, 'no phone has rung for the caller')

  const patient = await scene.town.call({ callerId: '0722000972' })
  await patient.answered
  const talk = await phone.answerNext(tone(600))
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  talk.hangUp()
  await patient.ended
  t.ok(await hasHeardPrompt(scene.linia, patient, 'greeting'))
  const served = await scene.record('0722000972')
  const expected = ['CallArrived', 'PlaybackEnded', 'OfferMade', 'AgentAnswered', 'Bridged', 'AgentHungUp']
  t.same(transitions(served), expected)
  t.match(served, { outcome: 'answered' })
  const greeted = Date.parse(served.queuedAt ?? '') - Date.parse(served.arrivedAt)
  t.ok(greeted > 2_000, `in the queue after ${greeted} ms`)
})
