import * as fc from 'fast-check'
import t from 'tap'
import { saidNumber } from '../../../src/city/identity/said-number.ts'
import { saidShare } from '../../../src/city/identity/said-share.ts'
import { numberInWords, shareInWords, yearInWords } from '../../../src/city/taxes/number-words.ts'

void t.test('shares are understood in the form in which agents read them out', async () => {
  const part = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  fc.assert(
    fc.property(part, ([one, other]) => {
      const [numerator, denominator] = one < other ? [one, other] : [other, one]
      const said = saidShare(shareInWords(numerator, denominator))
      return said !== null && Math.abs(said.part - numerator / denominator) < 1e-9
    }),
  )
})

void t.test('numbers are understood in the form in which agents read them out', async (t) => {
  const gender = fc.constantFrom('masculine', 'feminine', 'neuter')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), gender, (value, gender) => {
      return saidNumber(numberInWords(value, gender)) === value
    }),
    { numRuns: 500 },
  )
  for (let year = 1950; year <= 2027; year++) t.equal(saidNumber(yearInWords(year)), year)
  for (const said of [
    'doi trei',
    'mie',
    'sute',
    'zece doi',
    'douăzeci și zece',
    'două sute trei sute',
    'mii două',
  ])
    t.equal(saidNumber(said), null, said)
})
