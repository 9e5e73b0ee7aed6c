/** A day is closed and opened again from the command line while the system runs. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { dateAt } from '../../../src/core/local-time.ts'
import { runCommand } from '../../../src/stack/command.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'

const linia = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))

t.test('closing and opening take effect at once, also in the fallback', { timeout: 1_500_000 }, async (t) => {
  const LINE_HOURS = 'Mon-Sun 00:00-24:00'
  const scene = await openScene(t, { agents: 1, ownDatabase: true, overrides: { LINE_HOURS } })
  const hours = (...args: string[]) => {
    const { PATH = '', HOME = '' } = process.env
    const env = { PATH, HOME, VAR_DIR: scene.linia.dir, LINE_HOURS }
    return runCommand(linia, ['hours', ...args], { env })
  }
  const fallbackHours = () => readFile(join(scene.linia.dir, 'asterisk/etc/numbers.conf'), 'utf8')
  const today = dateAt(Date.now())
  if (/^Closed now/m.test((await hours()).output)) {
    // A public holiday.
    const closed = await fallbackHours()
    t.match(await hours('open', today), { code: 0 })
    await until(async () => (await fallbackHours()) !== closed)
  }
  const before = await fallbackHours()

  t.match(await hours('close', today, 'avarie'), { code: 0, output: `closed on ${today}` })
  t.match(await hours(), { code: 0, output: /^Closed now/m })
  await until(async () => (await fallbackHours()) !== before)
  const turnedAway = await scene.town.call({ callerId: '0722000981' })
  t.match(await turnedAway.ended, { ending: 'line hung up' })
  // Closed, and the opening time.
  for (const prompt of ['closed', 'opens', 'goodbye'])
    t.ok(await hasHeardPrompt(scene.linia, turnedAway, prompt), prompt)
  t.notOk(await hasHeardPrompt(scene.linia, turnedAway, 'line-full'))
  t.match(await scene.record('0722000981'), { outcome: 'closed', queuedAt: null })

  t.match(await hours('open', today), { code: 0 })
  await until(async () => (await fallbackHours()) === before)
  const { phone } = await scene.deskAgent('agent01')
  const served = await scene.town.call({ callerId: '0722000982' })
  await phone.answerNext(null)
  // The state changes with the pick-up; the call counts as answered once bridged.
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  served.hangUp()
  t.match(await scene.record('0722000982'), { outcome: 'answered' })
})
