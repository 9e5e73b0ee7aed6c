import t from 'tap'
import { callable, callerFrom, dialledForm } from '../../src/core/phone-number.ts'

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

const allowed = ['+402', '+403', '+407', '0219']

t.test('the numbers that a desk may call, and why it may not call the others', async (t) => {
  const table: readonly (readonly [string | null, string])[] = [
    ['0256 408 300', '+40256408300'],
    ['+40722000111', '+40722000111'],
    ['0040 722 000 111', '+40722000111'],
    ['(0356) 123-456', '+40356123456'],
    ['0219', '0219'],
    [null, 'no number'],
    ['  ', 'no number'],
    ['anonymous', 'not a number'],
    ['0722000111&SIP/x', 'not a number'],
    ['0722', 'a number not allowed'],
    ['12', 'not a number'],
    ['07220001112', 'not a number'],
    ['0256 112', 'not a number'],
    ['+40256112', 'not a number'],
    ['0256999', 'not a number'],
    ['0040 256 112', 'not a number'],
    ['112', 'an emergency number'],
    ['+40112', 'an emergency number'],
    ['969', 'our own number'],
    ['0256969', 'our own number'],
    ['+40 256 969', 'our own number'],
    ['0040256969', 'our own number'],
    ['0900 123 456', 'a premium number'],
    ['0906123456', 'a premium number'],
    ['+40903123456', 'a premium number'],
    ['0040900123456', 'a premium number'],
    ['40900123456', 'a premium number'],
    ['0800 800 800', 'a number not allowed'],
    ['1234', 'a number not allowed'],
    ['+1 212 555 0100', 'a foreign number'],
    ['0012125550100', 'a foreign number'],
    ['+373 22 123 456', 'a foreign number'],
  ]
  for (const [typed, expected] of table) {
    const read = callable(typed, allowed)
    t.equal(read.ok ? read.number : read.refusal, expected, `${typed}`)
  }
})

t.test('premium numbers stay refused, whatever is allowed; a country is allowed by its code', async (t) => {
  t.same(callable('0900123456', ['+4']), { ok: false, refusal: 'a premium number' })
  t.same(callable('+37322123456', ['+373']), { ok: true, number: '+37322123456' })
})

t.test('a number is dialled as a Romanian provider expects it', async (t) => {
  t.equal(dialledForm('+40722000111'), '0722000111')
  t.equal(dialledForm('+37322123456'), '0037322123456')
  t.equal(dialledForm('0219'), '0219')
})
