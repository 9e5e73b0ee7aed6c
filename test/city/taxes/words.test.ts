import * as fc from 'fast-check'
import t from 'tap'
import {
  amountInWords,
  dayInWords,
  numberInWords,
  shareInWords,
} from '../../../src/city/taxes/number-words.ts'

t.test('amounts in words', async (t) => {
  for (const [bani, words] of [
    [123_40, 'o sută douăzeci și trei de lei și patruzeci de bani'],
    [0, 'zero lei'],
    [1, 'un ban'],
    [2, 'doi bani'],
    [20, 'douăzeci de bani'],
    [1_00, 'un leu'],
    [1_01, 'un leu și un ban'],
    [2_00, 'doi lei'],
    [12_00, 'doisprezece lei'],
    [19_19, 'nouăsprezece lei și nouăsprezece bani'],
    [20_00, 'douăzeci de lei'],
    [21_00, 'douăzeci și unu de lei'],
    [100_00, 'o sută de lei'],
    [101_00, 'o sută unu lei'],
    [119_00, 'o sută nouăsprezece lei'],
    [120_00, 'o sută douăzeci de lei'],
    [200_00, 'două sute de lei'],
    [515_32, 'cinci sute cincisprezece lei și treizeci și doi de bani'],
    [1_000_00, 'o mie de lei'],
    [1_001_00, 'o mie unu lei'],
    [2_012_00, 'două mii doisprezece lei'],
    [12_000_00, 'douăsprezece mii de lei'],
    [21_000_00, 'douăzeci și una de mii de lei'],
    [22_022_22, 'douăzeci și două de mii douăzeci și doi de lei și douăzeci și doi de bani'],
    [100_000_00, 'o sută de mii de lei'],
    [1_000_000_00, 'un milion de lei'],
    [2_000_002_00, 'două milioane doi lei'],
    [21_000_000_00, 'douăzeci și unu de milioane de lei'],
    [-5_50, 'minus cinci lei și cincizeci de bani'],
  ] as const)
    t.equal(amountInWords(bani), words)
})

t.test('days and shares in words', async (t) => {
  t.equal(dayInWords('2026-11-24'), 'douăzeci și patru noiembrie două mii douăzeci și șase')
  t.equal(dayInWords('2026-09-01'), 'întâi septembrie două mii douăzeci și șase')
  t.equal(dayInWords('2012-05-02'), 'două mai două mii doisprezece')
  t.equal(dayInWords('1999-12-31'), 'treizeci și unu decembrie o mie nouă sute nouăzeci și nouă')
  t.equal(shareInWords(1, 2), 'jumătate')
  t.equal(shareInWords(3, 8), 'trei din opt')
  t.equal(shareInWords(1, 1), 'întregul')
})

/** Parses number words back, independently of how they were made. */
function understood(words: string): number {
  const small: Record<string, number> = {
    zero: 0,
    un: 1,
    o: 1,
    unu: 1,
    una: 1,
    doi: 2,
    două: 2,
    doisprezece: 12,
    douăsprezece: 12,
  }
  'trei patru cinci șase șapte opt nouă zece'.split(' ').forEach((word, at) => (small[word] = at + 3))
  small['unsprezece'] = 11
  'treisprezece paisprezece cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece'
    .split(' ')
    .forEach((word, at) => (small[word] = at + 13))
  'douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci'
    .split(' ')
    .forEach((word, at) => (small[word] = (at + 2) * 10))
  const sizes: Record<string, number> = {
    sută: 100,
    sute: 100,
    mie: 1e3,
    mii: 1e3,
    milion: 1e6,
    milioane: 1e6,
    miliard: 1e9,
    miliarde: 1e9,
  }
  let total = 0
  let group = 0
  let below = 0
  for (const word of words.split(' ')) {
    if (word === 'și' || word === 'de') continue
    const size = sizes[word]
    const value = small[word]
    if (size === 100) {
      group += below * 100
      below = 0
    } else if (size !== undefined) {
      total += (group + below) * size
      group = 0
      below = 0
    } else if (value !== undefined) below += value
    else throw new Error(`"${word}" is no word of a number`)
  }
  return total + group + below
}

const numbers = fc.oneof(fc.nat(2_000), fc.nat(2_000_000), fc.integer({ min: 0, max: 999_999_999_999 }))

t.test('number words can be parsed back', async (t) => {
  fc.assert(
    fc.property(
      numbers,
      fc.constantFrom('masculine', 'feminine', 'neuter'),
      (value, gender) => understood(numberInWords(value, gender)) === value,
    ),
    { numRuns: 3_000 },
  )
  for (let value = 0; value < 3_000; value++)
    if (understood(numberInWords(value)) !== value) t.fail(String(value))
  t.pass()
})

t.test('"de" follows exactly the numbers that end in 00 or 20 to 99', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 99_999_999 }), (lei) => {
      const rest = lei % 100
      return amountInWords(lei * 100).endsWith(' de lei') === (rest === 0 || rest >= 20)
    }),
    { numRuns: 2_000 },
  )
  t.pass()
})

t.test('words hold no digit and no doubled space', async (t) => {
  fc.assert(
    fc.property(fc.nat(9_999_999_999), (bani) => /^[a-zăâîșț]+( [a-zăâîșț]+)*$/.test(amountInWords(bani))),
  )
  t.pass()
})

t.test('a value without words throws', async (t) => {
  for (const value of [-1, 1.5, 1e12, Number.NaN])
    t.throws(() => numberInWords(value), { name: 'InvariantBroken' })
})
