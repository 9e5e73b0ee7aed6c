import t from 'tap'
import type { Announcement } from '../../../src/core/announcements/announcement.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Waiting } from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { announcementOf, callOfPlayback, QueueId } from '../../../src/core/ids.ts'
import { isStillWanted } from '../../../src/core/media/media-effects.ts'
import { bounds } from '../../../src/core/rules.ts'
import {
  ana,
  answered,
  as,
  bridged,
  callIn,
  channel,
  id,
  inShort,
  offered,
  rules,
  run,
  t0,
} from '../samples.ts'

const announcement: Announcement = {
  notice: null,
  position: 2,
  estimate: 5,
  text: null,
  sounds: ['al-doilea', 'cinci-minute'],
}
const made = (change: Partial<Announcement> = {}): CallEvent => ({
  type: 'AnnouncementMade',
  announcement: { ...announcement, ...change },
})
const ended = (nth: number): CallEvent => ({ type: 'PlaybackEnded', playback: announcementOf(id, nth) })
const at = t0 + 60_000
/** A caller who hears their first announcement since `at`. */
const hearing = (): Waiting => as(step(callIn('waiting'), made(), at, rules).call, 'waiting')

void t.test('the music stops, the announcement is read, and the music comes back', async (t) => {
  const before = callIn('waiting')
  const { call, effects } = step(before, made(), at, rules)
  const playback = announcementOf(id, 1)
  t.equal(callOfPlayback(playback), id)
  t.match(call, {
    phase: 'waiting',
    since: before.since,
    announced: { count: 1, at, estimate: 5 },
    announcement: { playback, until: at + bounds.promptMs },
  })
  const prompt = { say: 'announcement', sounds: announcement.sounds }
  t.same(effects, [
    { do: 'StopMusic', channel },
    { do: 'Play', channel, playback, prompt },
  ])
  t.ok(effects.every((effect) => isStillWanted(effect, as(call, 'waiting'))))
  const over = step(call, ended(1), at + 6_000, rules)
  t.match(over.call, { phase: 'waiting', announcement: null, announced: { count: 1 } })
  t.same(inShort(over.effects), [`StopPlaying ${channel}`, `StartMusic ${channel}`])
  t.notOk(effects.some((effect) => isStillWanted(effect, as(over.call, 'waiting'))))
})

void t.test('what was said stays with the call: the shortest estimate, and how many', async (t) => {
  const later = run(hearing(), [ended(1), made({ estimate: null }), ended(2), made({ estimate: 3 })], at)
  t.match(later.call, { announced: { count: 3, estimate: 3 } })
  t.match(run(hearing(), [ended(1), made({ estimate: null })], at).call, { announced: { estimate: 5 } })
  const talked = run(later.call, [offered(ana), answered(ana), bridged(ana)], at)
  t.match(talked.call, { phase: 'talking', announced: { count: 3, estimate: 3 } })
  t.notOk('announcement' in talked.call)
})

void t.test('the notices that were heard stay with the call, and put off no announcement', async (t) => {
  const notice = (id: number): CallEvent => made({ notice: id, position: null, estimate: null })
  const first = step(callIn('waiting'), notice(7), at, rules).call
  t.match(first, { announced: { count: 1, at: null, notices: [7] } })
  const later = run(first, [ended(1), made(), ended(2), notice(8)], at)
  t.match(later.call, { announced: { count: 3, at: at + 2_000, estimate: 5, notices: [7, 8] } })
  const talked = run(later.call, [offered(ana), answered(ana), bridged(ana)], at)
  t.match(talked.call, { phase: 'talking', announced: { notices: [7, 8] } })
})

void t.test(
  'an offer leaves the reading alone, and the phone is rung first; the answer cuts it',
  async (t) => {
    const rung = step(hearing(), offered(ana), at + 1_000, rules)
    t.match(rung.call, { phase: 'ringing', announcement: { playback: announcementOf(id, 1) } })
    t.match(inShort(rung.effects), [`RingAgent ${ana.id}`, /^BuildBridge/])
    const connected = step(rung.call, answered(ana), at + 2_000, rules)
    t.equal(connected.call.phase, 'connecting')
    t.match(inShort(connected.effects), [`StopPlaying ${channel}`, /^Connect/])
  },
)

void t.test('with ANSWER=agent the reading is stopped before the network is told', async (t) => {
  const free = { ...hearing(), lineAnswered: false }
  const rung = step(free, offered(ana), at + 1_000, rules)
  t.match(inShort(step(rung.call, answered(ana), at + 2_000, rules).effects), [
    `StopPlaying ${channel}`,
    `AnswerCaller ${channel}`,
    /^Connect/,
  ])
})

void t.test(
  'while a phone rings the reading ends as well, and an offer that fails does not begin it anew',
  async (t) => {
    const rung = step(hearing(), offered(ana), at + 1_000, rules).call
    const over = step(rung, ended(1), at + 3_000, rules)
    t.match(over.call, { phase: 'ringing', announcement: null })
    t.same(inShort(over.effects), [`StopPlaying ${channel}`, `StartMusic ${channel}`])
    const failed = step(rung, { type: 'OfferEnded', offer: ana.id, end: 'declined' }, at + 2_000, rules)
    t.match(failed.call, { phase: 'waiting', announcement: { playback: announcementOf(id, 1) } })
    t.notMatch(inShort(failed.effects).join(' '), /Play|Music/)
  },
)

void t.test(
  'the end of another one changes nothing; one whose end was not reported is stopped',
  async (t) => {
    const call = hearing()
    t.equal(step(call, ended(2), at + 1_000, rules).call, call)
    t.equal(callDeadline(call), at + bounds.promptMs)
    const passed: CallEvent = { type: 'DeadlinePassed' }
    t.equal(step(call, passed, at + 1_000, rules).call, call)
    const late = step(call, passed, at + bounds.promptMs, rules)
    t.match(late.call, { phase: 'waiting', announcement: null })
    t.same(inShort(late.effects), [`StopPlaying ${channel}`, `StartMusic ${channel}`])
    const longer = { ...ana, expiresAt: at + 10 * bounds.promptMs }
    const rung = step(call, offered(longer), at + 1_000, rules).call
    t.equal(callDeadline(rung), at + bounds.promptMs)
    t.match(step(rung, passed, at + bounds.promptMs, rules).call, { phase: 'ringing', announcement: null })
  },
)

void t.test('a caller who leaves, is moved or is sent away during one', async (t) => {
  const left = step(hearing(), { type: 'CallerHungUp' }, at + 1_000, rules)
  t.match(left.call, { phase: 'ended', outcome: 'abandoned' })
  t.notMatch(inShort(left.effects).join(' '), /StopPlaying/)
  const moved = step(
    hearing(),
    { type: 'CallMoved', queue: QueueId('taxes'), toFront: true, by: ana.agent },
    at + 1_000,
    rules,
  )
  t.match(moved.call, { phase: 'waiting', queue: 'taxes', announcement: { playback: announcementOf(id, 1) } })
  const call = hearing()
  const inVain = step({ ...call, waitUntil: at + 2_000 }, { type: 'DeadlinePassed' }, at + 2_000, rules)
  t.equal(inVain.call.phase, 'dismissing')
  t.same(inShort(inVain.effects), [`StopPlaying ${channel}`, 'Play waited too long'])
})

void t.test('an announcement for a caller who waits no more is none', async (t) => {
  for (const phase of ['ringing', 'talking', 'held'] as const) {
    const call = callIn(phase)
    t.equal(step(call, made(), at, rules).call, call, phase)
  }
})

void t.test('the call keeps whose turn it is among places and own texts; a notice takes none', async (t) => {
  const announcedAfter = (...events: CallEvent[]) => run(callIn('waiting'), events, at).call.announced
  t.match(announcedAfter(), { isPlaceNext: true, nextText: 0 })
  t.match(announcedAfter(made()), { isPlaceNext: false, nextText: 0 })
  const own = made({ position: null, estimate: null, text: 1 })
  t.match(announcedAfter(made(), ended(1), own), { isPlaceNext: true, nextText: 2, count: 2 })
  const notice = made({ notice: 7, position: null, estimate: null })
  t.match(announcedAfter(own, ended(1), notice), { isPlaceNext: true, nextText: 2 })
  t.match(announcedAfter(own, ended(1), made()), { isPlaceNext: false, nextText: 2 })
})
