import t from 'tap'
import { ageingWarnings, everyQueue, skillWarnings } from '../../../src/core/configuration/skills.ts'

const queues = [
  { id: 'general', skill: 'general', levelMin: 1 },
  { id: 'taxe', skill: 'taxe', levelMin: 3 },
]

t.test('an agent who serves every queue has each skill at the highest of its least levels', (t) => {
  const higher = { skill: 'taxe', levelMin: 5 }
  t.same(
    [...everyQueue([...queues, higher, { skill: 'taxe', levelMin: 2 }])],
    [
      ['general', 1],
      ['taxe', 5],
    ],
  )
  t.same([...everyQueue([])], [])
  t.end()
})

t.test('nothing to warn of where every queue has an agent and every skill a queue', (t) => {
  t.same(skillWarnings(queues, [{ levels: { general: 1 } }, { levels: { taxe: 3 } }]), [])
  t.end()
})

t.test('a queue whose skill nobody has at its least level', (t) => {
  t.same(skillWarnings(queues, [{ levels: { general: 1, taxe: 2 } }]), [
    { code: 'queue without agents', queue: 'taxe', skill: 'taxe', levelMin: 3 },
  ])
  t.same(
    skillWarnings(queues, []).map((warning) => warning.code === 'queue without agents' && warning.queue),
    ['general', 'taxe'],
  )
  t.end()
})

t.test('skills that no queue asks for, by name; a level of 0 is no skill', (t) => {
  const agents = [
    { levels: { general: 2, taxe: 5, maghiara: 1, engleza: 2 } },
    { levels: { maghiara: 4, franceza: 0 } },
  ]
  t.same(skillWarnings(queues, agents), [
    { code: 'skill without queue', skill: 'engleza', agents: 1 },
    { code: 'skill without queue', skill: 'maghiara', agents: 2 },
  ])
  t.end()
})

void t.test(
  'a queue that does not age beside one that does is warned of where they share agents or a skill',
  async (t) => {
    const ages = { id: 'general', skill: 'general', levelMin: 1, ageingSeconds: 30 }
    const strict = { id: 'taxe', skill: 'taxe', levelMin: 2 }
    const both = [{ levels: { general: 3, taxe: 2 } }]
    const warning = { code: 'queue without ageing', queue: 'taxe', skill: 'taxe', beside: ['general'] }
    t.same(ageingWarnings([ages, strict], both), [warning])
    t.same(
      ageingWarnings([ages, strict], [{ levels: { general: 3, taxe: 1 } }, { levels: { taxe: 5 } }]),
      [],
      'no agent has both',
    )
    t.same(ageingWarnings([ages, { ...strict, skill: 'general' }], []), [{ ...warning, skill: 'general' }])
    t.same(ageingWarnings([ages, { ...strict, ageingSeconds: 60 }], both), [], 'all age')
    const { ageingSeconds: _, ...without } = ages
    t.same(ageingWarnings([without, strict], both), [], 'none ages')
  },
)
