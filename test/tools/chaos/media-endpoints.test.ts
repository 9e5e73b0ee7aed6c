/** Subtraction of slow stretches of the machine from measured gaps. */
import t from 'tap'
import type { Span } from '../../support/pace/pace-meter.ts'
import { figuresOf, type Heard } from '../../../tools/chaos/media-endpoints.ts'

const heard = (gaps: readonly Span[], silent: Span | null = null): Heard => ({
  port: 10_000,
  hears: 10_002,
  packets: 100,
  lost: 0,
  gaps: [...gaps],
  silent,
  musicGapMs: 0,
  musicSilentMs: null,
  tones: [],
  firstAt: 0,
})
const figures = (one: Heard, slow: readonly Span[] | null) => figuresOf([one], slow).get(10_000)

void t.test('the longest gap is determined after subtracting slow stretches', async (t) => {
  const gaps = [
    { from: 0, to: 30 },
    { from: 100, to: 125 },
  ]
  t.match(figures(heard(gaps), [{ from: 5, to: 15 }]), { gapMs: 25, gapAt: 125, slowGapMs: 30 })
  t.match(figures(heard(gaps), [{ from: 40, to: 45 }]), { gapMs: 30, gapAt: 30, slowGapMs: 0 })
})

void t.test('of a slow stretch only the part that overlaps the gap is subtracted', async (t) => {
  t.match(figures(heard([{ from: 0, to: 60 }]), [{ from: 55, to: 65 }]), { gapMs: 55, slowGapMs: 60 })
})

void t.test('a current silence is reduced by slow stretches', async (t) => {
  t.match(figures(heard([], { from: 100, to: 140 }), [{ from: 100, to: 110 }]), { gapMs: 0, silentMs: 20 })
})

void t.test('the gaps of each tone in a mix are determined in the same way', async (t) => {
  const tones = [
    { hertz: 600, gaps: [{ from: 0, to: 30 }], silent: null },
    { hertz: 1000, gaps: [], silent: { from: 100, to: 140 } },
  ]
  const found = figures({ ...heard([]), tones }, [{ from: 5, to: 15 }])?.tones
  t.match(found?.get(600), { gapMs: 10, gapAt: 30, slowGapMs: 30, silentMs: 0 })
  t.match(found?.get(1000), { gapMs: 0, silentMs: 40 })
})

void t.test('with an unknown pace of the machine the whole gap counts', async (t) => {
  t.match(figures(heard([{ from: 0, to: 30 }]), null), { gapMs: 30, gapAt: 30, slowGapMs: null })
  t.match(figures(heard([]), null), { gapMs: 0, gapAt: null })
})
