import * as fc from 'fast-check'
import t from 'tap'
import { addDays, addMonths, isWeekend, rollForward, weekdayOf } from '../../../src/city/day.ts'
import { buildingTax } from '../../../tools/demo/fiscal/building-tax.ts'
import { bonusOf, instalmentsOf, splitByShares, termsOf } from '../../../tools/demo/fiscal/instalments.ts'
import { contractPenalties, lateCharges, lateMonths } from '../../../tools/demo/fiscal/late-charges.ts'
import { vehicleTax } from '../../../tools/demo/fiscal/vehicle-tax.ts'
import { holidays } from '../../../src/people/holidays.ts'

t.test('late months: the vectors of docs/rules/taxes.md', async (t) => {
  for (const [due, paid, months] of [
    ['2026-03-31', '2026-03-31', 0],
    ['2026-03-31', '2026-01-10', 0],
    ['2026-03-31', '2026-04-01', 1],
    ['2026-03-31', '2026-04-30', 1],
    ['2026-03-31', '2026-05-01', 2],
    ['2026-03-31', '2026-11-24', 8],
    ['2026-09-30', '2026-11-24', 2],
    ['2021-03-31', '2026-11-24', 68],
  ] as const)
    t.equal(lateMonths(due, paid), months, `${due} paid ${paid}`)
})

const days = fc.integer({ min: 0, max: 12_000 }).map((count) => addDays('2005-01-01', count))

t.test('late months are the least n with addMonths(due + 1, n) > paid', async (t) => {
  fc.assert(
    fc.property(days, days, (due, paid) => {
      let n = 0
      if (paid > due) while (addMonths(addDays(due, 1), n) <= paid) n++
      return lateMonths(due, paid) === n
    }),
  )
  t.pass()
})

t.test('a started month costs one percent of the principal', async (t) => {
  t.equal(lateCharges(257_66, '2026-03-31', '2026-11-24'), 20_61)
  t.equal(lateCharges(100_00, '2021-03-31', '2026-11-24'), 68_00)
  t.equal(lateCharges(100_00, '2026-03-31', '2026-03-31'), 0)
})

t.test('a month before 2016 costs two', async (t) => {
  // October to December 2015 at two percent, January 2016 at one.
  t.equal(lateCharges(100_00, '2015-09-30', '2016-01-31'), 7_00)
})

t.test('contract penalties are separate, and at most the amount itself', async (t) => {
  t.equal(contractPenalties(100_00, '2026-03-31', '2026-03-31'), 0)
  t.equal(contractPenalties(100_00, '2026-03-31', '2026-04-10'), 1_00)
  t.equal(contractPenalties(100_00, '2016-03-31', '2026-04-10'), 100_00)
})

t.test('building tax: the vectors of docs/rules/taxes.md', async (t) => {
  const flat = { usefulArea: 55, zone: 'A', inLargeBlock: true } as const
  t.equal(buildingTax({ ...flat, age: 40 }, 2026), 515_32, 'no lowering and no age cut any more')
  t.equal(buildingTax({ ...flat, age: 5 }, 2026), 515_32)
  t.equal(buildingTax({ ...flat, age: 40 }, 2025), 248_15, 'coefficient 2.40, and a tenth off at 30 years')
  t.equal(buildingTax({ ...flat, age: 50 }, 2025), 193_01, 'three tenths off at 50')
  t.equal(buildingTax({ ...flat, age: 10 }, 2025), 275_72)
})

t.test('a vehicle is taxed by each started 200 cm³, from 2026 also by its Euro class', async (t) => {
  t.equal(vehicleTax({ capacity: 1_598, euro: 'Euro 5' }, 2025), 8 * 8_00)
  t.equal(vehicleTax({ capacity: 1_600, euro: 'Euro 5' }, 2025), 8 * 8_00)
  t.equal(vehicleTax({ capacity: 1_601, euro: 'Euro 5' }, 2025), 9 * 18_00)
  t.equal(vehicleTax({ capacity: 1_390, euro: 'Euro 5' }, 2026), 123_20)
  t.equal(vehicleTax({ capacity: 2_500, euro: 'Euro 5' }, 2026), 13 * 82_80)
  t.ok(
    vehicleTax({ capacity: 1_400, euro: 'Euro 0-3' }, 2026) >
      vehicleTax({ capacity: 1_400, euro: 'Euro 6' }, 2026),
  )
})

t.test('terms are 31 March and 30 September, or the next working day', async (t) => {
  t.strictSame(termsOf(2026, isWeekend), ['2026-03-31', '2026-09-30'])
  t.strictSame(termsOf(2024, isWeekend), ['2024-04-01', '2024-09-30'], '31 March 2024 was a Sunday')
  t.strictSame(termsOf(2023, isWeekend), ['2023-03-31', '2023-10-02'], '30 September 2023 was a Saturday')
})

t.test('no term of these years falls on a holiday, so weekends suffice for the demo', async (t) => {
  const years = Array.from({ length: 16 }, (_, at) => 2020 + at)
  const free = holidays(years)
  const isFree = (day: string) => isWeekend(day) || free.has(day)
  for (const year of years) t.strictSame(termsOf(year, isFree), termsOf(year, isWeekend), String(year))
})

t.test('two equal instalments; a small total of a kind is due at once', async (t) => {
  const terms = termsOf(2026, isWeekend)
  t.strictSame(instalmentsOf(515_00, 515_00, terms), [
    { due: '2026-03-31', amount: 257_50 },
    { due: '2026-09-30', amount: 257_50 },
  ])
  t.strictSame(
    instalmentsOf(100_01, 100_01, terms).map(({ amount }) => amount),
    [50_01, 50_00],
  )
  t.strictSame(instalmentsOf(50_00, 50_00, terms), [{ due: '2026-03-31', amount: 50_00 }])
  t.strictSame(instalmentsOf(20_00, 50_01, terms).length, 2, 'the total of the kind counts, not the object’s')
  t.strictSame(instalmentsOf(0, 0, terms), [])
  t.equal(bonusOf(515_00, 2026), 51_50)
})

const shares = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }).map((weights) => {
  const whole = weights.reduce((sum, one) => sum + one, 0)
  return weights.map((numerator) => ({ numerator, denominator: whole }))
})

t.test('co-owners’ parts sum to the whole, each within a ban of its share', async (t) => {
  fc.assert(
    fc.property(fc.nat(10_000_000), shares, (amount, shares) => {
      const parts = splitByShares(amount, shares)
      const sum = parts.reduce((total, part) => total + part, 0)
      const near = parts.every((part, at) => {
        const { numerator, denominator } = shares[at] ?? { numerator: 0, denominator: 1 }
        return Math.abs(part - (amount * numerator) / denominator) < 1 + 1e-6
      })
      return sum === amount && near
    }),
  )
  t.strictSame(
    splitByShares(100, [
      { numerator: 1, denominator: 3 },
      { numerator: 1, denominator: 3 },
      { numerator: 1, denominator: 3 },
    ]),
    [34, 33, 33],
  )
})

t.test('days: months have their length, weeks begin on Monday', async (t) => {
  t.equal(addMonths('2026-01-31', 1), '2026-02-28')
  t.equal(addMonths('2028-01-31', 1), '2028-02-29')
  t.equal(addMonths('2026-11-30', 15), '2028-02-29')
  t.equal(addDays('2026-12-31', 1), '2027-01-01')
  t.equal(weekdayOf('2026-11-24'), 2)
  t.equal(weekdayOf('2026-11-29'), 7)
  t.equal(rollForward('2026-11-28', isWeekend), '2026-11-30')
})
