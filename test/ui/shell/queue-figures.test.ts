import t from 'tap'
import type { Today } from '../../../src/http/live/wire.ts'
import { queueFigures } from '../../../src/ui/shell/queue-figures.ts'

const today = { waiting: 3, longestWaitMs: 134_000, tooLong: true } as Today
const live = { status: 'live', superseded: false, lineUp: true, today } as const

t.test('callers waiting and the longest wait', async (t) => {
  t.same(queueFigures(live), { waiting: '3', longest: '02:14', tooLong: true, stale: false })
  t.match(queueFigures({ ...live, today: { ...today, tooLong: false } }), { tooLong: false })
  t.match(queueFigures({ ...live, today: { ...today, waiting: 0, longestWaitMs: null } }), {
    waiting: '0',
    longest: '–',
    stale: false,
  })
})

t.test('old figures are not shown', async (t) => {
  for (const part of [
    { status: 'silent' },
    { superseded: true },
    { lineUp: false },
    { today: null },
  ] as const)
    t.same(queueFigures({ ...live, ...part }), { waiting: '–', longest: '–', tooLong: false, stale: true })
})
