import t from 'tap'
import {
  merged,
  PaceMeter,
  slowMs,
  StillMeter,
  withCatchingUp,
  type Slow,
} from '../../support/pace/pace-meter.ts'
import { paceSentence } from '../../support/pace/pace.ts'

/** A meter with a sample every 4 ms, whose durations are given. */
function metered(tookMs: readonly number[]): (Slow | null)[] {
  let next = 1
  const meter = new PaceMeter((boundMs) => Math.min(next, boundMs))
  return tookMs.map((took, at) => {
    next = took
    return meter.sample(() => at * 4)
  })
}

void t.test('three slow samples in a row are a stretch, which lasts until a quick one', async (t) => {
  t.same(metered([1, 5, 1, 5, 5, 1]), [null, null, null, null, null, null], 'interrupts')
  t.same(metered([1, 5, 5, 5, 5, 1]), [null, null, null, { from: 1, to: 12 }, { from: 1, to: 16 }, null])
})

void t.test('permanent slowness becomes the baseline', async (t) => {
  const found = metered(Array.from({ length: 600 }, () => 5))
  t.ok(found[200] !== null)
  t.equal(found.at(-1), null)
})

void t.test('slow time within a span is summed without counting it twice', async (t) => {
  const slow = [
    { from: 10, to: 20 },
    { from: 30, to: 40 },
  ]
  t.equal(slowMs(slow, { from: 0, to: 100 }), 20)
  t.equal(slowMs(slow, { from: 15, to: 35 }), 10)
  t.equal(slowMs(slow, { from: 20, to: 30 }), 0)
  t.equal(slowMs(withCatchingUp(slow), { from: 0, to: 100 }), 40)
  const close = withCatchingUp([
    { from: 10, to: 20 },
    { from: 25, to: 35 },
  ])
  t.equal(slowMs(close, { from: 0, to: 100 }), 35, 'nothing is counted twice')
  t.match(paceSentence(slow, { from: 0, to: 100 }), /20\.0 % of the time, 2 times, up to 10 ms/)
  t.equal(paceSentence(slow, { from: 50, to: 100 }), 'the machine kept its pace')
})

void t.test(
  'a late wake-up without waiting for the processor means that the processor stood still',
  async (t) => {
    const meter = new StillMeter(7)
    t.equal(meter.woke({ due: 10, now: 10.5, waitedMs: 7 }), null, 'an interrupt')
    t.equal(meter.woke({ due: 20, now: 32, waitedMs: 19 }), null, 'the thread waited for the processor')
    t.same(meter.woke({ due: 40, now: 55, waitedMs: 19 }), { from: 40, to: 55 })
    t.same(
      meter.woke({ due: 60, now: 72, waitedMs: 22 }),
      { from: 60, to: 69 },
      'the wait afterwards does not count',
    )
  },
)

void t.test('overlapping stretches of two processors are merged', async (t) => {
  const stretches = [
    { from: 30, to: 40 },
    { from: 10, to: 20 },
    { from: 15, to: 25 },
    { from: 32, to: 35 },
  ]
  t.same(merged(stretches), [
    { from: 10, to: 25 },
    { from: 30, to: 40 },
  ])
})
