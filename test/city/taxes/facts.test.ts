import t from 'tap'
import { dependent, factsOf, type Fact, type FactTopic } from '../../../src/city/taxes/facts.ts'
import { account, car, flat, garden, payment } from './accounts.ts'

const only = (facts: readonly Fact[], topic: FactTopic, about: string) =>
  facts.find(({ id }) => id === `${topic} ${about}`)

t.test('the facts of a family have their expected answers and their papers', async (t) => {
  const facts = factsOf(
    account({
      payments: [
        payment('2026-03-12', 'TM2026-2', { amount: 250_00 }),
        payment('2026-03-12', 'TM2026-2', { object: '2', amount: 150_00, charges: 10_00 }),
        payment('2025-09-30', 'TM2025-1'),
      ],
    }),
  )
  t.match(only(facts, 'co-owner', 'building any'), {
    expected: ['Popescu Maria-Elena'],
    papers: ['deed 1', 'deed 3'],
  })
  t.match(only(facts, 'other-street', 'land any'), {
    expected: ['Pomiculturii'],
    papers: ['notice 3', 'deed 3'],
  })
  t.equal(
    only(facts, 'other-street', 'building any'),
    undefined,
    'the flat is the domicile, which was said already',
  )
  t.match(only(facts, 'plate-ending', 'vehicle any'), { expected: ['ABC'], papers: ['notice 2', 'deed 2'] })
  t.match(only(facts, 'share', 'building any'), { expected: [{ numerator: 1, denominator: 2 }] })
  t.equal(only(facts, 'share', 'vehicle any'), undefined, 'who owns the whole would be guessed')
  t.match(only(facts, 'acquisition-year', 'vehicle any'), { expected: [2019], papers: ['deed 2'] })
  t.match(only(facts, 'useful-area', 'building any'), {
    expected: [{ from: 52, to: 58 }],
    papers: ['notice 1'],
  })
  t.match(only(facts, 'payment-month', 'payment last'), { expected: [3], papers: ['receipt TM2026-2'] })
  t.match(only(facts, 'payment-band', 'payment last'), { expected: [{ from: 369_00, to: 451_00 }] })
  t.match(only(facts, 'payment-month', 'payment 2025'), { expected: [9], papers: ['receipt TM2025-1'] })
})

t.test('facts of one paper are dependent, also across objects', async (t) => {
  const facts = factsOf(account({ payments: [payment('2026-03-12', 'TM2026-2')] }))
  const of = (topic: FactTopic, about: string) => {
    const fact = only(facts, topic, about)
    if (fact === undefined) throw new Error(`no fact about ${topic} ${about}`)
    return fact
  }
  t.ok(dependent(of('payment-month', 'payment last'), of('payment-band', 'payment last')), 'one receipt')
  t.ok(dependent(of('co-owner', 'building any'), of('co-owner', 'land any')), 'one name on two deeds')
  t.ok(dependent(of('share', 'building any'), of('share', 'land any')), 'the same share twice')
  t.ok(dependent(of('co-owner', 'building any'), of('acquisition-year', 'building any')), 'one deed')
  t.notOk(dependent(of('plate-ending', 'vehicle any'), of('useful-area', 'building any')))
  t.notOk(
    dependent(of('acquisition-year', 'building any'), of('useful-area', 'building any')),
    'deed and notice',
  )
})

t.test(
  'with many objects of a kind only the latest one is asked about, and none when the latest is ambiguous',
  async (t) => {
    const fleet = Array.from({ length: 5 }, (_, at) => ({
      ...car,
      id: `c${at}`,
      place: `TM 0${at} AA${'ABCDE'[at] ?? ''}`,
      acquired: `201${at}-01-01`,
    }))
    const facts = factsOf(account({ kind: 'company', objects: fleet }))
    t.match(only(facts, 'plate-ending', 'vehicle latest'), {
      expected: ['AAE'],
      subject: { which: 'latest' },
    })
    t.match(only(facts, 'count', 'vehicle any'), { expected: [5], papers: ['certificate'] })
    const sameDay = fleet.map((one) => ({ ...one, acquired: '2019-01-01' }))
    t.equal(factsOf(account({ objects: sameDay })).filter(({ topic }) => topic === 'plate-ending').length, 0)
  },
)

t.test('a subject reveals nothing that another question asks for', async (t) => {
  const facts = factsOf(
    account({ payments: [payment('2026-03-12', 'TM2026-2'), payment('2024-03-12', 'TM2024-2')] }),
  )
  const told = JSON.stringify(facts.map(({ subject }) => subject))
  t.notMatch(told, /ABC|Lazăr|Pomiculturii|2012|2019|2015|Maria/)
})

t.test('a person without objects has no facts; odd plates and undated objects give none', async (t) => {
  t.strictSame(factsOf(account({ objects: [] })), [])
  const odd = { ...car, place: 'PV 12', acquired: null }
  t.strictSame(factsOf(account({ objects: [odd] })), [])
})

t.test('co-owners and areas of several objects are all accepted', async (t) => {
  const second = {
    ...flat,
    id: '9',
    place: 'Bd. Cetății nr. 2, ap. 1',
    usefulArea: 40,
    coOwners: [{ name: 'Popa Radu', share: flat.share }],
  }
  const facts = factsOf(account({ objects: [flat, second, garden] }))
  t.match(only(facts, 'co-owner', 'building any'), { expected: ['Popescu Maria-Elena', 'Popa Radu'] })
  t.match(only(facts, 'other-street', 'building any'), { expected: ['Cetății'] })
  t.equal(only(facts, 'useful-area', 'building any')?.expected.length, 2)
})
