/** A caller who waits chooses by two keys to be called back. */
import t from 'tap'
import { mayHear } from '../../../src/core/announcements/next-announcement.ts'
import {
  isConfirmation,
  isQuestionDue,
  questionSounds,
  questionTexts,
  readBackSounds,
} from '../../../src/core/announcements/callback-question.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Call, Waiting } from '../../../src/core/call.ts'
import { soundOf, type MenuKey } from '../../../src/core/configuration/menu.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { announcementOf, callbackOf } from '../../../src/core/ids.ts'
import { bounds } from '../../../src/core/rules.ts'
import { ana, as, callIn, channel, id, inShort, offered, rules, run, t0 } from '../samples.ts'

const at = t0 + 60_000
const setting = { afterSeconds: 60, standingMax: 20 }
const asked: CallEvent = { type: 'CallerAsked' }
const presses = (key: MenuKey): CallEvent => ({ type: 'KeyPressed', key })
const ended = (nth: number): CallEvent => ({ type: 'PlaybackEnded', playback: announcementOf(id, nth) })
const late: CallEvent = { type: 'DeadlinePassed' }
const waiting = callIn('waiting')
const next = (call: Call, event: CallEvent, now = at) => step(call, event, now, rules)
const isAsked = (): Waiting => as(next(waiting, asked).call, 'waiting')
const isConfirming = (): Waiting => as(next(isAsked(), presses('2')).call, 'waiting')
const promise = (call: Call): CallEvent => ({
  type: 'CallbackPromised',
  call: callbackOf(call.pbx, call.id, 1),
  by: null,
})
const goesOn = { phase: 'waiting', queuedAt: waiting.queuedAt, question: null, announcement: null }

void t.test('the question, the number, the promise', async (t) => {
  const { call, effects } = next(waiting, asked)
  t.match(call, {
    question: { awaits: 'interest' },
    announced: { count: 1, askedAt: at },
    announcement: { sounds: questionSounds('ro') },
  })
  t.same(inShort(effects), [`StopMusic ${channel}`, 'Play announcement'])
  const read = next(call, presses('2'))
  t.match(read.call, {
    question: { awaits: 'confirmation' },
    announced: { count: 2, askedAt: at },
    announcement: { playback: announcementOf(id, 2), sounds: readBackSounds('ro', '+40256100200') },
  })
  t.same(inShort(read.effects), [`StopPlaying ${channel}`, 'Play announcement'])
  t.ok(isConfirmation(as(read.call, 'waiting').question?.awaits, '1'))
  const promised = next(read.call, promise(read.call))
  t.match(promised.call, { phase: 'dismissing', outcome: 'callback', prompt: { say: 'callback promised' } })
  t.match(promised.begins, { phase: 'promised', queuedAt: waiting.queuedAt })
})

void t.test('one key, or another one, promises nothing', async (t) => {
  for (const key of ['1', '3', '*'] as const) t.match(next(isAsked(), presses(key)).call, goesOn, key)
  for (const key of ['2', '0', '#', '1'] as const) {
    const { call, effects } = next(isConfirming(), presses(key))
    t.match(call, goesOn, key)
    t.same(inShort(effects), [`StopPlaying ${channel}`, `StartMusic ${channel}`])
  }
  t.equal(next(waiting, presses('2')).call, waiting, 'nobody has asked')
  for (const call of [waiting, isAsked()]) t.equal(next(call, promise(call)).call, call, 'not confirmed')
  t.notOk(
    isConfirmation('interest', '1') || isConfirmation('confirmation', '2') || isConfirmation(undefined, '1'),
  )
  const withheld = { ...isAsked(), caller: { number: null, name: null } }
  t.match(next(withheld, presses('2')).call, goesOn)
  const ringing = callIn('ringing')
  for (const event of [asked, presses('2'), promise(ringing)]) t.equal(next(ringing, event).call, ringing)
})

void t.test('after the reading there is time for a key, with music', async (t) => {
  const read = next(isAsked(), ended(1), at + 7_000)
  t.match(read.call, {
    announcement: null,
    question: { awaits: 'interest', until: at + 7_000 + bounds.menuKeyMs },
  })
  t.equal(callDeadline(read.call), at + 7_000 + bounds.menuKeyMs)
  t.match(next(read.call, presses('2'), at + 8_000).call, { question: { awaits: 'confirmation' } })
  t.equal(next(read.call, late, at + 7_001).call, read.call)
  t.match(next(read.call, late, at + 7_000 + bounds.menuKeyMs).call, goesOn)
  t.match(
    run(isAsked(), [late], at + bounds.promptMs + bounds.menuKeyMs).call,
    { announcement: null },
    'the end of the reading was lost',
  )
  t.match(
    next(isConfirming(), ended(1)).call,
    { announcement: { playback: announcementOf(id, 2) } },
    'an earlier one',
  )
})

void t.test('an agent who is rung ends it, and nothing is read on', async (t) => {
  for (const call of [isAsked(), isConfirming()]) {
    const rings = next(call, offered(ana))
    t.match(rings.call, { phase: 'ringing', announcement: null })
    t.notOk('question' in rings.call)
    t.same(inShort(rings.effects).slice(0, 2), [`StopPlaying ${channel}`, `StartMusic ${channel}`])
    const declined = next(rings.call, { type: 'OfferEnded', offer: ana.id, end: 'declined' })
    t.match(declined.call, { ...goesOn, announced: { askedAt: at } })
  }
})

void t.test('when it is due', async (t) => {
  const since = waiting.queuedAt
  const due = (change: Partial<Waiting> = {}, now = since + 60_000) =>
    isQuestionDue({ ...waiting, ...change }, setting, now)
  t.ok(due())
  t.notOk(due({}, since + 59_999))
  const older = { queuedAt: since - 86_400_000, arrivedAt: since }
  t.notOk(due(older, since + 59_999), 'a place that is older than the call')
  t.notOk(due({ lineAnswered: false }), 'no key comes through')
  t.notOk(due({ reservedFor: { agent: ana.agent, until: at + 5_000 } }))
  t.notOk(due({ announcement: isAsked().announcement }) || due({ question: isAsked().question }))
  const announced = { ...waiting.announced, askedAt: since + 60_000 }
  t.notOk(due({ announced }, since + 59_999 + bounds.questionEveryMs))
  t.ok(due({ announced }, since + 60_000 + bounds.questionEveryMs))
  t.notOk(mayHear(isAsked()) || mayHear({ ...isAsked(), announcement: null }), 'nothing else is said')
})

void t.test('the number is read digit by digit, as it is dialled', async (t) => {
  const sounds = readBackSounds('ro', '+40722000961')
  t.equal(sounds.length, 12)
  t.same(
    sounds.slice(1, -1),
    ['zero', 'șapte', 'doi', 'doi', 'zero', 'zero', 'zero', 'nouă', 'șase', 'unu'].map((one) =>
      soundOf('ro', one, 'waiting'),
    ),
  )
  t.equal(readBackSounds('en', '+4930123').length, 11)
  for (const language of ['ro', 'en'] as const) {
    const made = questionTexts(language).map(({ sound }) => sound)
    t.equal(new Set(made).size, 13)
    const heard = [...questionSounds(language), ...readBackSounds(language, '1234567890')]
    t.ok(heard.every((sound) => made.includes(sound)))
  }
})
