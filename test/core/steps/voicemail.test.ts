import t from 'tap'
import { arrive } from '../../../src/core/call-arrival.ts'
import { step } from '../../../src/core/call-step.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { isStillWanted } from '../../../src/core/media/media-effects.ts'
import { mediaPlan } from '../../../src/core/media/media-plan.ts'
import { ChannelId, PlaybackId, QueueId } from '../../../src/core/ids.ts'
import { bounds } from '../../../src/core/rules.ts'
import { isLate } from '../../../src/core/voicemails/voicemail.ts'
import { arrival, as, callIn, channel, closed, id, inShort, open, rules, t0, tree } from '../samples.ts'

const asked = () => callIn('voicemail')
const announced = { type: 'PlaybackEnded', playback: PlaybackId(`voicemail-${id}`) } as const
const tone = { type: 'PlaybackEnded', playback: PlaybackId(`tone-${id}`) } as const
/** The tone is heard, and the recorder runs. */
const hearingTone = () => as(step(asked(), announced, t0 + 9_000, rules).call, 'voicemail')
const speaking = () => as(step(hearingTone(), tone, t0 + 10_000, rules).call, 'voicemail')
const hungUp = { type: 'CallerHungUp' } as const

void t.test('a caller of a closed number hears when it opens and how to leave a message', (t) => {
  const stepped = arrive(arrival({ closed: 'voicemail' }), closed, t0, rules)
  t.match(stepped.call, {
    phase: 'voicemail',
    queuedAt: null,
    lineAnswered: true,
    prompt: { say: 'voicemail', opensAt: t0 + 3_600_000 },
    until: t0 + bounds.promptMs,
  })
  t.same(inShort(stepped.effects), [`AnswerCaller ${channel}`, 'Play voicemail'])
  t.end()
})

void t.test('with early media the network is told of an answer: it lets nobody be heard before', (t) => {
  const early = { ...rules, answer: 'agent' } as const
  const stepped = arrive(arrival({ closed: 'voicemail' }), closed, t0, early)
  t.same(inShort(stepped.effects), [`AnswerCaller ${channel}`, 'Play voicemail'])
  t.end()
})

void t.test('no message is asked for while the number is open, or while too many are left already', (t) => {
  t.equal(arrive(arrival({ closed: 'voicemail' }), open, t0, rules).call.phase, 'greeting')
  const crowded = { ...closed, dismissing: rules.lineLengthMax / 2 }
  t.match(arrive(arrival({ closed: 'voicemail' }), crowded, t0, rules).call, {
    phase: 'dismissing',
    prompt: { say: 'closed' },
  })
  t.end()
})

void t.test('the recorder runs before the tone is heard, which invites to speak', (t) => {
  const maxMs = rules.voicemailMaxMs
  const stepped = step(asked(), announced, t0 + 9_000, rules)
  t.match(stepped.call, { prompt: { say: 'tone' }, since: t0 + 9_000, until: t0 + 9_000 + maxMs })
  t.same(stepped.effects, [
    { do: 'RecordVoicemail', channel, maxMs },
    { do: 'Play', channel, playback: tone.playback, prompt: { say: 'tone' } },
  ])
  t.same(mediaPlan(stepped.call).caller?.seat, { at: 'voicemail', maxMs, tone: tone.playback })
  const another = step(asked(), tone, t0 + 10_000, rules)
  t.match(another.call, { prompt: { say: 'voicemail' } }, 'the end of something else')
  const again = step(stepped.call, announced, t0 + 9_500, rules)
  t.same([again.call, again.effects], [stepped.call, []], 'the same end twice')
  t.end()
})

void t.test('after the tone the caller speaks for as long as the setting allows', (t) => {
  const stepped = step(hearingTone(), tone, t0 + 10_000, rules)
  t.match(stepped.call, { prompt: null, since: t0 + 10_000, until: t0 + 10_000 + rules.voicemailMaxMs })
  t.same(stepped.effects, [])
  t.same(mediaPlan(stepped.call).caller?.seat, { at: 'voicemail', maxMs: rules.voicemailMaxMs, tone: null })
  t.equal(callDeadline(stepped.call), t0 + 10_000 + rules.voicemailMaxMs)
  const again = step(stepped.call, tone, t0 + 11_000, rules)
  t.same([again.call, again.effects], [stepped.call, []], 'the same end twice')
  t.end()
})

void t.test(
  'the lost end of the announcement, or of the tone, does not keep the caller from speaking',
  (t) => {
    const early = step(asked(), { type: 'DeadlinePassed' }, t0 + 1_000, rules)
    t.match(early.call, { prompt: { say: 'voicemail' } })
    const late = step(asked(), { type: 'DeadlinePassed' }, t0 + bounds.promptMs, rules)
    t.same(inShort(late.effects), [`RecordVoicemail ${channel}`, 'Play tone'])
    const call = hearingTone()
    const at = t0 + 9_000 + bounds.toneMs
    t.equal(callDeadline(call), at)
    t.match(step(call, { type: 'DeadlinePassed' }, at - 1, rules).call, { prompt: { say: 'tone' } })
    t.match(step(call, { type: 'DeadlinePassed' }, at, rules).call, { prompt: null, since: at })
    t.end()
  },
)

void t.test('a tone is not wanted any more once the caller speaks', (t) => {
  const play = {
    do: 'Play',
    channel: ChannelId(channel),
    playback: tone.playback,
    prompt: { say: 'tone' },
  } as const
  t.notOk(isStillWanted(play, asked()))
  t.ok(isStillWanted(play, hearingTone()))
  t.notOk(isStillWanted(play, speaking()))
  t.notOk(isStillWanted(play, undefined))
  t.end()
})

void t.test('a caller whom Asterisk does not record does not speak to nobody', (t) => {
  const stepped = step(hearingTone(), { type: 'RecorderFailed' }, t0 + 9_010, rules)
  t.match(stepped.call, { phase: 'ended', outcome: 'failed', endedBy: 'system' })
  t.equal(step(callIn('waiting'), { type: 'RecorderFailed' }, t0 + 9_010, rules).call.phase, 'waiting')
  t.end()
})

void t.test('a caller who has waited in the fallback queue meanwhile waits on, with the place', (t) => {
  const stepped = step(asked(), { ...announced, queuedAt: t0 + 1_000 }, t0 + 40_000, rules)
  t.match(stepped.call, { phase: 'waiting', queuedAt: t0 + 1_000 })
  t.same(inShort(stepped.effects), [`StartMusic ${channel}`])
  t.end()
})

void t.test('a caller of whom nothing is known speaks on where Asterisk records a message', (t) => {
  const found = arrival({ speaks: true, answered: true })
  for (const admission of [open, closed]) {
    const stepped = arrive(found, admission, t0, rules)
    t.match(stepped.call, {
      phase: 'voicemail',
      prompt: null,
      queuedAt: null,
      until: t0 + rules.voicemailMaxMs,
    })
    t.same(inShort(stepped.effects), [`RecordVoicemail ${channel}`])
  }
  t.end()
})

void t.test('hanging up, the key, and the bound end a message', (t) => {
  const call = speaking()
  const ends = [
    { event: hungUp, now: t0 + 20_000, by: 'caller' },
    { event: { type: 'KeyPressed', key: '#' } as const, now: t0 + 20_000, by: 'caller' },
    { event: { type: 'DeadlinePassed' } as const, now: call.until, by: 'system' },
  ]
  for (const { event, now, by } of ends) {
    const stepped = step(call, event, now, rules)
    t.match(stepped.call, { phase: 'ended', outcome: 'voicemail', endedBy: by, queuedAt: null })
    t.same(inShort(stepped.effects), [`HangUp ${channel}`, 'FinishRecording'])
  }
  const early = step(call, { type: 'KeyPressed', key: '#' }, call.since + 1, rules)
  t.match(early.call, { outcome: 'voicemail' }, 'the key says so, whatever the clock does')
  const before = step(call, { type: 'DeadlinePassed' }, call.until - 1, rules)
  t.equal(before.call.phase, 'voicemail')
  t.end()
})

void t.test('other keys, and any key before the tone, mean nothing', (t) => {
  t.equal(step(speaking(), { type: 'KeyPressed', key: '1' }, t0 + 20_000, rules).call.phase, 'voicemail')
  for (const call of [asked(), hearingTone()])
    t.equal(step(call, { type: 'KeyPressed', key: '#' }, t0 + 2_000, rules).call.phase, 'voicemail')
  t.end()
})

void t.test('a caller who says nothing has called a closed number', (t) => {
  t.match(step(asked(), hungUp, t0 + 5_000, rules).call, { phase: 'ended', outcome: 'closed' })
  t.match(step(hearingTone(), hungUp, t0 + 20_000, rules).call, { outcome: 'closed' }, 'before its end')
  const soon = step(speaking(), hungUp, t0 + 10_000 + bounds.voicemailMinMs - 1, rules)
  t.match(soon.call, { phase: 'ended', outcome: 'closed' })
  const spoken = step(speaking(), hungUp, t0 + 10_000 + bounds.voicemailMinMs, rules)
  t.match(spoken.call, { phase: 'ended', outcome: 'voicemail' })
  t.end()
})

void t.test(
  'a tone whose end is noticed late has been over for as long: what was said since is a message',
  (t) => {
    const tone = hearingTone()
    const overAt = tone.since + bounds.toneMs
    const speaks = step(tone, { type: 'DeadlinePassed' }, overAt + 9_000, rules).call
    t.match(speaks, { phase: 'voicemail', prompt: null, since: overAt, until: overAt + rules.voicemailMaxMs })
    t.match(step(speaks, hungUp, overAt + 9_000, rules).call, { outcome: 'voicemail' })
    t.end()
  },
)

void t.test('what a caller said while nobody looked is left to the recording', (t) => {
  const lost = { type: 'CallerLost', unwitnessed: true } as const
  t.match(step(speaking(), lost, t0 + 10_001, rules).call, { outcome: 'voicemail', endedBy: 'caller' })
  t.match(step(hearingTone(), lost, t0 + 9_001, rules).call, { outcome: 'voicemail' })
  t.match(step(asked(), lost, t0 + 5_000, rules).call, { outcome: 'closed', endedBy: 'caller' })
  const died = { type: 'CallerLost', pbxDied: true } as const
  t.match(step(speaking(), died, t0 + 12_000, rules).call, { outcome: 'voicemail', endedBy: 'system' })
  t.match(step(asked(), died, t0 + 5_000, rules).call, { outcome: 'failed', endedBy: 'system' })
  t.end()
})

void t.test('an open message is late after a day', (t) => {
  t.notOk(isLate(t0, t0 + bounds.voicemailLateMs - 1))
  t.ok(isLate(t0, t0 + bounds.voicemailLateMs))
  t.end()
})

void t.test('a caller who has chosen it by key leaves a message in that queue, in their language', (t) => {
  const sounds = { ro: 'mesaj', en: 'message' }
  const welcome = tree.menus['welcome']
  if (welcome === undefined) throw new Error('no menu')
  const keys = { ...welcome.keys, '7': { voicemail: QueueId('taxes'), sounds } } as const
  const menu = { first: 'welcome', menus: { ...tree.menus, welcome: { ...welcome, keys } } }
  const inMenu = arrive(arrival({ menu }), open, t0, { ...rules, greeting: false }).call
  const english = step(inMenu, { type: 'KeyPressed', key: '9' }, t0 + 1_000, rules).call
  const chosen = step(english, { type: 'KeyPressed', key: '7' }, t0 + 2_000, rules)
  t.match(chosen.call, {
    phase: 'voicemail',
    queue: 'taxes',
    queuedAt: null,
    prompt: { say: 'leave a message', sound: 'message' },
  })
  t.same(inShort(chosen.effects), [`StopPlaying ${channel}`, 'Play leave a message'])
  const hungarian = { ...as(inMenu, 'menu'), language: 'hu' } as const
  const place = { ...hungarian.place, language: 'hu' } as const
  t.match(
    step({ ...hungarian, place }, { type: 'KeyPressed', key: '7' }, t0 + 2_000, rules).call,
    { prompt: { sound: 'mesaj' } },
    'in Romanian to other callers',
  )
  t.match(step(chosen.call, hungUp, t0 + 3_000, rules).call, { outcome: 'abandoned', queuedAt: null })
  const heard = step(chosen.call, announced, t0 + 8_000, rules).call
  const speaks = step(heard, tone, t0 + 9_000, rules).call
  t.match(step(speaks, hungUp, t0 + 20_000, rules).call, { outcome: 'voicemail', queue: 'taxes' })
  const lost = { type: 'CallerLost', unwitnessed: true } as const
  t.match(step(chosen.call, lost, t0 + 3_000, rules).call, { outcome: 'abandoned' })
  t.end()
})
