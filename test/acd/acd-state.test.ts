import t from 'tap'
import { AcdState } from '../../src/acd/acd-state.ts'
import { callIn } from '../core/samples.ts'

void t.test('a newcomer finds before him who greets and who waits, but not who is elsewhere', async (t) => {
  const acdState = new AcdState()
  const call = callIn('waiting')
  acdState.setCall(call, 1)
  t.same(acdState.crowd(), { waiting: 1, dismissing: 0 })
  acdState.detach(call.id)
  t.same(acdState.crowd(), { waiting: 0, dismissing: 0 }, 'the fallback queue serves him')
  acdState.attach(call.id)
  t.same(acdState.crowd(), { waiting: 1, dismissing: 0 })
})
