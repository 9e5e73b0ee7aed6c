/** Targets of queues on the board: thresholds, the range that a formula names, and differences in words. */
import t from 'tap'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration, TargetSetting } from '../../../src/core/configuration/schema.ts'
import { figuresOf, noTally } from '../../../src/core/reports/figures.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import {
  hasOwnTargets,
  stripOf,
  thresholdRange,
  thresholdsIn,
} from '../../../src/ui/supervisor/board/figures.ts'
import { formulaOf } from '../../../src/ui/supervisor/board/strip-figures.ts'
import { textsIn } from '../texts.ts'
import { liveCall, todayView } from '../views.ts'

const none = figuresOf(noTally, 0)
const queue = (id: string, withinMs: number, percent = 80) => ({
  id,
  name: id,
  target: { percent, withinMs },
  agents: [],
  day: none,
  recent: none,
})
const one = todayView({ queues: [queue('general', 20_000)] })
const two = todayView({ queues: [queue('general', 20_000), queue('taxe', 60_000, 70)] })

t.test('each call waits by the time of its own queue', (t) => {
  const within = thresholdsIn(two)
  t.same(['general', 'taxe', 'gone'].map(within), [20_000, 60_000, 20_000])
  t.equal(thresholdsIn(null)('general'), 20_000)
  const at = Date.parse('2026-11-24T08:00:30.000Z')
  const call = (id: string) => liveCall({ id, queue: { id, name: id }, queuedAt: '2026-11-24T08:00:00.000Z' })
  t.equal(stripOf([call('taxe')], [], at, within).late, false)
  t.equal(stripOf([call('taxe'), call('general')], [], at, within).late, true)
  t.end()
})

t.test(
  'a line whose queues have one time is shown as before; otherwise the formula names the range',
  async (t) => {
    const ro = await textsIn('ro')
    t.same(
      [thresholdRange(null), thresholdRange(one), thresholdRange(two)],
      [
        { from: 20, to: 20 },
        { from: 20, to: 20 },
        { from: 20, to: 60 },
      ],
    )
    t.same([hasOwnTargets(one), hasOwnTargets(two)], [false, true])
    t.ok(hasOwnTargets(todayView({ queues: [queue('general', 20_000, 90)] })))
    t.match(formulaOf('serviceLevel', one, one.day, ro, 'ro'), /^Preluate în 20 s ÷/)
    t.match(formulaOf('serviceLevel', two, two.day, ro, 'ro'), /^Preluate în ținta cozii lor \(20–60 s\) ÷/)
    t.match(formulaOf('abandonment', two, two.day, ro, 'ro'), /20–60 s/)
    t.match(formulaOf('answeredWithin', two, two.day, ro, 'ro'), /20–60 s/)
    t.match(formulaOf('offered', two, two.day, ro, 'ro'), /^Apeluri intrate/)
    const level = figuresOf({ ...noTally, answered: 4, answeredWithin: 3 }, 0, 70)
    t.match(
      formulaOf('serviceLevel', two, level, ro, 'ro', 60_000),
      /^Preluate în 60 s ÷ .*Acum: 3 ÷ \(4 \+ 0 \+ 0\) = 75/,
      'of one queue',
    )
  },
)

t.test('differences of targets are told in words', async (t) => {
  const ro = await textsIn('ro')
  const having = (target?: TargetSetting): Configuration => ({
    ...firstConfiguration,
    queues: firstConfiguration.queues.map((one) => (target === undefined ? one : { ...one, target })),
  })
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  t.same(told(having(), having({ percent: 90, withinSeconds: 30 })), [
    ['Coada „Informații generale”: Ținta nivelului de serviciu', null, '90 % în 30 s'],
  ])
  t.same(told(having({ percent: 90, withinSeconds: 30 }), having({ percent: 85, withinSeconds: 60 })), [
    ['Coada „Informații generale”: Ținta nivelului de serviciu, Preluate la timp, din 100', '90', '85'],
    ['Coada „Informații generale”: Ținta nivelului de serviciu, În cel mult (secunde)', '30', '60'],
  ])
  const [general] = having({ percent: 90, withinSeconds: 30 }).queues
  if (general === undefined) throw new Error('there is a queue')
  const added = {
    ...firstConfiguration,
    queues: [...firstConfiguration.queues, { ...general, id: 'taxe', name: 'Taxe' }],
  }
  t.match(told(firstConfiguration, added), [['Coada „Taxe”', null, /; 90 % în 30 s$/]])
})
