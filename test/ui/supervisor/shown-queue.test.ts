import t from 'tap'
import { figuresOf, noTally } from '../../../src/core/reports/figures.ts'
import { agentsShown, callsShown, queueIn, todayShown } from '../../../src/ui/supervisor/board/queue/shown.ts'
import { agentView, liveCall, todayView } from '../views.ts'

const target = { percent: 80, withinMs: 20_000 }
const figures = (offered: number) => ({
  day: figuresOf({ ...noTally, offered }, 0),
  recent: figuresOf(noTally, 0),
})
const course = { offered: [0, 3], answered: [0, 2], abandoned: [0, 1] }
const taxes = { id: 'taxe', name: 'Taxe', target, agents: ['ana', 'gone'], ...figures(3), course }
const general = { id: 'general', name: 'Informații', target, agents: ['ana', 'ion'], ...figures(9) }
const survey = { asked: 2, answered: 1, helped: 1, rated: 0, ratingSum: 0 }
const today = todayView({
  ...figures(12),
  queues: [general, taxes],
  slots: ['2026-12-01T08:00:00.000Z', '2026-12-01T08:30:00.000Z'].map((from) => ({
    from,
    offered: 6,
    answered: 4,
    abandoned: 2,
  })),
  overflows: [
    { from: 'taxe', to: 'general', day: 2, recent: 1 },
    { from: 'general', to: 'taxe', day: 1, recent: 1 },
  ],
  surveys: [
    { queue: 'taxe', ...survey },
    { queue: 'general', ...survey },
  ] as never,
})

t.test('the address names the queue; one that is not there is the whole line', (t) => {
  t.equal(queueIn('queue=taxe', today.queues), 'taxe')
  t.equal(queueIn('queue=urbanism', today.queues), null)
  t.equal(queueIn('', today.queues), null)
  t.end()
})

t.test('of a queue: its calls, the agents who serve it, and its figures', (t) => {
  const calls = new Map(
    [
      liveCall({ id: 'c1', queue: { id: 'taxe' } as never }),
      liveCall({ id: 'c2', queue: { id: 'general' } as never }),
    ].map((call) => [call.id, call]),
  )
  t.same([...callsShown(calls, 'taxe').keys()], ['c1'])
  const agents = new Map(['ana', 'ion'].map((id) => [id, agentView({ id })]))
  t.same([...agentsShown(agents, 'taxe', today.queues).keys()], ['ana'])
  const shown = todayShown(today, 'taxe')
  t.match(shown, { day: { offered: 3 }, queues: [{ id: 'taxe' }], surveys: [{ queue: 'taxe' }] })
  t.same(
    shown.overflows.map(({ from }) => from),
    ['taxe'],
  )
  t.same(
    shown.slots,
    [
      { from: '2026-12-01T08:00:00.000Z', offered: 0, answered: 0, abandoned: 0 },
      { from: '2026-12-01T08:30:00.000Z', offered: 3, answered: 2, abandoned: 1 },
    ],
    'and its course of the day, in the half-hours of the line',
  )
  t.same(todayShown(today, 'general').slots, [], 'of a node of an earlier release none')
  t.end()
})

t.test('of the whole line nothing is left out, and nothing is made anew', (t) => {
  const calls = new Map([['c1', liveCall({ id: 'c1' })]])
  const agents = new Map([['ana', agentView({ id: 'ana' })]])
  t.equal(callsShown(calls, null), calls)
  t.equal(agentsShown(agents, null, today.queues), agents)
  t.equal(todayShown(today, null), today)
  t.end()
})
