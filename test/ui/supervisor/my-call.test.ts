import t from 'tap'
import { isConversationOver, myCallIn } from '../../../src/ui/supervisor/supervision/my-call.ts'
import { liveCall } from '../views.ts'

const talking = liveCall({ id: 'c1', phase: 'talking' })
const asked = liveCall({ id: 'c1', phase: 'survey' })
const callsOf = (...calls: readonly (typeof talking)[]) => new Map(calls.map((call) => [call.id, call]))

t.test('for a supervisor the conversation is over when the call has ended, or its caller is asked', (t) => {
  t.equal(myCallIn([asked], 's1'), null)
  t.ok(isConversationOver('c1', callsOf(asked), null), 'the caller is asked')
  t.ok(isConversationOver('c1', callsOf(), 'c1'), 'the call has ended')
  t.notOk(isConversationOver('c1', callsOf(talking), 'c2'), 'the supervisor has left it')
  t.notOk(isConversationOver('c1', callsOf(), 'c2'))
  t.end()
})
