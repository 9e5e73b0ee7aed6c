import t from 'tap'
import { arrive } from '../../../src/core/call-arrival.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { MenuKey } from '../../../src/core/configuration/menu.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { callOfPlayback, greetingOf, menuReadingOf, type PlaybackId, QueueId } from '../../../src/core/ids.ts'
import { isStillWanted } from '../../../src/core/media/media-effects.ts'
import { bounds } from '../../../src/core/rules.ts'
import {
  arrival,
  as,
  callIn,
  channel,
  greeted,
  id,
  inShort,
  offered,
  ana,
  open,
  rules,
  run,
  t0,
  tree,
} from '../samples.ts'

const pressed = (key: MenuKey): CallEvent => ({ type: 'KeyPressed', key })
const read = (nth: number): CallEvent => ({ type: 'PlaybackEnded', playback: menuReadingOf(id, nth) })
const passed: CallEvent = { type: 'DeadlinePassed' }
const menuCall = () => callIn('menu')

void t.test('the menu is read after the greeting, or at once without one', async (t) => {
  const first = arrive(arrival({ menu: tree }), open, t0, rules)
  const greeted1 = step(first.call, greeted(), t0 + 1_000, rules)
  t.match(greeted1.call, {
    phase: 'menu',
    language: 'ro',
    isReading: true,
    queuedAt: null,
    since: t0 + 1_000,
  })
  t.same(greeted1.effects, [
    {
      do: 'Play',
      channel,
      playback: 'menu1-pbx1-1.1',
      prompt: { say: 'menu', sound: 'salut', isWrongKey: false },
    },
  ])
  t.equal(callOfPlayback(menuReadingOf(id, 1)), id)
  const lost = step(first.call, passed, t0 + bounds.promptMs, rules)
  t.equal(lost.call.phase, 'menu', 'the end of the greeting was not reported')
  const without = arrive(arrival({ menu: tree }), open, t0, { ...rules, greeting: false })
  t.equal(without.call.phase, 'menu')
  t.same(inShort(without.effects), ['AnswerCaller pbx1-1.1', 'Play menu'])
})

void t.test('with ANSWER=agent, and for a caller who has waited elsewhere, there is no menu', async (t) => {
  const free = arrive(arrival({ menu: tree }), open, t0, { ...rules, answer: 'agent', greeting: false })
  t.equal(free.call.phase, 'waiting')
  const back = arrive(arrival({ menu: tree, queuedAt: t0 - 5_000 }), open, t0, rules)
  t.match(back.call, { phase: 'waiting', queuedAt: t0 - 5_000 })
})

void t.test('a key stops the reading and leads to its queue, with the priority of that queue', async (t) => {
  const { call, effects } = step(menuCall(), pressed('1'), t0 + 3_000, rules)
  t.match(call, { phase: 'waiting', queue: 'taxes', priority: 5, queuedAt: t0 + 3_000 })
  t.notOk('place' in call || 'leaveBy' in call, 'nothing of the menu is kept')
  t.same(effects, [
    { do: 'StopPlaying', channel, playback: 'menu1-pbx1-1.1' },
    { do: 'StartMusic', channel, queue: 'taxes' },
  ])
  t.ok(effects.every((effect) => isStillWanted(effect, as(call, 'waiting'))))
})

void t.test(
  'a caller with the place of a callback at the front keeps the front of that queue alone',
  async (t) => {
    const placed = { ...menuCall(), priority: 0 }
    t.match(step({ ...placed, queue: QueueId('taxes') }, pressed('1'), t0, rules).call, { priority: 0 })
    t.match(step(placed, pressed('1'), t0, rules).call, { queue: 'taxes', priority: 5 })
  },
)

void t.test('a key for whose message there is no room leads to a queue', async (t) => {
  const instead = { queue: QueueId('taxes'), priority: 5 }
  const { call, effects } = step(menuCall(), { type: 'KeyPressed', key: '7', instead }, t0 + 3_000, rules)
  t.match(call, { phase: 'waiting', queue: 'taxes', priority: 5, queuedAt: t0 + 3_000 })
  t.same(inShort(effects), ['StopPlaying pbx1-1.1', 'StartMusic pbx1-1.1'])
})

void t.test('a key leads to a further menu, back, and to another language', async (t) => {
  const further = run(menuCall(), [pressed('2')])
  t.same(inShort(further.effects), ['StopPlaying pbx1-1.1', 'Play menu'])
  t.match(further.call, { phase: 'menu', place: { path: ['welcome', 'taxes'] }, readings: 2 })
  const back = run(menuCall(), [pressed('9'), pressed('2'), pressed('*')])
  t.match(back.call, { language: 'en', place: { path: ['welcome'] }, readings: 4 })
  t.match(back.effects.at(-1), { do: 'Play', prompt: { sound: 'welcome' } })
  const waits = run(back.call, [pressed('1'), offered(ana)])
  t.match(waits.call, { phase: 'ringing', language: 'en' }, 'the language stays with the call')
})

void t.test('after the reading there is time for a key, in silence', async (t) => {
  const { call, effects } = step(menuCall(), read(1), t0 + 9_000, rules)
  t.match(call, { phase: 'menu', isReading: false, until: t0 + 9_000 + bounds.menuKeyMs })
  // Its end may not have been reported, and what follows would wait for it.
  t.same(effects, [{ do: 'StopPlaying', channel, playback: 'menu1-pbx1-1.1' }])
  t.equal(callDeadline(call), t0 + 9_000 + bounds.menuKeyMs)
  const early = step(call, passed, t0 + 9_001, rules)
  t.equal(early.call, call)
  const { call: waits, effects: after } = step(call, pressed('1'), t0 + 10_000, rules)
  t.equal(waits.phase, 'waiting')
  t.same(inShort(after), ['StartMusic pbx1-1.1'])
})

void t.test('without a key the menu is read again, and then the caller waits for a person', async (t) => {
  const again = run(menuCall(), [read(1), passed, read(2)], t0)
  // A second after each other: none of the bounds has passed.
  t.match(again.call, { readings: 1 })
  let call = step(menuCall(), read(1), t0 + 9_000, rules).call
  let now = t0 + 9_000 + bounds.menuKeyMs
  call = step(call, passed, now, rules).call
  t.match(call, { phase: 'menu', readings: 2, place: { repeatsLeft: 0, isWrongKey: false } })
  const unreported = step(call, passed, (now += bounds.promptMs), rules)
  call = unreported.call
  t.match(call, { isReading: false }, 'the end of the reading was not reported')
  t.same(inShort(unreported.effects), ['StopPlaying pbx1-1.1'], 'a long text is not read on')
  call = step(call, passed, now + bounds.menuKeyMs, rules).call
  t.match(call, { phase: 'waiting', queue: 'city', priority: 10 })
})

void t.test('time in menus is not waiting', async (t) => {
  const call = menuCall()
  const { call: waits } = step(call, pressed('1'), call.since + 40_000, rules)
  t.equal(as(waits, 'waiting').waitUntil, call.waitUntil + 40_000)
  const late = step(call, passed, call.leaveBy, rules).call
  t.equal(as(late, 'waiting').waitUntil, call.waitUntil + bounds.menuMs)
})

void t.test('a wrong key counts as none, and is told', async (t) => {
  const wrong = run(menuCall(), [pressed('7')])
  t.match(wrong.effects.at(-1), { do: 'Play', prompt: { say: 'menu', sound: 'salut', isWrongKey: true } })
  t.equal(run(menuCall(), [pressed('7'), pressed('0')]).call.phase, 'waiting')
})

void t.test('nobody stays in menus for ever', async (t) => {
  const call = menuCall()
  const leaveBy = call.since + bounds.menuMs
  t.equal(call.leaveBy, leaveBy)
  const late = run(call, Array.from({ length: 15 }, () => [pressed('2'), pressed('*')]).flat(), t0)
  t.equal(as(late.call, 'menu').leaveBy, leaveBy, 'keys do not make it longer')
  const over = step(late.call, passed, leaveBy, rules)
  t.match(over.call, { phase: 'waiting', queue: 'city' })
  t.same(inShort(over.effects), ['StopPlaying pbx1-1.1', 'StartMusic pbx1-1.1'])
})

void t.test('keys that cost no repetition end as well', async (t) => {
  const readings = bounds.menuReadings
  const last = run(
    menuCall(),
    Array.from({ length: readings - 1 }, () => pressed('9')),
    t0,
  )
  t.match(last.call, { phase: 'menu', readings })
  t.match(
    run(last.call, [pressed('1')]).call,
    { phase: 'waiting', queue: 'taxes' },
    'a queue is still chosen',
  )
  t.match(run(last.call, [pressed('9')]).call, { phase: 'waiting', queue: 'city' })
})

void t.test('a supervisor ends the call of a caller in a menu', async (t) => {
  const { call, effects } = step(
    menuCall(),
    { type: 'CallEndedBySupervisor', by: ana.agent },
    t0 + 4_000,
    rules,
  )
  t.match(call, { phase: 'ended', outcome: 'rejected', endedBy: 'supervisor', queuedAt: null })
  t.same(inShort(effects), ['HangUp pbx1-1.1', 'FinishRecording'])
})

void t.test('the end of an earlier reading changes nothing', async (t) => {
  const second = run(menuCall(), [pressed('2')]).call
  t.equal(step(second, read(1), t0 + 5_000, rules).call, second)
  const silent = step(second, read(2), t0 + 5_000, rules).call
  t.equal(step(silent, read(2), t0 + 6_000, rules).call, silent)
})

void t.test(
  'a caller who has waited in the fallback queue meanwhile keeps the place, without a menu',
  async (t) => {
    const queuedAt = t0 + 2_000
    const { call: greeting } = arrive(arrival({ menu: tree }), open, t0, rules)
    const back = (playback: PlaybackId): CallEvent => ({ type: 'PlaybackEnded', playback, queuedAt })
    const fromGreeting = step(greeting, back(greetingOf(id)), t0 + 40_000, rules)
    t.match(fromGreeting.call, { phase: 'waiting', queuedAt })
    t.same(inShort(fromGreeting.effects), ['StartMusic pbx1-1.1'])
    const silent = run(menuCall(), [read(1)]).call
    for (const call of [menuCall(), silent])
      t.match(step(call, back(menuReadingOf(id, 1)), t0 + 40_000, rules).call, { phase: 'waiting', queuedAt })
    t.match(
      step(silent, back(menuReadingOf(id, 1)), t0 + 1_000, rules).call,
      { queuedAt: t0 + 1_000 },
      'not ahead of our clock',
    )
  },
)

void t.test('keys change nothing outside a menu', async (t) => {
  for (const phase of ['greeting', 'waiting', 'ringing', 'talking', 'held'] as const) {
    const call = callIn(phase)
    t.equal(step(call, pressed('1'), t0 + 60_000, rules).call, call, phase)
  }
})

void t.test('a caller who hangs up in a menu was in no queue', async (t) => {
  const { call, effects } = step(menuCall(), { type: 'CallerHungUp' }, t0 + 4_000, rules)
  t.match(call, { phase: 'ended', outcome: 'abandoned', queuedAt: null, endedBy: 'caller' })
  t.same(inShort(effects), ['HangUp pbx1-1.1', 'FinishRecording'])
})
