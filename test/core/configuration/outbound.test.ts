import t from 'tap'
import { changesOf } from '../../../src/core/configuration/changes.ts'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { callOutRules, pointless, settingOf } from '../../../src/core/configuration/outbound.ts'
import type { OutboundSetting } from '../../../src/core/configuration/schema.ts'
import { callable, numberToCall } from '../../../src/core/phone-number.ts'
import type { CallOutRules } from '../../../src/core/rules.ts'

const server: CallOutRules = {
  allowed: ['+402', '+407', '+373', '0219'],
  allowedToSupervisors: ['+44'],
  agents: 'any',
  supervisors: 'any',
  perHour: 30,
  perHourAll: 300,
}
const setting: OutboundSetting = {
  allowed: ['+4031'],
  agents: 'returns',
  supervisors: 'any',
  perHour: 5,
  perHourAll: 50,
}
const faults = (change: Partial<OutboundSetting>, of: CallOutRules | undefined = server) =>
  faultsOf({ ...firstConfiguration, outbound: { ...setting, ...change } }, of).map(
    ({ at, code, value }) => `${at}: ${code} ${value}`,
  )

void t.test('without rules in the configuration the settings of the server hold', (t) => {
  t.equal(callOutRules(null, server), server)
  t.same(faultsOf(firstConfiguration, server), [])
  t.end()
})

void t.test('rules of the configuration take the place of the settings, all of them', (t) => {
  t.same(callOutRules(setting, server), { ...setting, allowedToSupervisors: [] })
  const mine = callOutRules(setting, server)
  const asked = { returns: null, isSupervisor: true }
  t.match(numberToCall({ ...asked, number: '0312345678' }, mine), { ok: true })
  t.match(numberToCall({ ...asked, number: '0722000111' }, mine), { refusal: 'a number not allowed' })
  t.match(numberToCall({ ...asked, number: '0219' }, mine), { refusal: 'a number not allowed' })
  t.end()
})

void t.test(
  'abroad the settings of the server are the outer bound, also when they have been narrowed since',
  (t) => {
    const wide = {
      ...setting,
      allowed: ['+37322', '+44', '+4', '+40', '+1'],
      allowedToSupervisors: ['+44', '+49'],
    }
    t.match(callOutRules(wide, server), { allowed: ['+37322', '+40'], allowedToSupervisors: ['+44'] })
    t.match(callOutRules(wide, { ...server, allowed: ['+40'], allowedToSupervisors: [] }), {
      allowed: ['+40'],
      allowedToSupervisors: [],
    })
    t.match(callOutRules(wide, { ...server, allowed: ['+4'] }), { allowed: ['+44', '+4', '+40'] })
    t.same(faults(wide), [
      'outbound.allowed[1]: called number abroad +44',
      'outbound.allowed[2]: called number abroad +4',
      'outbound.allowed[4]: called number abroad +1',
      'outbound.allowedToSupervisors[1]: called number abroad +49',
    ])
    t.end()
  },
)

void t.test('without the settings of a server nothing abroad is published', (t) => {
  const outbound = { ...setting, allowed: ['+40', '+373'] }
  t.match(faultsOf({ ...firstConfiguration, outbound }), [{ at: 'outbound.allowed[1]' }])
  t.end()
})

void t.test('each fault of a number has its own code', (t) => {
  const codeOf = (one: string) => faults({ allowed: [one] }).map((fault) => fault.split(': ')[1])
  for (const [one, code] of [
    ['+4x', 'called number not readable'],
    ['+0256', 'called number not readable'],
    ['+400', 'called number not readable'],
    ['+400256', 'called number not readable'],
    ['+4025612345678', 'called number not readable'],
    ['+3731234567890123', 'called number not readable'],
    ['', 'called number too short'],
    ['+', 'called number too short'],
    ['12', 'called number too short'],
    ['0256408300', 'called number without country'],
    ['0040256', 'called number without country'],
    ['0900', 'called number premium'],
    ['+4090', 'called number premium'],
    ['+40906123456', 'called number premium'],
    ['112', 'called number emergency'],
    ['+40112', 'called number emergency'],
    ['969', 'called number ours'],
    ['0256969', 'called number ours'],
  ] as const)
    t.same(codeOf(one), [`${code} ${one}`], one)
  for (const one of ['+40', '+40256', '+40256408300', '0219', '119', '+37322']) t.same(codeOf(one), [], one)
  t.end()
})

void t.test('another number of the city is a fault as well, in each of its forms', (t) => {
  const [first] = firstConfiguration.numbers
  if (first === undefined) throw new Error('unreachable')
  const numbers = [first, { ...first, number: '0256408300', also: ['0356408300'] }]
  const outbound = { ...setting, allowed: ['+402', '+40256408300', '+40356408300'] }
  t.match(faultsOf({ ...firstConfiguration, numbers, outbound }, server), [
    { at: 'outbound.allowed[1]', code: 'called number ours' },
    { at: 'outbound.allowed[2]', code: 'called number ours' },
  ])
  t.end()
})

void t.test('what is never called stays so, whatever is allowed', (t) => {
  const { allowed } = callOutRules({ ...setting, allowed: ['+40', '+4090', '0900', '112', '969'] }, server)
  for (const number of ['0900123456', '0040906123456', '112', '969', '0256969'])
    t.equal(callable(number, allowed).ok, false, number)
  t.end()
})

void t.test('a number that another one contains is no fault, but is pointed out', (t) => {
  const allowed = ['+402', '+40256', '0219', '0219', '+407', '021911']
  t.same(faults({ allowed }), [])
  t.same(pointless(allowed), ['+40256', '0219'])
  t.end()
})

void t.test('a city begins with the settings of its server, and may go back to them', (t) => {
  t.same(settingOf(server), server)
  t.notOk('allowedToSupervisors' in settingOf({ ...server, allowedToSupervisors: [] }))
  const outbound = settingOf(server)
  t.same(faultsOf({ ...firstConfiguration, outbound }, server), [])
  t.same(callOutRules(outbound, server), server)
  const changed = { ...firstConfiguration, outbound: { ...outbound, perHour: 5 } }
  t.same(changesOf({ ...firstConfiguration, outbound }, changed), [
    { at: 'outbound.perHour', before: 30, after: 5 },
  ])
  t.match(changesOf(changed, firstConfiguration), [{ at: 'outbound', before: { perHour: 5 } }])
  t.end()
})
