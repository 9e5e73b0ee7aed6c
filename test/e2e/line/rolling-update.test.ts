/** The running Asterisks restart for a new version while citizens call. */
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { restartOlderThan } from '../../../src/stack/commands/update.ts'
import { findAsterisk } from '../../../src/stack/install/asterisk-tree.ts'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'

t.test('an update waits for the call, and a standby takes over', { timeout: 1_500_000 }, async (t) => {
  const changes: string[] = []
  const scene = await openScene(t, {
    overrides: { STANDBY_PBX: '1' },
    onChange: (line) => changes.push(line),
  })
  const { linia, view } = scene
  const { settings } = linia.stack
  const asterisk = await findAsterisk()
  if (asterisk === null) throw new Error('the stack runs without an Asterisk')
  const agent = await scene.deskAgent('agent01')
  const citizen = await scene.town.call({ callerId: '0722000981', speech: tone(800) })
  const talk = await agent.phone.answerNext(tone(600))
  await until(() => [...view.calls.values()].some(({ phase }) => phase === 'talking'))

  await t.rejects(restartOlderThan(Date.now(), settings, asterisk, 3_000), {
    name: 'UserError',
    message: /always a call/,
  })
  t.notOk(
    changes.some((line) => line.includes('has taken over')),
    'the call goes on',
  )
  t.equal([...view.calls.values()][0]?.phase, 'talking')

  let restarted = false
  const restarting = restartOlderThan(Date.now(), settings, asterisk, 120_000).then(() => (restarted = true))
  // Several of its looks for an end of the calls.
  await delay(5_000)
  t.notOk(restarted, 'it waits for the call')
  talk.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  await restarting
  t.ok(changes.some((line) => line.includes('has taken over')))
  t.equal((await scene.record('0722000981')).outcome, 'answered')

  await linia.stack.ready(120_000)
  await until(() => view.agents.get(agent.id)?.state === 'ready')
  const next = await scene.town.call({ callerId: '0722000982' })
  const second = await agent.phone.answerNext(tone(600))
  await until(() => [...view.calls.values()].some(({ phase }) => phase === 'talking'))
  second.hangUp()
  await next.ended
  t.equal((await scene.record('0722000982')).outcome, 'answered')
})
