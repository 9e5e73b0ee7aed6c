import t from 'tap'
import { skillWarnings } from '../../../src/core/configuration/skills.ts'

const queues = [
  { id: 'general', skill: 'general', levelMin: 1 },
  { id: 'taxe', skill: 'taxe', levelMin: 3 },
]

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
