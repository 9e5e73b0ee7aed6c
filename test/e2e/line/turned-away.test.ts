/** Callers who are not served hear why: the line is full, or they have waited for too long. */
import t from 'tap'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'

t.test('a full line, and the longest wait', { timeout: 1_500_000 }, async (t) => {
  // Long enough for the second caller to find the first one waiting, on a busy machine too.
  const overrides = { LINE_LENGTH_MAX: '1', WAIT_MAX_MS: '40000' }
  const scene = await openScene(t, { agents: 0, overrides })
  const waits = await scene.town.call({ callerId: '0722000941', patienceMs: 900_000 })
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'waiting'))
  const tooMany = await scene.town.call({ callerId: '0722000942', patienceMs: 900_000 })
  t.match(await tooMany.ended, { ending: 'line hung up' })
  t.match(await waits.ended, { ending: 'line hung up' })
  t.ok(await hasHeardPrompt(scene.linia, tooMany, 'line-full'))
  t.notOk(await hasHeardPrompt(scene.linia, tooMany, 'waited-too-long'))
  t.ok(await hasHeardPrompt(scene.linia, waits, 'waited-too-long'))
  t.match(await scene.record('0722000942'), { outcome: 'rejected', queuedAt: null })
  const { outcome, waitMs } = await scene.record('0722000941')
  t.equal(outcome, 'rejected')
  t.ok((waitMs ?? 0) >= 40_000, `after ${waitMs} ms`)
})
