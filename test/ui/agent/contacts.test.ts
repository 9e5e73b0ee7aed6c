import t from 'tap'
import type { ContactItem } from '../../../src/http/contacts/wire.ts'
import { interpretersIn } from '../../../src/ui/agent/contacts/interpreters.ts'
import { whyNot } from '../../../src/ui/agent/desk-actions.ts'
import { deskState } from '../../../src/ui/agent/desk-state.ts'
import { defaultKeys, isAssignable } from '../../../src/ui/agent/keys/chords.ts'
import { agentView, liveCall } from '../views.ts'

const contact = (id: string, name: string, language: string | null): ContactItem => ({
  id,
  name,
  number: '410',
  language,
})
const register = [
  contact('stare-civila', 'Stare civilă', null),
  contact('uk', 'Olena', 'uk'),
  contact('hu-2', 'Zsófia', 'hu'),
  contact('hu-1', 'Interpret de gardă', 'hu'),
]

t.test('interpreters are listed by language, in the language of the screen', (t) => {
  t.strictSame(
    interpretersIn(register, 'ro').map(({ id, language }) => `${language}: ${id}`),
    ['maghiară: hu-1', 'maghiară: hu-2', 'ucraineană: uk'],
  )
  t.equal(interpretersIn(register, 'en')[0]?.language, 'Hungarian')
  t.strictSame(interpretersIn(register.slice(0, 1), 'ro'), [])
  t.strictSame(
    interpretersIn(register, 'ro', 'uk').map(({ id }) => id),
    ['uk', 'hu-1', 'hu-2'],
    'those of the language that the caller has chosen come first',
  )
  t.end()
})

t.test('an interpreter can be called in a conversation in which nobody is asked yet', (t) => {
  const around = {
    fresh: true,
    superseded: false,
    imposed: false,
    reachable: true,
    onDeskPhone: false,
    talkedIn: null,
    hasInterpreter: true,
  } as const
  const ana = { id: 'a1', name: 'Ana Popescu' }
  const serving = (over: Parameters<typeof liveCall>[0]) => {
    const call = liveCall({ agent: ana, ...over })
    const agent = agentView({ ...ana, state: 'talking', callId: call.id, offerId: 'o1' })
    return deskState(agent, new Map([[call.id, call]]), null)
  }
  const talking = serving({ phase: 'talking' })
  t.equal(whyNot('interpreter', talking, around), null)
  t.equal(whyNot('interpreter', serving({ phase: 'held' }), around), null)
  t.equal(whyNot('interpreter', talking, { ...around, hasInterpreter: false }), 'noInterpreter')
  t.equal(whyNot('interpreter', deskState(agentView({}), new Map(), null), around), 'notTalking')
  const asked = serving({
    phase: 'held',
    consult: { with: { id: 'hu-1', name: 'Interpret' }, external: true, joins: true, seat: 'ringing' },
  })
  t.equal(whyNot('interpreter', asked, around), 'consulting')
  t.equal(whyNot('end-consult', asked, around), null, 'and the call for one can be ended')
  t.end()
})

t.test('the key of interpreters can be assigned by everybody, and is a letter only with Ctrl', (t) => {
  t.equal(defaultKeys.interpreter, 'Ctrl+I')
  t.ok(isAssignable(defaultKeys.interpreter))
  t.end()
})
