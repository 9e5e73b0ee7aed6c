import t, { type Test } from 'tap'
import { addDays, addMonths, isWeekend } from '../../../src/city/day.ts'
import { dependent, factsOf, type Fact } from '../../../src/city/taxes/facts.ts'
import { readIdentifier } from '../../../src/city/taxes/identifier.ts'
import { castIdentifiers } from '../../../tools/demo/fiscal/cast.ts'
import { townOf, type Settled } from '../../../tools/demo/fiscal/town.ts'
import { asOf } from '../../support/city/fiscal.ts'
import { accountsOf } from '../../support/city/town-accounts.ts'

/** Enough for every rule to apply many times; the totals are counted below. */
const town = [...townOf({ seed: 969, taxpayers: 3_000, asOf })]
const people = town.flatMap(({ taxpayers }) => taxpayers)
const objects = new Map(town.flatMap(({ possessions }) => possessions).map((one) => [one.id, one]))

/** Fails once with the first few violations, not once for each of hundreds of thousands. */
function every<Item>(t: Test, items: Iterable<Item>, holds: (item: Item) => boolean, what: string) {
  const wrong: Item[] = []
  let count = 0
  for (const item of items) {
    count += 1
    if (!holds(item)) wrong.push(item)
  }
  t.strictSame(wrong.slice(0, 3), [], `${what} (${count})`)
  t.ok(count > 0, `${what}: some`)
}

t.test('about ten thousand taxpayers of every kind', async (t) => {
  const seen = {
    taxpayers: 0,
    companies: 0,
    foreigners: 0,
    deceased: 0,
    withoutObjects: 0,
    objects: 0,
    debts: 0,
    payments: 0,
  }
  const began = performance.now()
  for (const { taxpayers, possessions, debts, payments } of townOf({ seed: 969, taxpayers: 10_000, asOf })) {
    const owners = new Set(possessions.flatMap(({ owners }) => owners.map(({ taxpayer }) => taxpayer)))
    const count = (holds: (one: (typeof taxpayers)[number]) => boolean) => taxpayers.filter(holds).length
    seen.taxpayers += taxpayers.length
    seen.companies += count(({ kind }) => kind === 'company')
    seen.foreigners += count(({ identifier }) => /^[789]\d{12}$/.test(identifier))
    seen.deceased += count(({ deceased }) => deceased !== null)
    seen.withoutObjects += count(({ id }) => !owners.has(id))
    seen.objects += possessions.length
    seen.debts += debts.length
    seen.payments += payments.length
  }
  t.comment(`${JSON.stringify(seen)} made in ${Math.round(performance.now() - began)} ms`)
  t.ok(seen.taxpayers >= 10_000 && seen.taxpayers < 10_010)
  t.ok(seen.companies > 300 && seen.foreigners > 100 && seen.deceased > 50 && seen.withoutObjects > 20)
  const known = people.map(({ identifier }) => identifier)
  t.strictSame(
    castIdentifiers.filter((one) => !known.includes(one)),
    [],
    'the cast is included',
  )
})

t.test('every number is valid and unique', async (t) => {
  every(
    t,
    people,
    ({ kind, identifier }) => {
      const read = readIdentifier(identifier)
      return read.ok && read.identifier.kind === kind
    },
    'a valid identifier',
  )
  t.equal(new Set(people.map(({ identifier }) => identifier)).size, people.length)
  const plates = [...objects.values()].filter(({ kind }) => kind === 'vehicle').map(({ place }) => place)
  t.equal(new Set(plates).size, plates.length)
  every(t, people, ({ name, address }) => !/[şţŞŢ]/.test(name + address), 'ș and ț with a comma')
})

t.test('shares sum to one', async (t) => {
  every(
    t,
    objects.values(),
    ({ owners }) =>
      Math.abs(owners.reduce((sum, { share }) => sum + share.numerator / share.denominator, 0) - 1) < 1e-9,
    'sum to one',
  )
})

const debts = town.flatMap((one) => one.debts)
const payments = town.flatMap((one) => one.payments)
const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + one, 0)
const group = <Item>(items: readonly Item[], key: (item: Item) => string) => Map.groupBy(items, key)

t.test('instalments sum to the tax without the bonus, and nothing is paid twice', async (t) => {
  every(
    t,
    debts,
    ({ tax, bonus, instalments }) => sum(instalments.map(({ amount }) => amount)) === tax - bonus,
    'instalments sum to the tax',
  )
  every(
    t,
    debts,
    ({ instalments }) => instalments.every(({ amount, paid }) => paid >= 0 && paid <= amount),
    'at most the amount is paid',
  )
  const paidFor = group(payments, ({ taxpayer, object, year }) => `${taxpayer} ${object} ${year}`)
  every(
    t,
    debts,
    ({ taxpayer, object, year, instalments }) =>
      sum((paidFor.get(`${taxpayer} ${object} ${year}`) ?? []).map(({ amount }) => amount)) ===
      sum(instalments.map(({ paid }) => paid)),
    'payments sum to the paid amount',
  )
  every(
    t,
    payments,
    ({ day, amount }) => day <= asOf && amount > 0 && !isWeekend(day),
    'paid on a working day until the account’s',
  )
})

t.test('two equal instalments on 31 March and 30 September, or the whole at once up to 50 lei', async (t) => {
  const local = debts.filter(({ object }) =>
    ['building', 'land', 'vehicle', 'other'].includes(objects.get(object)?.kind ?? ''),
  )
  const ofKind = group(
    local,
    ({ taxpayer, object, year }) => `${taxpayer} ${year} ${objects.get(object)?.kind}`,
  )
  every(
    t,
    local,
    ({ taxpayer, object, year, tax, instalments }) => {
      const total = sum(
        (ofKind.get(`${taxpayer} ${year} ${objects.get(object)?.kind}`) ?? []).map((one) => one.tax),
      )
      if (tax === 0) return instalments.length === 0
      const [first, second] = instalments
      if (total <= 50_00) return instalments.length === 1 && (first?.due ?? '') >= `${year}-03-31`
      return instalments.length === 2 && Math.abs((first?.amount ?? 0) - (second?.amount ?? 0)) <= 1
    },
    'instalments',
  )
  every(
    t,
    local.flatMap(({ year, instalments }) => instalments.map(({ due }) => ({ year, due }))),
    ({ year, due }) =>
      !isWeekend(due) &&
      ['03-31', '09-30'].some((day) => due >= `${year}-${day}` && due <= addDays(`${year}-${day}`, 2)),
    'due on the term or the next working day',
  )
})

t.test('a bonus only for the whole year paid by the first term, a tenth of it', async (t) => {
  const withBonus = debts.filter(({ bonus }) => bonus > 0)
  const paidFor = group(payments, ({ taxpayer, object, year }) => `${taxpayer} ${object} ${year}`)
  every(
    t,
    withBonus,
    ({ taxpayer, object, year, tax, bonus, instalments }) =>
      bonus === Math.round(tax / 10) &&
      instalments.every(({ amount, paid }) => amount === paid) &&
      (paidFor.get(`${taxpayer} ${object} ${year}`) ?? []).every(
        ({ day, charges }) => day <= `${year}-03-31` && charges === 0,
      ),
    'earned bonus',
  )
})

t.test('late charges are one percent of the unpaid amount per started month, recomputed here', async (t) => {
  /** By the definition. */
  const months = (due: string, day: string) => {
    let n = 0
    if (day > due) while (addMonths(addDays(due, 1), n) <= day) n++
    return n
  }
  const started = new Map(
    [...new Set(debts.flatMap(({ instalments }) => instalments.map(({ due }) => due)))].map((due) => [
      due,
      months(due, asOf),
    ]),
  )
  every(
    t,
    debts,
    ({ object, instalments, lateCharges, penalties }) => {
      const kind = objects.get(object)?.kind
      const expected = sum(
        instalments.map(({ due, amount, paid }) =>
          Math.round(((amount - paid) * (started.get(due) ?? Number.NaN)) / 100),
        ),
      )
      if (kind === 'concession') return lateCharges === 0
      return penalties === 0 && lateCharges === (kind === 'fine' ? 0 : expected)
    },
    'late charges',
  )
  t.ok(
    debts.some(({ penalties }) => penalties > 0),
    'some contract has penalties',
  )
})

t.test('without reductions co-owners’ parts sum to the object’s tax', async (t) => {
  const shared = [...objects.values()].filter(
    ({ owners }) => owners.length > 1 && owners.every(({ reductions }) => reductions.length === 0),
  )
  const byObject = group(debts, ({ object, year }) => `${object} ${year}`)
  every(
    t,
    shared.flatMap(({ id, owners }) => {
      const parts = byObject.get(`${id} 2026`)
      return parts === undefined ? [] : [{ parts, owners }]
    }),
    ({ parts, owners }) => parts.length === owners.length && sum(parts.map(({ tax }) => tax)) % 100 === 0,
    'whole lei together',
  )
})

t.test('a reduction takes its percent off its owner’s part', async (t) => {
  const exempt = [...objects.values()].flatMap(({ id, owners }) =>
    owners
      .filter(({ reductions }) => reductions.some(({ percent }) => percent === 100))
      .map(({ taxpayer }) => ({ id, taxpayer })),
  )
  every(
    t,
    exempt,
    ({ id, taxpayer }) =>
      debts
        .filter((one) => one.object === id && one.taxpayer === taxpayer && one.year === 2026)
        .every(({ tax }) => tax === 0),
    'nothing owed',
  )
})

t.test('no payments after a taxpayer’s death', async (t) => {
  const gone = new Map(
    people.flatMap(({ id, deceased }) => (deceased === null ? [] : [[id, deceased] as const])),
  )
  every(
    t,
    payments.filter(({ taxpayer }) => gone.has(taxpayer)),
    ({ taxpayer, day }) => day <= (gone.get(taxpayer) ?? ''),
    'paid before the death',
  )
})

t.test('the same seed gives the same taxpayers, another seed others', async (t) => {
  const few = (seed: number) => JSON.stringify([...townOf({ seed, taxpayers: 100, asOf })])
  t.equal(few(1), few(1))
  t.not(few(1), few(2))
})

t.test('nearly all owners have at least five facts on different documents', async (t) => {
  const accounts = town
    .flatMap((household: Settled) => accountsOf(household, asOf))
    .map(({ account }) => account)
  const living = accounts.filter(({ deceased, objects }) => deceased === null && objects.length > 0)
  const enough = living.filter((account) => independentOf(factsOf(account)) >= 5).length
  t.comment(
    `${((enough / living.length) * 100).toFixed(1)} % of ${living.length} have at least 5 independent facts`,
  )
  t.ok(enough / living.length >= 0.95)
})

/** Counted greedily, facts on the fewest documents first. */
function independentOf(facts: readonly Fact[]): number {
  const taken: Fact[] = []
  for (const fact of [...facts].sort((one, other) => one.papers.length - other.papers.length))
    if (!taken.some((one) => dependent(one, fact))) taken.push(fact)
  return taken.length
}
