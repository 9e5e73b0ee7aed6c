/** The parts of the searches that `make test` takes in turns. */
import * as fc from 'fast-check'
import t from 'tap'
import { isWholeSearch, partOf, parts, partSentence, seedsOf, turnOf } from '../support/rotation.ts'

const anyTurn = fc.nat(1_000_000)
const anyItems = fc.array(fc.nat(), { maxLength: 200 }).map((items) => items.map((_, index) => index))
const turnsFrom = (first: number, step = 1): readonly number[] =>
  Array.from({ length: parts }, (_, count) => first + count * step)

t.test('consecutive commits see every item', async () => {
  fc.assert(
    fc.property(anyItems, anyTurn, (items, first) => {
      const seen = new Set(turnsFrom(first).flatMap((turn) => partOf(items, turn)))
      return items.every((item) => seen.has(item))
    }),
  )
})

t.test('every second to fortieth commit sees every item as well', async () => {
  fc.assert(
    fc.property(anyItems, anyTurn, fc.integer({ min: 2, max: parts - 1 }), (items, first, step) => {
      const seen = new Set(turnsFrom(first, step).flatMap((turn) => partOf(items, turn)))
      return items.every((item) => seen.has(item))
    }),
  )
})

t.test('parts of a long list have no item in common, and differ by one item at most', async () => {
  const long = fc.integer({ min: parts, max: 300 }).map((length) => Array.from({ length }, (_, at) => at))
  fc.assert(
    fc.property(long, anyTurn, (items, first) => {
      const taken = turnsFrom(first).map((turn) => partOf(items, turn))
      const sizes = taken.map(({ length }) => length)
      return taken.flat().length === items.length && Math.max(...sizes) - Math.min(...sizes) <= 1
    }),
  )
})

t.test('the same commit takes the same part, and no part is empty', async () => {
  fc.assert(
    fc.property(anyItems, anyTurn, (items, turn) => {
      const [one, again] = [partOf(items, turn), partOf(items, turn)]
      return JSON.stringify(one) === JSON.stringify(again) && (items.length === 0 || one.length > 0)
    }),
  )
})

t.test('ranges of seeds follow each other and begin again after the last part', async (t) => {
  t.same(seedsOf(50, 0), { from: 1, to: 51 })
  t.same(seedsOf(50, 1), { from: 51, to: 101 })
  t.same(seedsOf(50, parts - 1), { from: 1 + 50 * (parts - 1), to: 1 + 50 * parts })
  t.same(seedsOf(50, parts), seedsOf(50, 0))
})

t.test('the number of commits decides whose turn it is', async (t) => {
  const repository = (...args: readonly string[]) =>
    ({ '--is-shallow-repository': 'false', HEAD: '1480' })[args.at(-1) ?? ''] ?? null
  t.equal(turnOf({}, repository), 1_480)
  t.equal(turnOf({ LINIA_ROTATION: '7' }, repository), 7)
  t.throws(() => turnOf({ LINIA_ROTATION: 'seven' }, repository), /LINIA_ROTATION: a whole number/)
  t.ok(Number.isInteger(turnOf({})), 'this checkout has a turn')
})

t.test('in a shallow clone the hash decides, since its number of commits stays the same', async (t) => {
  const shallow = (...args: readonly string[]) =>
    ({
      'rev-parse --is-shallow-repository': 'true',
      'rev-parse HEAD': '0000002a99',
      'rev-list --count HEAD': '1',
    })[args.join(' ')] ?? null
  t.equal(turnOf({}, shallow), 0x2a)
})

t.test('without git it is the first part', async (t) => {
  t.equal(
    turnOf({}, () => null),
    0,
  )
})

t.test('the output names the part and the command for everything', async (t) => {
  t.match(partSentence('bugs', 42), /^bugs: part 2 of 41\. Everything: LINIA_SEARCH=all, or make prove$/)
  t.ok(isWholeSearch({ LINIA_SEARCH: 'all' }))
  t.notOk(isWholeSearch({}))
})
