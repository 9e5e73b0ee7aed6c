import t from 'tap'
import { CallId } from '../../src/core/ids.ts'
import {
  allowedToAnybody,
  beyondLimit,
  blockable,
  callable,
  callableContact,
  isSurelyNotAllowed,
  callerFrom,
  dialledForm,
  judgeCallOut,
  numberToCall,
  type AskedCall,
  type CalledLately,
} from '../../src/core/phone-number.ts'
import type { CallOutRules } from '../../src/core/rules.ts'

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

t.test('eight digits after a 0 are no Romanian number: dialled, they would be one abroad', async (t) => {
  for (const typed of ['+40050052345', '+40067712345', '050052345'])
    t.same(callable(typed, ['+40']), { ok: false, refusal: 'not a number' }, typed)
  t.same(callable('+40 (0)256 408 300', ['+40']), { ok: true, number: '+40256408300' })
})

t.test('a number is dialled as a Romanian provider expects it', async (t) => {
  t.equal(dialledForm('+40722000111'), '0722000111')
  t.equal(dialledForm('+37322123456'), '0037322123456')
  t.equal(dialledForm('0219'), '0219')
})

void t.test(
  'a contact may have any Romanian number or an internal one, and none that is never called',
  async (t) => {
    const number = (typed: string) => callableContact(typed, [])
    t.same(number('0256 408 300'), { ok: true, number: '+40256408300' })
    t.same(number('4083'), { ok: true, number: '4083' })
    for (const [typed, refusal] of [
      ['112', 'an emergency number'],
      ['969', 'our own number'],
      ['0900123456', 'a premium number'],
      ['+12125550100', 'a foreign number'],
      ['123456', 'a number not allowed'],
    ] as const)
      t.same(number(typed), { ok: false, refusal }, typed)
  },
)

const rules: CallOutRules = {
  allowed: ['+402'],
  allowedToSupervisors: ['+402', '+49'],
  agents: 'returns',
  supervisors: 'any',
  perHour: 2,
  perHourAll: 5,
}
const returns = { call: CallId('c1') }
const asked: AskedCall = { number: '0256 408 300', returns: null, isSupervisor: false }
const abroad = '+49 30 901820'

t.test('each role calls the numbers that its setting names', async (t) => {
  const why = (about: Partial<AskedCall>, of: Partial<CallOutRules> = {}) => {
    const read = numberToCall({ ...asked, ...about }, { ...rules, ...of })
    return read.ok ? read.number : read.refusal
  }
  t.equal(why({}), 'only returned calls')
  t.equal(why({ returns }), '+40256408300')
  t.equal(why({ returns, isOwnWord: true }), 'only returned calls')
  t.equal(why({ returns, isOwnWord: true }, { agents: 'any' }), '+40256408300')
  t.equal(why({}, { agents: 'any' }), '+40256408300')
  t.equal(why({ returns }, { agents: 'none' }), 'not allowed to call')
  t.equal(why({ isSupervisor: true }), '+40256408300')
  t.equal(why({ isSupervisor: true }, { supervisors: 'none' }), 'not allowed to call')
  t.equal(why({ number: abroad, returns }), 'a foreign number')
  t.equal(why({ number: abroad, isSupervisor: true }), '+4930901820')
  t.equal(why({ number: '0900123456', isSupervisor: true }), 'a premium number')
})

t.test('the dialplan lets pass what any role may call', async (t) => {
  t.same(allowedToAnybody(rules), ['+402', '+49'])
})

t.test('one agent’s limit, and that of all on typed numbers', async (t) => {
  for (const back of [null, returns]) {
    t.equal(beyondLimit({ own: 1, typed: 4 }, back, rules), null)
    t.equal(beyondLimit({ own: 2, typed: 4 }, back, rules), 'too many calls')
  }
  t.equal(beyondLimit({ own: 0, typed: 5 }, null, rules), 'too many calls of all')
  t.equal(beyondLimit({ own: 0, typed: 5 }, returns, rules), null, 'a promised call is made')
})

t.test('a call is judged by its number, then as one of the city’s, then by the bounds', async (t) => {
  const why = (about: Partial<AskedCall>, lately: CalledLately) => {
    const judged = judgeCallOut(
      { ...asked, ...about },
      { rules: { ...rules, agents: 'any' }, own: ['0256 408 399'], lately },
    )
    return judged.ok ? judged.number : judged.refusal
  }
  const few = { own: 1, typed: 4 }
  t.equal(why({}, few), '+40256408300')
  t.equal(why({ number: '0256408399' }, few), 'our own number')
  t.equal(why({ number: '0256408399' }, { own: 2, typed: 5 }), 'our own number')
  t.equal(why({ number: '0722000111' }, { own: 2, typed: 5 }), 'a number not allowed')
  t.equal(why({}, { own: 2, typed: 5 }), 'too many calls')
  t.equal(why({}, { own: 1, typed: 5 }), 'too many calls of all')
  t.equal(why({ returns }, { own: 1, typed: 5 }), '+40256408300')
})

void t.test(
  'the numbers that can be blocked, as a caller’s is kept, and why the others cannot',
  async (t) => {
    const kept = { own: ['969', '0256969', '0256408300'], contacts: ['+40256408400', '420'] }
    for (const [typed, number] of [
      ['0722 000 111', '+40722000111'],
      ['+40 722-000-111', '+40722000111'],
      ['+36 1 234 5678', '+3612345678'],
      ['0900 123 456', '+40900123456'],
      ['4561', '4561'],
    ] as const)
      t.same(blockable(typed, kept), { ok: true, number }, typed)
    for (const [typed, refusal] of [
      [null, 'no number'],
      ['', 'no number'],
      ['anonymous', 'no number'],
      ['0722x000111', 'not a number'],
      ['12', 'not a number'],
      ['112', 'an emergency number'],
      ['+40112', 'an emergency number'],
      ['969', 'our own number'],
      ['+40 256 969', 'our own number'],
      ['0256 408 300', 'our own number'],
      ['0256 408 400', 'a contact'],
      ['420', 'a contact'],
    ] as const)
      t.same(blockable(typed, kept), { ok: false, refusal }, typed ?? 'withheld')
  },
)

t.test('a page does not offer a typed number whose form shows that it is not allowed', (t) => {
  const allowed = ['+402', '+373', '0219']
  for (const typed of ['0722 000 111', '+40722000111', '0040722000111', '+44 20', '0044207', '1234', '02564'])
    t.ok(isSurelyNotAllowed(typed, allowed), typed)
  for (const typed of [
    '0256 408 300',
    '+40256',
    '0037322123456',
    '0219',
    '112',
    '969',
    '0900123456',
    '0040900123456',
    '722000111',
    '+40 (0)256 408 300',
    '0040 0256 408 300',
  ])
    t.notOk(isSurelyNotAllowed(typed, allowed), typed)
  t.end()
})
