import t from 'tap'
import { startAsterisk } from '../support/asterisk.ts'
import { until } from '../support/until.ts'

void t.test(
  'the adapter connects, lists nothing, beats, and comes back after Asterisk was killed',
  async (t) => {
    const asterisk = await startAsterisk(t)
    const { pbx, events } = asterisk.pbx()
    await pbx.start(() => true)
    t.same(events, [{ type: 'Connected' }])
    const { startedAt, ...listed } = await pbx.inventory()
    t.same(listed, { callers: [], legs: [], bridges: [], phones: [], channels: [], named: 'pbx1' })
    t.ok(Math.abs(Date.now() - (startedAt ?? 0)) < 60_000, 'and says when it was started')
    await pbx.beat()

    const restarted = asterisk.restart()
    await until(() => events.some(({ type }) => type === 'Disconnected'))
    await t.rejects(pbx.beat(), { name: 'PbxAway' })
    await restarted
    await until(() => events.filter(({ type }) => type === 'Connected').length === 2)
    await pbx.beat()
  },
)

void t.test('a second connection of the same name takes the application over', async (t) => {
  const asterisk = await startAsterisk(t)
  const first = asterisk.pbx()
  await first.pbx.start(() => true)
  const second = asterisk.pbx()
  await second.pbx.start(() => true)
  await until(() => first.events.some(({ type }) => type === 'Replaced'))
  await t.rejects(first.pbx.beat(), { name: 'PbxAway' })
  await second.pbx.beat()
  t.same(second.events, [{ type: 'Connected' }])
})
