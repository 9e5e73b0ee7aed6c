/** With `ANSWER=queue`, where the dialplan answers, a caller can still be refused as busy while the line is full. */
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { celSays } from './fallback-scene.ts'
import { caller } from '../support/sip/sipp.ts'

const scene = await setScene(t, [], { answer: 'queue' })

void t.test('a caller on a full line reaches the application unanswered', async (t) => {
  const answered = `${caller.invite()}${caller.answered}${caller.ack}${caller.hungUp}`
  const isAnswered = async () => {
    const { run, arrived, channel } = await scene.call(t, answered)
    await scene.pbx.perform({ do: 'HangUp', channel, as: 'normal' })
    t.equal(await run.done, 0)
    return arrived.answered
  }
  t.equal(await isAnswered(), true)

  await scene.pbx.tellRoom('message')
  const busy = await scene.call(t, `${caller.invite()}${caller.refused(486)}`)
  t.equal(busy.arrived.answered, false)
  await scene.pbx.perform({ do: 'HangUp', channel: busy.channel, as: 'busy' })
  t.equal(await busy.run.done, 0, 'the network hears busy')

  await scene.pbx.tellRoom('place')
  t.equal(await isAnswered(), true)
})

void t.test('without room the dialplan sends busy, but only while the heartbeat is fresh', async (t) => {
  const before = scene.events.length
  await scene.pbx.tellRoom('none')
  const busy = await scene.dial(t, `${caller.invite()}${caller.refused(486)}`)
  t.equal(await busy.done, 0)
  t.notOk(
    scene.events.slice(before).some(({ type }) => type === 'CallArrived'),
    'the application is not asked',
  )
  await celSays(scene, 'LINIA_BUSY')

  scene.stopBeat()
  // The dialplan takes a heartbeat for stale after more than three whole seconds.
  await delay(5_000)
  const waits = await scene.dial(t, `${caller.invite()}${caller.answered}${caller.ack}${caller.hangUp}`)
  t.equal(await waits.done, 0, 'the fallback answers')
})
