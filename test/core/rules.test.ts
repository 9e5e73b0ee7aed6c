import t from 'tap'
import { rulesIn } from '../../src/core/rules.ts'
import { rules } from './samples.ts'

t.test('a queue has its own wrap-up, also none at all, and otherwise that of the rules', async (t) => {
  t.equal(rulesIn({ wrapUpSeconds: 45 }, rules).wrapUpMs, 45_000)
  t.equal(rulesIn({ wrapUpSeconds: 0 }, rules).wrapUpMs, 0)
  t.same(rulesIn({}, rules), rules)
  t.same(rulesIn(undefined, rules), rules, 'a queue that has been removed')
})
