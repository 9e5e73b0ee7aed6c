import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration, NumberSetting } from '../../../src/core/configuration/schema.ts'

const [first] = firstConfiguration.numbers
const [general] = firstConfiguration.queues
if (first === undefined || general === undefined) throw new Error('there is a number and a queue')
const weekdays = {
  id: 'program',
  name: 'Program',
  weekly: 'Mon-Fri 08:00-22:00',
  holidays: 'closed',
  dates: [{ date: '2026-12-24', hours: '08:00-12:00', reason: 'Ajunul Crăciunului' }],
} as const

function faults(change: Partial<Configuration>): string[] {
  return faultsOf({ ...firstConfiguration, ...change }).map(
    ({ at, code, value }) => `${at}: ${code} ${value}`,
  )
}

void t.test('the configuration of a fresh installation has no fault', (t) => {
  t.same(faults({}), [])
  t.same(faults({ hours: [{ ...weekdays, dates: [...weekdays.dates] }] }), [])
  t.end()
})

void t.test('each fault is found where it is', (t) => {
  t.same(faults({ numbers: [], queues: [] }), ['numbers: no number ', 'queues: no queue '])
  t.same(faults({ queues: [general, { ...general, id: 'Taxe', skill: '', name: ' ' }] }), [
    'queues[1].id: id not usable Taxe',
    'queues[1].skill: id not usable ',
    'queues[1].name: name empty  ',
  ])
  const announce = { position: false, estimate: false, firstAfterSeconds: 20, everySeconds: 60 }
  t.same(faults({ queues: [{ ...general, announce }] }), ['queues[0].announce: nothing announced '])
  t.same(faults({ queues: [{ ...general, announce: { ...announce, estimate: true } }] }), [])
  const own = [
    { ro: 'Pe site.', en: 'By the web site.' },
    { ro: ' ', en: '-' },
  ]
  t.same(faults({ queues: [{ ...general, announce: { ...announce, texts: own.slice(0, 1) } }] }), [])
  t.same(faults({ queues: [{ ...general, announce: { ...announce, texts: own } }] }), [
    'queues[0].announce.texts[1].ro: text empty  ',
    'queues[0].announce.texts[1].en: text not readable -',
  ])
  t.same(faults({ queues: [general, { ...general, name: 'INFORMAȚII generale' }] }), [
    'queues[1].id: id twice general',
    'queues[1].name: name twice INFORMAȚII generale',
  ])
  t.same(
    faults({
      numbers: [
        { ...first, hours: 'vara', queue: 'taxe' },
        { ...first, number: '112', also: ['969', '+40256'], name: '' },
      ],
    }),
    [
      'numbers[0].queue: queue unknown taxe',
      'numbers[0].hours: hours unknown vara',
      'numbers[1].number: number not usable 112',
      'numbers[1].also[1]: number not usable +40256',
      'numbers[1].name: name empty ',
      'numbers[1].also[0]: number twice 969',
    ],
  )
  const forms = Array.from({ length: 11 }, (_, index) => `0256${index + 100}`)
  t.same(faults({ numbers: [{ ...first, also: forms }] }), ['numbers[0].also: forms too many 11'])
  t.same(faults({ numbers: [{ ...first, also: forms.slice(1) }] }), [])
  t.end()
})

void t.test('an overflow has a bound, and leads on to another queue', (t) => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ ...general, id, name: id })) as [
    typeof general,
    typeof general,
    typeof general,
  ]
  const to = (queue: typeof general, id: string, when: object = { whenWaiting: 5 }) => ({
    ...queue,
    overflow: { ...when, to: id },
  })
  const of = (...queues: (typeof general)[]) => faults({ queues: [general, ...queues] })
  t.same(of(to(a, 'b'), to(b, 'c', { afterSeconds: 60 }), to(c, 'general', { whenNobodySignedIn: true })), [])
  t.same(of(to(a, 'general', {})), ['queues[1].overflow: overflow without a bound '])
  t.same(of(to(a, 'general', { whenNobodySignedIn: false })), [
    'queues[1].overflow: overflow without a bound ',
  ])
  const leading = (overflow: object) => ({ ...a, overflow: { whenWaiting: 5, ...overflow } })
  for (const target of [{ voicemail: true }, { callback: true }]) t.same(of(leading(target)), [])
  for (const target of [{}, { to: 'general', voicemail: true }, { voicemail: true, callback: true }])
    t.same(of(leading(target)), ['queues[1].overflow.to: overflow not to one '])
  t.same(of(to(a, 'b'), { ...leading({ callback: true }), id: 'b', name: 'b' }), [], 'it leads to no queue')
  t.same(of(to(a, 'd')), ['queues[1].overflow.to: queue unknown d'])
  t.same(of(to(a, 'a')), ['queues[1].overflow.to: overflow to itself a'])
  t.same(of(to(a, 'b'), to(b, 'c'), to(c, 'b')), [
    'queues[2].overflow.to: overflow leads back c',
    'queues[3].overflow.to: overflow leads back b',
  ])
  t.end()
})

void t.test('a form in which a number is sent leads to one number', (t) => {
  const other = { ...first, number: '0256408300', also: [] }
  t.same(faults({ numbers: [first, other, { ...other, number: '0256408301', also: ['40256408300'] }] }), [
    'numbers[2].also[0]: number twice 40256408300',
  ])
  t.same(faults({ numbers: [first, other, { ...other, number: '0040256408300' }] }), [
    'numbers[2].number: number twice 0040256408300',
  ])
  t.end()
})

void t.test('hours that cannot be read, or that overlap', (t) => {
  const hours = (change: object) => faults({ hours: [{ ...weekdays, dates: [], ...change }] })
  t.same(hours({ weekly: 'luni-vineri 8-22' }), ['hours[0].weekly: hours not readable luni-vineri 8-22'])
  t.same(hours({ weekly: 'Mon 08:00-12:00, Mon 11:00-14:00' }), [
    'hours[0].weekly: hours overlap Mon 08:00-12:00, Mon 11:00-14:00',
  ])
  t.same(hours({ weekly: 'always' }), [])
  const date = (day: object) => hours({ dates: [{ ...weekdays.dates[0], ...day }] })
  t.same(date({ date: '2026-02-30' }), ['hours[0].dates[0].date: date not usable 2026-02-30'])
  t.same(date({ hours: '12:00-08:00' }), ['hours[0].dates[0].hours: hours not readable 12:00-08:00'])
  t.same(date({ hours: '08:00-12:00, 11:00-14:00' }), [
    'hours[0].dates[0].hours: hours overlap 08:00-12:00, 11:00-14:00',
  ])
  t.same(hours({ dates: [...weekdays.dates, ...weekdays.dates] }), [
    'hours[0].dates[1].date: date twice 2026-12-24',
  ])
  t.same(
    faults({
      hours: [
        { ...weekdays, dates: [] },
        { ...weekdays, id: 'A', name: '', dates: [] },
      ],
    }),
    ['hours[1].id: id not usable A', 'hours[1].name: name empty '],
  )
  t.end()
})

void t.test('texts of a number are words', (t) => {
  const faultsWith = (says: NonNullable<NumberSetting['says']>) =>
    faultsOf({ ...firstConfiguration, numbers: [{ ...first, says }] }).map(({ at, code }) => `${at}: ${code}`)
  t.same(faultsWith({}), [])
  t.same(faultsWith({ greeting: { ro: 'Bună ziua!', en: 'Good day!' }, closed: { ro: 'Închis.' } }), [])
  t.same(faultsWith({ greeting: { ro: ' ' }, closed: { ro: '…!', en: '' } }), [
    'numbers[0].says.greeting.ro: text empty',
    'numbers[0].says.closed.ro: text not readable',
    'numbers[0].says.closed.en: text empty',
  ])
  t.end()
})
