import t from 'tap'
import { AcdState } from '../../src/acd/acd-state.ts'
import { callIn } from '../core/samples.ts'

void t.test(
  'callers in greeting and waiting count as ahead of a new one; detached callers do not',
  async (t) => {
    const acdState = new AcdState()
    const call = callIn('waiting')
    acdState.setCall(call, 1)
    t.same(acdState.crowd(), { waiting: 1, dismissing: 0 })
    acdState.detach(call.id)
    t.same(acdState.crowd(), { waiting: 0, dismissing: 0 }, 'the fallback queue has the caller')
    acdState.attach(call.id)
    t.same(acdState.crowd(), { waiting: 1, dismissing: 0 })
  },
)
