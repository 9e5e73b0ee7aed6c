import t from 'tap'
import { callerFrom } from '../../src/core/phone-number.ts'

t.test('a national number is kept in E.164 form, with Romania assumed', async (t) => {
  t.same(callerFrom('0256 408 300', 'Ana Pop'), { number: '+40256408300', name: 'Ana Pop' })
  t.same(callerFrom('+40256408300', ' '), { number: '+40256408300', name: null })
})

t.test('a number that is not possible is kept as its digits, at most 32', async (t) => {
  t.same(callerFrom('969', '969'), { number: '969', name: null })
  t.equal(callerFrom('1'.repeat(40), '').number, '1'.repeat(32))
})

t.test('a withheld number is null', async (t) => {
  t.same(callerFrom('anonymous', 'Anonymous'), { number: null, name: 'Anonymous' })
})
