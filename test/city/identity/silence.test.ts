import * as fc from 'fast-check'
import t from 'tap'
import { joinMs, marginMs, silencesOf } from '../../../src/city/identity/silence.ts'
import { beganAt, readSearch, typingMsMax, typingMsMin } from '../../../src/city/identity/search.ts'

const t0 = 1_764_000_000_000
/** A minute of talk, half a minute on hold, another minute. */
const spans = [
  { offsetMs: 0, startedAt: t0, durationMs: 60_000 },
  { offsetMs: 60_000, startedAt: t0 + 90_000, durationMs: 60_000 },
]

void t.test('a check is silenced at its place in the file, with a margin', async (t) => {
  t.same(silencesOf(spans, [{ startedAt: t0 + 10_000, endedAt: t0 + 20_000 }]), [
    { offsetMs: 10_000 - marginMs, durationMs: 10_000 + 2 * marginMs },
  ])
  t.same(silencesOf(spans, []), [])
  t.same(silencesOf([], [{ startedAt: t0, endedAt: t0 + 1 }]), [], 'nobody talked')
  t.same(silencesOf(spans, [{ startedAt: t0 - 50_000, endedAt: t0 + 500_000 }]), [
    { offsetMs: 0, durationMs: 120_000 },
  ])
})

void t.test(
  'a check around a hold is silenced on both sides; the hold itself is not in the file',
  async (t) => {
    t.same(silencesOf(spans, [{ startedAt: t0 + 50_000, endedAt: t0 + 100_000 }]), [
      { offsetMs: 50_000 - marginMs, durationMs: 10_000 + marginMs + 10_000 + marginMs },
    ])
    t.same(silencesOf(spans, [{ startedAt: t0 + 70_000, endedAt: t0 + 80_000 }]), [])
  },
)

void t.test('two parts of one check form one silence, two checks form two', async (t) => {
  const at = (from: number, to: number) => ({ startedAt: t0 + from, endedAt: t0 + to })
  t.equal(silencesOf(spans, [at(30_000, 35_000), at(10_000, 25_000)]).length, 1, 'search and questions')
  const apart = 25_000 + 2 * marginMs + joinMs + 1
  t.equal(silencesOf(spans, [at(10_000, 25_000), at(apart, apart + 1_000)]).length, 2)
})

void t.test('every recorded moment of a check is silenced', async () => {
  const moment = fc.integer({ min: -20_000, max: 170_000 })
  const stretches = fc.array(fc.tuple(moment, fc.integer({ min: 0, max: 40_000 })), { maxLength: 5 })
  fc.assert(
    fc.property(stretches, moment, (given, at) => {
      const checks = given.map(([from, ms]) => ({ startedAt: t0 + from, endedAt: t0 + from + ms }))
      const silences = silencesOf(spans, checks)
      const apart = silences.every(
        (one, index) =>
          index === 0 || one.offsetMs > silences[index - 1]!.offsetMs + silences[index - 1]!.durationMs,
      )
      const said = checks.some(({ startedAt, endedAt }) => t0 + at >= startedAt && t0 + at <= endedAt)
      const span = spans.find((one) => t0 + at >= one.startedAt && t0 + at < one.startedAt + one.durationMs)
      if (!said || span === undefined) return apart
      const offset = span.offsetMs + t0 + at - span.startedAt
      return (
        apart && silences.some((one) => offset >= one.offsetMs && offset <= one.offsetMs + one.durationMs)
      )
    }),
  )
})

void t.test('a search requires name, address and a whole CNP or CUI', async (t) => {
  const form = { name: 'Popescu Ion', address: 'Str. Lazăr 12', identifier: '1850315351233' }
  t.match(readSearch(form), { ok: true, search: { name: 'Popescu Ion', identifier: { kind: 'person' } } })
  t.match(readSearch({ ...form, identifier: 'RO 18547290' }), {
    ok: true,
    search: { identifier: { kind: 'company' } },
  })
  t.same(
    readSearch({ ...form, identifier: '1850315351237' }),
    { ok: false, wrong: 'identifier' },
    'check digit',
  )
  t.same(
    readSearch({ ...form, identifier: '2900229350012' }),
    { ok: false, wrong: 'identifier' },
    '29 February 1990',
  )
  t.same(
    readSearch({ ...form, identifier: '1233' }),
    { ok: false, wrong: 'identifier' },
    'its end is not enough',
  )
  for (const name of ['', '  ', '1850315351233', '<b>', '%%%', '-']) {
    t.same(readSearch({ ...form, name: name === '<b>' ? '<>' : name }), { ok: false, wrong: 'name' }, name)
  }
  for (const address of ['', '12', 'nr 5', '%']) {
    t.same(readSearch({ ...form, address }), { ok: false, wrong: 'address' }, address)
  }
  for (const name of ["O'Brien-D’Angelo Șerban", 'Ştefănescu Ţuţa', '<script>Pop</script>', 'x'.repeat(200)])
    t.ok(readSearch({ ...form, name }).ok, name.slice(0, 30))
})

void t.test('the silence begins where the agent began to type, within a bound', async (t) => {
  t.equal(beganAt(t0, t0 - 90_000), t0 - 90_000)
  t.equal(beganAt(t0, null), t0 - typingMsMin, 'a desk that says nothing')
  t.equal(beganAt(t0, t0 - 100), t0 - typingMsMin, 'a desk that says it late')
  t.equal(beganAt(t0, t0 + 365 * 86_400_000), t0 - typingMsMin, 'a clock that was set back by a year since')
  t.equal(beganAt(t0, t0 - 10 ** 9), t0 - typingMsMax)
})
