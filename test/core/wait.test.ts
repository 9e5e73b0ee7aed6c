/** When a wait begins, and whether there was one: of a citizen who calls while they hold a callback, not with the callback's place. */
import t from 'tap'
import { arrive } from '../../src/core/call-arrival.ts'
import { step } from '../../src/core/call-step.ts'
import type { Call } from '../../src/core/call.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { AgentId, CallId, callbackOf, PbxName, QueueId } from '../../src/core/ids.ts'
import { hasQueued, waitStart } from '../../src/core/reports/wait.ts'
import { arrival, callIn, open, rules, t0 } from './samples.ts'

const monday = t0 + 60 * 3_600_000
const waiting = callIn('waiting')
const promise: CallEvent = {
  type: 'CallbackPromised',
  call: callbackOf(PbxName('pbx1'), waiting.id, 1),
  by: AgentId('vera'),
}
const promised = step(waiting, promise, t0 + 9_000, rules).begins ?? null
const hangsUp = (call: Call, at = monday + 5_000): Call =>
  step(call, { type: 'CallerHungUp' }, at, rules).call
/** Of a citizen who was promised a callback on Friday evening. */
const arrives = (menu = arrival().menu) =>
  arrive(
    { ...arrival({ id: CallId('pbx1-2.1'), arrivedAt: monday }), menu, callback: promised },
    open,
    monday,
    rules,
  ).call
const goesOn = (call: Call): Call =>
  'playback' in call
    ? step(call, { type: 'PlaybackEnded', playback: call.playback }, monday + 4_000, rules).call
    : call

void t.test('a wait begins with the entry into the queue, and never before the call', async (t) => {
  t.equal(waitStart({ arrivedAt: t0, queuedAt: t0 + 3_000 }), t0 + 3_000)
  t.equal(waitStart({ arrivedAt: monday, queuedAt: t0 }), monday)
  t.equal(waitStart({ arrivedAt: monday, queuedAt: null }), null)
})

void t.test(
  'a call that ends before its queue was in none, though it had the place of a callback',
  async (t) => {
    const greeted = arrives()
    t.match(greeted, { phase: 'greeting', queuedAt: waiting.queuedAt })
    t.match(hangsUp(greeted), { phase: 'ended', outcome: 'abandoned', queuedAt: null })
    const inQueue = goesOn(greeted)
    t.match(inQueue, { phase: 'waiting', queuedAt: waiting.queuedAt }, 'the place is kept')
    t.match(hangsUp(inQueue), { phase: 'ended', queuedAt: waiting.queuedAt })
  },
)

void t.test('a menu is before the queue, and so is a message by a key of it', async (t) => {
  const queuedAt = t0
  t.notOk(hasQueued({ phase: 'menu', queuedAt, overflowedFrom: null }))
  t.match(hangsUp({ ...callIn('menu'), queuedAt }), { phase: 'ended', queuedAt: null })
  t.notOk(hasQueued({ phase: 'voicemail', queuedAt, overflowedFrom: null }))
  t.ok(hasQueued({ phase: 'voicemail', queuedAt, overflowedFrom: QueueId('general') }), 'by overflow')
  t.notOk(hasQueued({ phase: 'closed', queuedAt: null, overflowedFrom: null }))
})
