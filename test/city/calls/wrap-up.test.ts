import t from 'tap'
import { isComplete, type WrapUpForm } from '../../../src/city/calls/wrap-up.ts'

const whole: WrapUpForm = { subject: 'Iluminat', motivated: 'yes', reason: null, resolution: 'registered' }

t.test('a justified call needs subject and resolution; one that was not, its reason alone', async (t) => {
  t.equal(isComplete(whole), true)
  t.equal(isComplete(null), false, 'nothing was saved')
  t.equal(isComplete({ ...whole, subject: ' ' }), false)
  const coded = { ...whole, subject: '', code: { id: 'drumuri', name: 'Drumuri' } }
  t.equal(isComplete(coded), true, 'a code alone says what it was about')
  t.equal(isComplete({ ...coded, code: null }), false)
  t.equal(isComplete({ ...whole, resolution: 'unstated' }), false)
  t.equal(isComplete({ ...whole, motivated: 'unstated' }), false)
  const prank: WrapUpForm = { subject: '', motivated: 'no', reason: 'prank', resolution: 'unstated' }
  t.equal(isComplete(prank), true)
  t.equal(isComplete({ ...prank, reason: null }), false)
})
