import t from 'tap'
import { Mirror } from '../../src/acd/acd-state.ts'
import { callIn } from '../core/samples.ts'

void t.test('a newcomer finds before him who greets and who waits, but not who is elsewhere', async (t) => {
  const mirror = new Mirror()
  const call = callIn('waiting')
  mirror.setCall(call, 1)
  t.same(mirror.crowd(), { waiting: 1, dismissing: 0 })
  mirror.shelve(call.id)
  t.same(mirror.crowd(), { waiting: 0, dismissing: 0 }, 'the fallback queue serves him')
  mirror.unshelve(call.id)
  t.same(mirror.crowd(), { waiting: 1, dismissing: 0 })
})
