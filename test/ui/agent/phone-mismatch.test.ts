import t from 'tap'
import type { AgentView } from '../../../src/http/agents/wire.ts'
import { phoneMismatch } from '../../../src/ui/agent/phone/phone-mismatch.ts'
import {
  idlePhone,
  noAudio,
  type PhoneSession,
  type PhoneState,
} from '../../../src/ui/agent/phone/phone-state.ts'
import { agentView } from '../views.ts'

const onWeb = { desk: false, web: true, chosen: 'web', active: 'web', ownCalls: 0 } as const
const incoming = (phase: PhoneSession['phase']): PhoneSession => ({
  kind: 'incoming',
  phase,
  from: '',
  offerId: null,
  autoAnswer: false,
})
const mismatch = (agent: Partial<AgentView>, phone: Partial<PhoneState>) =>
  phoneMismatch(agentView({ phones: onWeb, ...agent }), {
    ...idlePhone,
    registration: 'registered',
    ...phone,
  })
const deaf = { ...noAudio, silentMs: 1_000 }

t.test('a registered phone that the server cannot reach is a mismatch', (t) => {
  const phones = { ...onWeb, web: false, active: null }
  t.equal(mismatch({ state: 'ready', phones }, {}), 'not reached')
  t.equal(
    mismatch({ state: 'ready', phones }, { registration: 'connecting' }),
    null,
    'the phone is reconnecting already',
  )
  t.equal(mismatch({ state: 'ready' }, {}), null)
  t.end()
})

t.test('an offer to this phone that does not ring is a mismatch', (t) => {
  const offered = { state: 'offered', offerDevice: 'web' } as const
  t.equal(mismatch(offered, {}), 'does not ring')
  t.equal(mismatch(offered, { session: incoming('ringing') }), null)
  t.equal(
    mismatch({ ...offered, offerDevice: 'desk' }, {}),
    null,
    'the offer rings the desk phone, although this phone is chosen next',
  )
  const phones = { ...onWeb, desk: true, chosen: 'desk', active: 'desk' } as const
  t.equal(
    mismatch({ ...offered, phones }, {}),
    'does not ring',
    'the offer rings this phone, although the desk phone is chosen next',
  )
  t.end()
})

t.test('a silent call that is over for the server is a mismatch', (t) => {
  const session = incoming('up')
  t.equal(mismatch({ state: 'wrap-up' }, { session, audio: deaf }), 'call is over')
  t.equal(mismatch({ state: 'paused' }, { session, audio: deaf }), 'call is over')
  t.equal(mismatch({ state: 'wrap-up' }, { session }), null, 'sound still arrives')
  t.equal(mismatch({ state: 'talking' }, { session, audio: deaf }), null, 'silence alone is not enough')
  t.equal(mismatch({ state: 'offered', offerDevice: 'web' }, { session, audio: deaf }), null)
  t.equal(
    mismatch({ state: 'ready' }, { session: incoming('ringing') }),
    'call is over',
    'it rings without an offer',
  )
  t.equal(mismatch({ state: 'wrap-up' }, { session: incoming('answering'), audio: deaf }), null)
  const phones = { ...onWeb, ownCalls: 1 }
  t.equal(mismatch({ state: 'paused', phones }, { session, audio: deaf }), null, 'a call of the agent’s own')
  const echo = { ...session, kind: 'echo' } as const
  t.equal(
    mismatch({ state: 'ready' }, { session: echo, audio: deaf }),
    null,
    'a sound test is not an offered call',
  )
  t.end()
})
