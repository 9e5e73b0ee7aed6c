import * as fc from 'fast-check'
import t from 'tap'
import {
  drawQuestions,
  factsNeeded,
  mayBeAsked,
  questionsPerSet,
  type EarlierSet,
} from '../../../src/city/identity/draw.ts'
import { dependent, type Fact } from '../../../src/city/taxes/facts.ts'
import { fact, ordinary } from './facts.ts'

const first = () => 0
const idsOf = (set: readonly Fact[] | null) => (set ?? []).map(({ id }) => id)
const keyOf = (set: readonly Fact[] | null) => idsOf(set).sort().join('|')
const earlier = (set: readonly Fact[] | null, sameCall = false): EarlierSet => ({
  facts: idsOf(set),
  sameCall,
})

/** Facts of any topic on any papers, more dependent than those of a real account. */
const someFacts: fc.Arbitrary<readonly Fact[]> = fc
  .array(
    fc.record({
      topic: fc.constantFrom(
        'co-owner',
        'plate-ending',
        'acquisition-year',
        'useful-area',
        'payment-month',
        'share',
      ),
      papers: fc.uniqueArray(fc.integer({ min: 0, max: 8 }).map(String), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 14 },
  )
  .map((given) => given.map(({ topic, papers }, at) => fact(topic as 'co-owner', ['x'], papers, `f${at}`)))

void t.test('a set has three facts, no two on one paper or of one topic', async () => {
  fc.assert(
    fc.property(someFacts, fc.nat(), (facts, seed) => {
      const set = drawQuestions(facts, [], (below) => seed % below)
      if (set === null) return !mayBeAsked(facts)
      const pairs = set.flatMap((one, at) => set.slice(at + 1).map((other) => [one, other] as const))
      return (
        set.length === questionsPerSet &&
        set.every((one) => facts.includes(one)) &&
        pairs.every(([one, other]) => !dependent(one, other) && one.topic !== other.topic)
      )
    }),
  )
})

void t.test('a person with fewer than five independent facts is not asked', async (t) => {
  t.ok(mayBeAsked(ordinary))
  const papers = ['a', 'b', 'c', 'd', 'e']
  const topics = ['co-owner', 'plate-ending', 'acquisition-year', 'useful-area', 'count'] as const
  const five = topics.map((topic, at) => fact(topic as 'co-owner', ['x'], [papers[at] ?? '']))
  t.ok(mayBeAsked(five))
  t.equal(five.length, factsNeeded)
  for (const left of five) t.notOk(mayBeAsked(five.filter((one) => one !== left)))
  t.equal(drawQuestions(five.slice(1), [], first), null)
  t.equal(drawQuestions([], [], first), null, 'no objects, no payments')
  const oneNotice = topics.map((topic) => fact(topic as 'co-owner', ['x'], ['the notice']))
  t.notOk(mayBeAsked(oneNotice), 'one notice counts once, whatever stands on it')
  const months = papers.map((paper) => fact('payment-month', [3], [paper], `payment-month ${paper}`))
  t.notOk(mayBeAsked(months), 'one topic alone makes no set')
})

void t.test('no set repeats while another is left; then the one asked longest ago is drawn', async (t) => {
  const drawn: (readonly Fact[])[] = []
  const seen = new Set<string>()
  for (;;) {
    const set = drawQuestions(
      ordinary,
      drawn.map((one) => earlier(one)),
      first,
    )
    if (set === null || seen.has(keyOf(set))) {
      t.equal(keyOf(set), keyOf(drawn[0] ?? null), 'the first one, after all others')
      break
    }
    seen.add(keyOf(set))
    drawn.push(set)
  }
  t.comment(`an ordinary account has ${drawn.length} sets`)
  t.ok(drawn.length > 10)
})

void t.test('the second attempt of a call has new questions, as far as there are any', async () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (one, other) => {
      const set = drawQuestions(ordinary, [], (below) => one % below)
      const again = drawQuestions(ordinary, [earlier(set, true)], (below) => other % below)
      return keyOf(again) !== keyOf(set) && idsOf(again).filter((id) => idsOf(set).includes(id)).length <= 1
    }),
  )
})

void t.test(
  'every possible set can be drawn, also without delay from an account with very many facts',
  async (t) => {
    const sets = new Set<string>()
    let asked = 0
    drawQuestions(ordinary, [], (below) => {
      asked = below
      return 0
    })
    for (let at = 0; at < asked; at++) sets.add(keyOf(drawQuestions(ordinary, [], () => at)))
    t.equal(sets.size, asked)
    const topics = ['co-owner', 'plate-ending', 'acquisition-year', 'useful-area', 'count', 'share'] as const
    const many = Array.from({ length: 400 }, (_, at) =>
      fact(topics[at % topics.length] as 'co-owner', ['x'], [`paper ${at}`], `f${at}`),
    )
    const began = performance.now()
    t.equal(drawQuestions(many, [], first)?.length, questionsPerSet)
    t.comment(`${Math.round(performance.now() - began)} ms with 400 facts`)
  },
)
