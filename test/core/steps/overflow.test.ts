import t from 'tap'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import { isSameMatter } from '../../../src/core/call.ts'
import { busyPrompts, busyTexts } from '../../../src/core/announcements/voicemail.ts'
import { languages, lineLanguageOf } from '../../../src/core/configuration/menu.ts'
import { callbackOf, QueueId } from '../../../src/core/ids.ts'
import { ana, anaAgain, callIn, channel, inShort, rules, t0, why } from '../samples.ts'

const queue = QueueId('taxes')
const overflows: CallEvent = { type: 'CallOverflowed', queue, priority: 20, why: 'wait' }
const by = ana.agent
const waiting = callIn('waiting')

void t.test('a caller goes on waiting in the other queue, with the time of entry', (t) => {
  const { call, effects, agents } = step(waiting, overflows, t0, rules)
  t.strictSame(call, { ...waiting, queue, priority: 20, overflowedFrom: 'city' })
  t.same([...effects, ...agents], [{ do: 'StartMusic', channel, queue }], 'the music of the other queue')
  t.end()
})

void t.test('a caller is told how to leave a message, in the queue in which they waited', (t) => {
  for (const language of languages) {
    const event: CallEvent = {
      ...overflows,
      queue: waiting.queue,
      priority: waiting.priority,
      way: 'voicemail',
    }
    const { call, effects } = step({ ...waiting, language, lineAnswered: false }, event, t0, rules)
    t.match(call, {
      phase: 'voicemail',
      queue: waiting.queue,
      queuedAt: waiting.queuedAt,
      overflowedFrom: waiting.queue,
      prompt: { say: 'leave a message', sound: busyPrompts[lineLanguageOf(language)] },
    })
    t.same(inShort(effects), [`AnswerCaller ${channel}`, `StopMusic ${channel}`, 'Play leave a message'])
    const gone = step(call, { type: 'CallerHungUp' }, t0, rules).call
    t.match(gone, { phase: 'ended', outcome: 'abandoned' }, 'without a message')
    t.ok(busyTexts.some(({ sound }) => sound === busyPrompts[lineLanguageOf(language)]))
  }
  t.end()
})

void t.test(
  'a caller is asked once whether they want to be called back, and waits on without the keys',
  (t) => {
    const event: CallEvent = {
      ...overflows,
      queue: waiting.queue,
      priority: waiting.priority,
      way: 'callback',
    }
    const { call } = step(waiting, event, t0, rules)
    t.match(call, {
      phase: 'waiting',
      queue: waiting.queue,
      overflowedFrom: waiting.queue,
      question: { awaits: 'interest' },
      announced: { askedAt: t0 },
    })
    const other = step(call, { type: 'KeyPressed', key: '3' }, t0, rules).call
    t.match(other, { phase: 'waiting', question: null, queuedAt: waiting.queuedAt })
    t.equal(step(other, event, t0, rules).call, other, 'once')
    t.end()
  },
)

void t.test('a caller overflows once, also when a supervisor moves them back', (t) => {
  const there = step(waiting, overflows, t0, rules).call
  const back = step(there, { type: 'CallMoved', queue: waiting.queue, toFront: false, by }, t0, rules).call
  t.match(back, { queue: 'city', overflowedFrom: 'city' })
  t.equal(step(back, overflows, t0, rules).call, back)
  const rung = step(back, { type: 'OfferMade', offer: anaAgain, why: why(anaAgain) }, t0, rules).call
  t.equal(rung.overflowedFrom, 'city', 'kept in every stage')
  t.end()
})

void t.test('a caller who is offered to an agent, or served, stays', (t) => {
  for (const phase of ['greeting', 'ringing', 'talking', 'reconnecting'] as const) {
    const call = callIn(phase)
    t.equal(step(call, overflows, t0, rules).call, call, phase)
  }
  const first = { ...waiting, priority: 0 }
  t.equal(step(first, overflows, t0, rules).call, first, 'the front of the queue')
  t.end()
})

void t.test('the callback of a caller who has overflowed keeps their place', (t) => {
  const there = step(waiting, overflows, t0, rules).call
  const call = callbackOf(there.pbx, there.id, 1)
  const { begins } = step(there, { type: 'CallbackPromised', call, by }, t0, rules)
  t.match(begins, { queue, priority: 20, queuedAt: waiting.queuedAt, overflowedFrom: 'city' })
  t.end()
})

void t.test('a call that has overflowed is still for the matter of the queue that it left', (t) => {
  const there = { ...waiting, queue, overflowedFrom: waiting.queue }
  t.ok(isSameMatter(waiting, waiting))
  t.ok(isSameMatter(there, waiting))
  t.ok(isSameMatter(waiting, there))
  t.ok(isSameMatter(there, { ...waiting, queue }), 'and of the one in which it waits')
  t.notOk(isSameMatter(waiting, { ...waiting, queue }))
  t.end()
})
