import t from 'tap'
import type { AgentView } from '../../src/http/agents/wire.ts'
import { phoneMismatch } from '../../src/ui/agent/phone/phone-mismatch.ts'
import {
  idlePhone,
  noAudio,
  type PhoneSession,
  type PhoneState,
} from '../../src/ui/agent/phone/phone-state.ts'
import { agentView } from './views.ts'

const onWeb = { desk: false, web: true, chosen: 'web', active: 'web', ownCalls: 0 } as const
const incoming = (phase: PhoneSession['phase']): PhoneSession => ({
  kind: 'incoming',
  phase,
  from: '',
  offerId: null,
  autoAnswer: false,
})
const doubt = (agent: Partial<AgentView>, phone: Partial<PhoneState>) =>
  phoneMismatch(agentView({ phones: onWeb, ...agent }), {
    ...idlePhone,
    registration: 'registered',
    ...phone,
  })
const deaf = { ...noAudio, silentMs: 1_000 }

t.test('a phone that believes itself registered, and is not for the line', (t) => {
  const phones = { ...onWeb, web: false, active: null }
  t.equal(doubt({ state: 'ready', phones }, {}), 'not reached')
  t.equal(doubt({ state: 'ready', phones }, { registration: 'connecting' }), null, 'it knows')
  t.equal(doubt({ state: 'ready' }, {}), null)
  t.end()
})

t.test('an offer for which nothing rings', (t) => {
  const offered = { state: 'offered', offerDevice: 'web' } as const
  t.equal(doubt(offered, {}), 'does not ring')
  t.equal(doubt(offered, { session: incoming('ringing') }), null)
  t.equal(
    doubt({ ...offered, offerDevice: 'desk' }, {}),
    null,
    'the other phone rings, though this one is next',
  )
  const phones = { ...onWeb, desk: true, chosen: 'desk', active: 'desk' } as const
  t.equal(doubt({ ...offered, phones }, {}), 'does not ring', 'this one should, though the other one is next')
  t.end()
})

t.test('a call that is over for the line, and of which nothing is heard any more', (t) => {
  const session = incoming('up')
  t.equal(doubt({ state: 'wrap-up' }, { session, audio: deaf }), 'call is over')
  t.equal(doubt({ state: 'paused' }, { session, audio: deaf }), 'call is over')
  t.equal(doubt({ state: 'wrap-up' }, { session }), null, 'whoever is heard is there')
  t.equal(doubt({ state: 'talking' }, { session, audio: deaf }), null, 'silence alone proves nothing')
  t.equal(doubt({ state: 'offered', offerDevice: 'web' }, { session, audio: deaf }), null)
  t.equal(doubt({ state: 'ready' }, { session: incoming('ringing') }), 'call is over', 'it rings for nobody')
  t.equal(doubt({ state: 'wrap-up' }, { session: incoming('answering'), audio: deaf }), null)
  const phones = { ...onWeb, ownCalls: 1 }
  t.equal(doubt({ state: 'paused', phones }, { session, audio: deaf }), null, 'he has called somebody')
  const echo = { ...session, kind: 'echo' } as const
  t.equal(doubt({ state: 'ready' }, { session: echo, audio: deaf }), null, 'a sound test is not the line’s')
  t.end()
})
