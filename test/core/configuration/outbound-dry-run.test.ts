import t from 'tap'
import * as fc from 'fast-check'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import {
  callOutCallers,
  tryCallOut,
  type TriedCallOut,
} from '../../../src/core/configuration/outbound-dry-run.ts'
import type { Configuration, OutboundSetting } from '../../../src/core/configuration/schema.ts'
import { CallId } from '../../../src/core/ids.ts'
import { judgeCallOut, type AskedCall } from '../../../src/core/phone-number.ts'
import { callOutRights, type CallOutRules } from '../../../src/core/rules.ts'

const server: CallOutRules = {
  allowed: ['+402', '+407', '+373'],
  allowedToSupervisors: ['+44'],
  agents: 'any',
  supervisors: 'any',
  perHour: 30,
  perHourAll: 300,
}
const outbound: OutboundSetting = {
  allowed: ['+40', '+40256', '0219', '+37322'],
  allowedToSupervisors: ['+44'],
  agents: 'any',
  supervisors: 'any',
  perHour: 5,
  perHourAll: 50,
}
const numbers = [
  ...firstConfiguration.numbers,
  ...firstConfiguration.numbers.map((one) => ({ ...one, number: '0256408300', also: ['0356408300'] })),
]
const city: Configuration = { ...firstConfiguration, numbers, outbound }

const tried = (of: Partial<TriedCallOut>, change: Partial<OutboundSetting> = {}, bound = server) =>
  tryCallOut(
    { ...city, outbound: { ...outbound, ...change } },
    { number: '0722 000 111', by: 'agent', isReturning: false, ...of },
    bound,
  )
const refused = (...of: Parameters<typeof tried>) => {
  const verdict = tried(...of)
  return verdict.verdict === 'refused' ? verdict.refusal : verdict.dialled
}

void t.test('a call that is allowed says how it is dialled, and which number allows it', (t) => {
  const allowed = (number: string, dialled: string, allowedBy: string) => ({
    verdict: 'allowed',
    number,
    dialled,
    allowedBy,
  })
  t.same(tried({}), allowed('+40722000111', '0722000111', '+40'))
  t.same(
    tried({ number: '+40 (256) 408-301' }),
    allowed('+40256408301', '0256408301', '+40256'),
    'the longest',
  )
  t.same(tried({ number: '0219' }), allowed('0219', '0219', '0219'))
  t.same(tried({ number: '00373 22 123456' }), allowed('+37322123456', '0037322123456', '+37322'))
  const london = { number: '+44 20 7946 0958' }
  t.same(tried({ ...london, by: 'supervisor' }), allowed('+442079460958', '00442079460958', '+44'))
  t.same(tried(london), { verdict: 'refused', refusal: 'a foreign number', maySupervisor: true })
  t.end()
})

void t.test('each wrong number has its own refusal', (t) => {
  for (const [number, refusal] of [
    ['-', 'no number'],
    ['07x2000111', 'not a number'],
    ['12', 'not a number'],
    ['0722 000', 'not a number'],
    ['112', 'an emergency number'],
    ['969', 'our own number'],
    ['0256 408 300', 'our own number'],
    ['+40356408300', 'our own number'],
    ['0900 123 456', 'a premium number'],
    ['+1 212 555 0100', 'a foreign number'],
    ['0233', 'a number not allowed'],
  ] as const)
    t.same(tried({ number }), { verdict: 'refused', refusal, maySupervisor: false }, number)
  t.equal(refused({ number: '0722 000 111' }, { allowed: ['+402'] }), 'a number not allowed')
  t.equal(
    refused({ number: '+37322123456' }, {}, { ...server, allowed: ['+40'] }),
    'a foreign number',
    'the settings have been narrowed since',
  )
  t.end()
})

void t.test('who calls, and whether back, decides by the rights', (t) => {
  t.equal(refused({}, { agents: 'none' }), 'not allowed to call')
  t.equal(refused({ by: 'supervisor' }, { agents: 'none' }), '0722000111')
  t.equal(refused({ isReturning: true }, { agents: 'none' }), 'not allowed to call')
  t.equal(refused({}, { agents: 'returns' }), 'only returned calls')
  t.match(tried({}, { agents: 'returns' }), { maySupervisor: true })
  t.match(tried({}, { agents: 'returns', supervisors: 'none' }), { maySupervisor: false })
  t.equal(refused({ isReturning: true }, { agents: 'returns' }), '0722000111')
  t.match(tried({ by: 'supervisor' }, { supervisors: 'none' }), { maySupervisor: false })
  t.end()
})

void t.test('a bound of none in an hour refuses', (t) => {
  t.equal(refused({}, { perHour: 0 }), 'too many calls')
  t.equal(refused({ isReturning: true }, { perHour: 0 }), 'too many calls')
  t.equal(refused({}, { perHourAll: 0 }), 'too many calls of all')
  t.equal(refused({ isReturning: true }, { perHourAll: 0 }), '0722000111')
  t.equal(refused({}, { perHour: 1, perHourAll: 1 }), '0722000111', 'the first one of the hour')
  t.end()
})

void t.test('without rules in the document the settings of the server judge', (t) => {
  const { outbound: _none, ...without } = city
  const order = { number: '0312345678', by: 'agent', isReturning: false } as const
  t.match(tryCallOut(without, order, server), { refusal: 'a number not allowed' })
  t.match(tryCallOut(without, { ...order, number: '0722000111' }, server), { allowedBy: '+407' })
  t.end()
})

void t.test('the verdict is that on a real call, whatever is typed', (t) => {
  const digits = fc.stringMatching(/^(\+|00|0|)[0-9]{0,12}$/)
  const orders = fc.record({
    number: fc.oneof(digits, fc.constantFrom('0722000111', '0256408300', '969', '112', '0900123456', '0219')),
    by: fc.constantFrom(...callOutCallers),
    isReturning: fc.boolean(),
  })
  const rights = fc.record({
    agents: fc.constantFrom(...callOutRights),
    supervisors: fc.constantFrom(...callOutRights),
    perHour: fc.integer({ min: 0, max: 2 }),
    perHourAll: fc.integer({ min: 0, max: 2 }),
  })
  fc.assert(
    fc.property(orders, rights, (order, change) => {
      const verdict = tried(order, change)
      const asked: AskedCall = {
        number: order.number,
        returns: order.isReturning ? { call: CallId('pbx1-1.1') } : null,
        isSupervisor: order.by === 'supervisor',
      }
      const real = judgeCallOut(asked, {
        rules: { ...outbound, allowedToSupervisors: ['+44'], ...change },
        own: ['969', '0256969', '0256408300', '0356408300'],
        lately: { own: 0, typed: 0 },
      })
      return verdict.verdict === 'allowed'
        ? real.ok && real.number === verdict.number
        : !real.ok && real.refusal === verdict.refusal
    }),
    { numRuns: 500 },
  )
  t.end()
})
