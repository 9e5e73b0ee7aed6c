import t from 'tap'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { removedQueues } from '../../../src/core/configuration/removed-queues.ts'
import type { Configuration } from '../../../src/core/configuration/schema.ts'

const queue = (id: string, name: string) => ({ id, name, skill: id, levelMin: 1, priority: 5 })
const number = (text: string, to: string) => ({ number: text, also: [], name: text, queue: to })

const inForce: Configuration = {
  ...firstConfiguration,
  numbers: [number('969', 'general'), number('0256408300', 'taxe')],
  queues: [queue('general', 'Informații'), queue('taxe', 'Taxe'), queue('urbanism', 'Urbanism')],
}

t.test('a queue that is removed, and where its callers go', (t) => {
  t.same(removedQueues(inForce, inForce), [])
  const [general, taxe] = inForce.queues
  if (general === undefined || taxe === undefined) throw new Error('no queues')
  t.same(removedQueues(inForce, { ...inForce, queues: [general, taxe] }), [
    { id: 'urbanism', name: 'Urbanism', leadsTo: null },
  ])
  const one = { ...inForce, numbers: [number('969', 'general')], queues: [general] }
  t.same(removedQueues(inForce, one), [
    { id: 'taxe', name: 'Taxe', leadsTo: 'Informații' },
    { id: 'urbanism', name: 'Urbanism', leadsTo: 'Informații' },
  ])
  t.same(
    removedQueues(inForce, { ...one, queues: [{ ...general, name: 'Toate' }] })[0]?.leadsTo,
    'Toate',
    'by its new name',
  )
  t.end()
})
