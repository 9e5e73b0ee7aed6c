import t from 'tap'
import { closedQuestionTexts, readBackSounds } from '../../../src/core/announcements/callback-question.ts'
import type { Call, Closed } from '../../../src/core/call.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { arrive } from '../../../src/core/call-arrival.ts'
import { step } from '../../../src/core/call-step.ts'
import type { MenuKey } from '../../../src/core/configuration/menu.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { AgentId, callbackOf, closedReadingOf } from '../../../src/core/ids.ts'
import { atLocal } from '../../../src/core/local-time.ts'
import { openingAt, parseLineHours } from '../../../src/core/opening-hours.ts'
import { bounds } from '../../../src/core/rules.ts'
import { arrival, as, callIn, channel, closed, id, inShort, open, rules, t0 } from '../samples.ts'

const at = t0 + 4_000
const opensAt = t0 + 3_600_000
const asked = callIn('closed')
const after = (event: CallEvent, call: Call = asked, now = at) => step(call, event, now, rules)
const pressed = (key: MenuKey): CallEvent => ({ type: 'KeyPressed', key })
const read = (nth: number): CallEvent => ({ type: 'PlaybackEnded', playback: closedReadingOf(id, nth) })
const passed: CallEvent = { type: 'DeadlinePassed' }
const callback = callbackOf(asked.pbx, id, 1)
const promise: CallEvent = { type: 'CallbackPromised', call: callback, by: null }
const confirming = (call: Call = asked): Closed => as(after(pressed('2'), call).call, 'closed')
const said = closedQuestionTexts().map(({ sound }) => sound)

void t.test('a caller of a closed number hears when it opens, and how to be called back then', async (t) => {
  // With `agent` the network would let no key through before an answer.
  for (const answer of ['queue', 'agent'] as const) {
    const { call, effects } = arrive(arrival({ closed: 'callback', answer }), closed, t0, rules)
    t.match(call, {
      phase: 'closed',
      awaits: 'interest',
      isReading: true,
      lineAnswered: true,
      queuedAt: null,
    })
    t.same(inShort(effects), [`AnswerCaller ${channel}`, 'Play callback question'])
    t.match(effects[1], { prompt: { opensAt }, playback: closedReadingOf(id, 1) })
  }
  t.equal(arrive(arrival({ closed: 'callback' }), open, t0, rules).call.phase, 'greeting')
})

void t.test('nobody is asked of whom the line could not keep the promise', async (t) => {
  const heard = (change: Partial<Parameters<typeof arrival>[0]>, opens: number | null, dismissing = 0) =>
    arrive(
      arrival({ closed: 'callback', ...change }),
      { ...closed, opening: { open: false, opensAt: opens, closedAt: null }, dismissing },
      t0,
      rules,
    ).call
  const plain = { phase: 'dismissing', outcome: 'closed', prompt: { say: 'closed' } }
  t.match(heard({}, null), plain, 'it does not open')
  t.match(heard({}, t0 + bounds.callbackOpensMs + 1), plain, 'not for long')
  t.match(heard({}, t0 + bounds.callbackOpensMs), { phase: 'closed' })
  t.match(heard({}, opensAt, rules.lineLengthMax), plain, 'too many are told so already')
  t.match(heard({ block: 1 }, opensAt), { phase: 'ended', outcome: 'rejected' }, 'a blocked caller')
  t.match(heard({ queuedAt: t0 - 9_000 }, opensAt), { phase: 'waiting' }, 'one who has waited elsewhere')
})

void t.test('two keys promise: after the question, and after the number that is dialled', async (t) => {
  const number = after(pressed('2'))
  t.match(number.call, { phase: 'closed', awaits: 'confirmation', isReading: true, since: asked.since })
  t.same(inShort(number.effects), [`StopPlaying ${channel}`, 'Play announcement'])
  const sounds = readBackSounds('ro', '+40256100200', 'whileClosed')
  t.match(number.effects[1], { playback: closedReadingOf(id, 2), prompt: { sounds } })
  t.ok(sounds.every((sound) => said.includes(sound)))
  const kept = after(promise, number.call)
  t.match(kept.call, {
    phase: 'dismissing',
    outcome: 'callback',
    queuedAt: null,
    prompt: { say: 'callback promised when open' },
  })
  t.match(kept.begins, {
    id: callback,
    phase: 'promised',
    queue: asked.queue,
    priority: asked.priority,
    queuedAt: asked.arrivedAt,
    callback: { of: id, promisedAt: at, keptUntil: opensAt + bounds.callbackMs, attempt: 1 },
    waitUntil: opensAt + bounds.callbackMs,
  })
  const gone = after({ type: 'CallerHungUp' }, kept.call)
  t.match(gone.call, { phase: 'ended', outcome: 'callback' }, 'hanging up in the last words keeps it')
  const other: CallEvent = { ...promise, call: callbackOf(asked.pbx, id, 2) }
  t.notOk(after(other, number.call).begins, 'one that the number had is kept')
})

void t.test('one key, or another one, promises nothing', async (t) => {
  for (const key of ['1', '3', '#', '*'] as const) t.equal(after(pressed(key)).call, asked, key)
  t.equal(after(promise).call, asked, 'not confirmed')
  const supervisor: CallEvent = { ...promise, by: AgentId('lia') }
  const number = confirming()
  t.equal(after(supervisor, number).call, number, 'by the caller alone')
  for (const key of ['2', '0', '1'] as const) {
    const { call, effects } = after(pressed(key), number)
    t.match(call, { phase: 'dismissing', outcome: 'closed', prompt: { say: 'closed', opensAt } }, key)
    t.same(inShort(effects), [`StopPlaying ${channel}`, 'Play closed'])
  }
  const withheld = { ...asked, caller: { number: null, name: null } }
  t.equal(after(pressed('2'), withheld).call, withheld)
})

void t.test('without a key the call ends as that of a closed number', async (t) => {
  for (const [call, nth] of [
    [asked, 1],
    [confirming(), 2],
  ] as const) {
    t.equal(after(read(3 - nth), call).call, call, 'the end of another reading')
    const silent = after(read(nth), call)
    t.match(silent.call, { isReading: false, until: at + bounds.menuKeyMs })
    t.same(inShort(silent.effects), [`StopPlaying ${channel}`])
    const late = as(silent.call, 'closed').until
    t.equal(callDeadline(silent.call), late)
    t.equal(after(passed, silent.call, late - 1).call, silent.call)
    t.equal(after(read(nth), silent.call).call, silent.call, 'its end is told twice')
    t.match(after(passed, silent.call, late).call, { phase: 'ended', outcome: 'closed', endedBy: 'system' })
    const unreported = after(passed, call, call.until)
    t.match(unreported.call, { phase: 'closed', isReading: false }, 'the end of a reading was not told')
  }
})

void t.test('who hangs up before the confirmation has called a closed number', async (t) => {
  for (const call of [asked, confirming()]) {
    const ended = after({ type: 'CallerHungUp' }, call)
    t.match(ended.call, { phase: 'ended', outcome: 'closed', endedBy: 'caller', queuedAt: null })
    t.notOk(ended.begins)
    t.match(after({ type: 'CallerLost', pbxDied: true }, call).call, { outcome: 'failed', endedBy: 'system' })
    const by = AgentId('lia')
    t.match(after({ type: 'CallEndedBySupervisor', by }, call).call, {
      outcome: 'closed',
      endedBy: 'supervisor',
    })
  }
})

void t.test('back from the fallback queue a caller waits on with the place', async (t) => {
  const back: CallEvent = { type: 'PlaybackEnded', playback: closedReadingOf(id, 1), queuedAt: t0 + 1_000 }
  t.match(after(back).call, { phase: 'waiting', queuedAt: t0 + 1_000 })
})

void t.test('a callback that is promised before a long closing outlasts it by three weeks', async (t) => {
  const hours = parseLineHours('Mon-Fri 08:00-22:00')
  if (!hours.ok) throw new Error(hours.expected)
  // Good Friday to Easter Monday.
  const holidays = new Set(['2026-04-10', '2026-04-12', '2026-04-13'])
  const evening = atLocal('2026-04-09', 23 * 60)
  const opening = openingAt(hours.hours, holidays, evening)
  const { call } = arrive(arrival({ closed: 'callback' }), { ...closed, opening }, evening, rules)
  const kept = after(promise, confirming(call), evening + 9_000)
  const tuesday = atLocal('2026-04-14', 8 * 60)
  t.equal(as(call, 'closed').opensAt, tuesday)
  const promised = kept.begins
  if (promised === undefined) throw new Error('nothing was promised')
  t.equal(callDeadline(promised), tuesday + bounds.callbackMs)
  t.equal(after(passed, promised, tuesday).call, promised)
  t.match(after(passed, promised, promised.waitUntil).call, { phase: 'ended', outcome: 'cancelled' })
})
