import t from 'tap'
import { whyUnreached } from '../../../src/ui/agent/outbound/unreached-text.ts'
import { liveCall } from '../views.ts'

t.test('the desk says why a citizen was not reached, except where the agent gave up', async (t) => {
  const dialling = liveCall({ id: 'c1', direction: 'outbound', phase: 'dialling' })
  const summoning = { ...dialling, phase: 'summoning' } as const
  const why = (outcome: string, endedBy: 'caller' | 'agent' | 'supervisor' | 'system', call = dialling) =>
    whyUnreached({ call, outcome, endedBy })
  t.equal(why('busy', 'caller'), 'busy')
  t.equal(why('rejected', 'caller'), 'rejected', 'a refusal is not an engaged phone')
  t.equal(why('no answer', 'system'), 'no answer')
  t.equal(why('failed', 'system'), 'failed')
  t.equal(why('no answer', 'caller'), 'hung up')
  t.equal(why('cancelled', 'caller'), 'called')
  t.equal(why('cancelled', 'agent'), null)
  t.equal(why('cancelled', 'agent', summoning), 'own phone')
  t.equal(why('failed', 'system', summoning), 'own phone')
  t.equal(why('cancelled', 'supervisor', summoning), null)
  t.equal(why('answered', 'caller'), null)
  t.equal(whyUnreached({ call: liveCall({ id: 'c2' }), outcome: 'failed', endedBy: 'system' }), null)
  t.equal(whyUnreached(null), null)
})
