import t from 'tap'
import { arrive, roomFor } from '../../src/core/call-arrival.ts'
import { blockAt } from '../../src/core/blocked-callers/caller-block.ts'
import { step } from '../../src/core/call-step.ts'
import { dismissalOf } from '../../src/core/ids.ts'
import { bounds } from '../../src/core/rules.ts'
import { arrival, as, channel, id, open, queue, rules, t0, inShort } from './samples.ts'

const closedAt = t0 - 600_000
const closed = {
  opening: { open: false, opensAt: t0 + 3_600_000, closedAt },
  waiting: 0,
  dismissing: 0,
} as const

void t.test('a caller within hours is answered and greeted', async (t) => {
  const { call, effects, agents } = arrive(arrival(), open, t0, rules)
  t.match(call, { phase: 'greeting', queue: 'city', priority: queue.priority, lineAnswered: true })
  t.equal(as(call, 'greeting').until, t0 + bounds.promptMs)
  t.same(inShort(effects), [`AnswerCaller ${channel}`, 'Play greeting'])
  t.same(agents, [])
})

void t.test('without a greeting the caller waits at once, with music', async (t) => {
  const { call, effects } = arrive(arrival(), open, t0, { ...rules, greeting: false })
  t.match(call, { phase: 'waiting', queuedAt: t0 })
  t.same(inShort(effects), [`AnswerCaller ${channel}`, `StartMusic ${channel}`])
})

void t.test('with early media the call is not answered towards the network', async (t) => {
  const { call, effects } = arrive(arrival(), open, t0, { ...rules, answer: 'agent' })
  t.equal(call.lineAnswered, false)
  t.same(inShort(effects), [`SignalProgress ${channel}`, 'Play greeting'])
  const answered = arrive(arrival({ answered: true }), open, t0, { ...rules, answer: 'agent' })
  t.equal(answered.call.lineAnswered, true, 'what is answered stays answered')
  t.same(inShort(answered.effects), ['Play greeting'])
})

void t.test('a number says itself when its calls are answered', async (t) => {
  const early = arrive(arrival({ answer: 'agent' }), open, t0, { ...rules, answer: 'queue' })
  t.match(early.call, { lineAnswered: false, menu: null })
  t.equal(early.effects[0]?.do, 'SignalProgress')
  const atOnce = arrive(arrival({ answer: 'queue' }), open, t0, { ...rules, answer: 'agent' })
  t.equal(atOnce.call.lineAnswered, true)
  t.equal(atOnce.effects[0]?.do, 'AnswerCaller')
})

void t.test('outside hours the caller hears the opening time and enters no queue', async (t) => {
  const { call, effects } = arrive(arrival(), closed, t0, rules)
  t.match(call, { phase: 'dismissing', outcome: 'closed', queuedAt: null, until: t0 + bounds.promptMs })
  t.same(inShort(effects), [`AnswerCaller ${channel}`, 'Play closed'])
  t.match(effects[1], { prompt: { opensAt: closed.opening.opensAt } })
})

void t.test('a caller beyond a full queue hears so, and the call is rejected', async (t) => {
  const full = { ...open, waiting: rules.lineLengthMax }
  const { call, effects } = arrive(arrival(), full, t0, rules)
  t.match(call, { phase: 'dismissing', outcome: 'rejected', queuedAt: null })
  t.same(inShort(effects), [`AnswerCaller ${channel}`, 'Play line full'])
  const early = arrive(arrival(), full, t0, { ...rules, answer: 'agent' })
  t.same(inShort(early.effects), [`SignalProgress ${channel}`, 'Play line full'])
  const heard = step(early.call, { type: 'PlaybackEnded', playback: dismissalOf(id) }, t0 + 5_000, rules)
  t.match(heard.effects[0], { do: 'HangUp', as: 'normal' }, 'who has heard why is not busy')
  const last = arrive(arrival(), { ...open, waiting: rules.lineLengthMax - 1 }, t0, rules)
  t.equal(last.call.phase, 'greeting', 'the last place is given')
})

void t.test(
  'beyond half as many again who hear why, a new caller gets the busy tone and is not answered',
  async (t) => {
    const messagesMax = Math.ceil(rules.lineLengthMax / 2)
    const crowd = { ...open, waiting: rules.lineLengthMax, dismissing: messagesMax }
    for (const answer of ['queue', 'agent'] as const) {
      const { call, effects, agents } = arrive(arrival(), crowd, t0, { ...rules, answer })
      t.match(call, { phase: 'ended', outcome: 'rejected', endedBy: 'system', endedAt: t0 })
      t.match(call, { queuedAt: null, answeredAt: null, lineAnswered: false })
      t.same(effects, [
        { do: 'HangUp', channel, as: 'busy' },
        { do: 'FinishRecording', call: call.id },
      ])
      t.same(agents, [])
    }
    const last = arrive(arrival(), { ...crowd, dismissing: messagesMax - 1 }, t0, rules)
    t.equal(last.call.phase, 'dismissing', 'the last one that hears why')
    const night = { ...closed, waiting: rules.lineLengthMax, dismissing: 1_000 }
    t.match(
      arrive(arrival(), night, t0, rules).call,
      { phase: 'dismissing', outcome: 'closed' },
      'but at night',
    )
  },
)

void t.test('the room for a new caller', (t) => {
  const room = (waiting: number, dismissing: number) => roomFor({ ...open, waiting, dismissing }, rules)
  t.same([room(0, 99), room(99, 500)], ['place', 'place'], 'messages take no place in the line')
  t.same([room(100, 0), room(100, 49), room(100, 50)], ['message', 'message', 'none'])
  t.equal(roomFor(open, rules, true), 'none', 'Asterisk does not keep up')
  t.equal(roomFor({ ...closed, waiting: 100, dismissing: 100 }, rules, true), 'message', 'that it is closed')
  t.end()
})

void t.test(
  'a caller who was queued before keeps the place, whatever the hours and the queue’s length',
  async (t) => {
    const before = arrival({ queuedAt: t0 - 90_000, answered: true })
    for (const admission of [open, closed, { ...open, waiting: 500, dismissing: 500 }]) {
      const { call, effects } = arrive(before, admission, t0, rules)
      t.match(call, { phase: 'waiting', queuedAt: t0 - 90_000, arrivedAt: t0 - 50 })
      t.same(inShort(effects), [`StartMusic ${channel}`])
    }
  },
)

void t.test('an arrival in the future, by another clock, counts as now', async (t) => {
  const late = { arrivedAt: t0 + 600_000, queuedAt: t0 + 610_000 }
  t.match(arrive(arrival(late), open, t0, rules).call, { arrivedAt: t0, queuedAt: t0 })
})

void t.test('the wait is bounded by the longest wait and by the grace after closing', async (t) => {
  const until = (admission: Parameters<typeof arrive>[1]) =>
    arrive(arrival({ queuedAt: t0 }), admission, t0, rules).call.waitUntil
  t.equal(until(open), t0 + rules.waitMaxMs)
  t.equal(
    until({ opening: { open: true, closesAt: t0 + 60_000 }, waiting: 0, dismissing: 0 }),
    t0 + 60_000 + rules.closingGraceMs,
  )
  t.equal(
    until({ opening: { open: true, closesAt: t0 + 86_400_000 }, waiting: 0, dismissing: 0 }),
    t0 + rules.waitMaxMs,
  )
  t.equal(until(closed), t0 + rules.closingGraceMs, 'let in by the fallback although closed')
})

void t.test('a number says itself how long callers are served after closing', async (t) => {
  const closing = { opening: { open: true, closesAt: t0 + 60_000 }, waiting: 0, dismissing: 0 } as const
  const until = (closingGraceMs: number | null) =>
    arrive(arrival({ closingGraceMs }), closing, t0, rules).call.waitUntil
  t.equal(until(15_000), t0 + 75_000)
  t.equal(until(0), t0 + 60_000, 'not at all')
  t.equal(until(null), t0 + 60_000 + rules.closingGraceMs, 'as the rules say')
  t.equal(until(7_200_000), t0 + rules.waitMaxMs, 'within the longest wait')
})

void t.test('for a caller who is taken back neither the wait nor the grace begins anew', async (t) => {
  const since = (queuedAt: number, admission: Parameters<typeof arrive>[1]) =>
    arrive(arrival({ queuedAt }), admission, t0, rules).call.waitUntil
  t.equal(since(t0 - 90_000, open), t0 - 90_000 + rules.waitMaxMs)
  const ago = (ms: number) => ({ ...closed, opening: { ...closed.opening, closedAt: t0 - ms } })
  t.equal(since(t0 - 90_000, ago(20_000)), t0 - 20_000 + rules.closingGraceMs, 'from closing time on')
  t.equal(since(t0 - 20_000, ago(90_000)), t0 - 20_000 + rules.closingGraceMs, 'queued after closing')
  const unknown = { ...closed, opening: { ...closed.opening, closedAt: null } }
  t.equal(since(t0 - 20_000, unknown), t0 - 20_000 + rules.closingGraceMs)
})

void t.test('a blocked caller is turned away before any queue, also out of the fallback queue', async (t) => {
  const blocked = arrive(arrival({ block: 7 }), open, t0, rules)
  t.match(blocked.call, {
    phase: 'ended',
    outcome: 'rejected',
    endedBy: 'system',
    queuedAt: null,
    lineAnswered: false,
  })
  t.match(blocked.effects, [{ do: 'HangUp', channel, as: 'busy' }, { do: 'FinishRecording' }])
  const waited = { answered: true, queuedAt: t0 - 60_000, block: 7 }
  const back = arrive(arrival(waited), open, t0, rules)
  t.match(back.call, { phase: 'ended', outcome: 'rejected', queuedAt: null })
  t.match(back.effects[0], { do: 'HangUp', as: 'normal' }, 'an answered call is not busy any more')
  t.match(arrive(arrival({ block: 7 }), closed, t0, rules).call, { phase: 'ended' }, 'also outside hours')
})

void t.test('a block holds from its beginning until its end, for its number alone', async (t) => {
  const blocks = [
    { id: 1, number: '+40722000111', from: t0, until: t0 + 1_000 },
    { id: 2, number: '+40722000111', from: t0 + 1_000, until: t0 + 2_000 },
  ]
  const at = (ms: number, number: string | null = '+40722000111') => blockAt(blocks, number, t0 + ms)
  t.same(
    [-1, 0, 999, 1_000, 1_999, 2_000].map((ms) => at(ms)),
    [null, 1, 1, 2, 2, null],
  )
  t.equal(at(0, '+40722000112'), null)
  t.equal(at(0, null), null, 'withheld')
})

void t.test('a number’s own words are heard in place of the fixed ones', async (t) => {
  const words = { greeting: { ro: 'salut', en: 'welcome' }, closed: { ro: 'inchis' } }
  const greeted = arrive(arrival({ words }), open, t0, rules)
  t.match(greeted.call, { phase: 'greeting', words: words.greeting })
  t.match(greeted.effects[1], { prompt: { say: 'greeting', words: words.greeting } })
  const usual = arrive(arrival(), open, t0, rules)
  t.strictSame(as(usual.call, 'greeting').words, null)
  t.strictSame(Object(usual.effects[1]).prompt, { say: 'greeting' })

  const { opensAt } = closed.opening
  const dismissed = arrive(arrival({ words }), closed, t0, rules)
  t.strictSame(as(dismissed.call, 'dismissing').prompt, { say: 'closed', opensAt, words: words.closed })
  const asked = arrive(arrival({ words, closed: 'voicemail' }), closed, t0, rules)
  t.strictSame(as(asked.call, 'voicemail').prompt, { say: 'voicemail', opensAt, words: words.closed })
  const offered = as(arrive(arrival({ words, closed: 'callback' }), closed, t0, rules).call, 'closed')
  t.strictSame(offered.prompt, { say: 'callback question', opensAt, words: words.closed })
  const unconfirmed = step(
    { ...offered, awaits: 'confirmation' },
    { type: 'KeyPressed', key: '7' },
    t0,
    rules,
  )
  t.strictSame(as(unconfirmed.call, 'dismissing').prompt, { say: 'closed', opensAt, words: words.closed })
  const fixed = arrive(arrival({ words: { ...words, closed: null } }), closed, t0, rules)
  t.strictSame(as(fixed.call, 'dismissing').prompt, { say: 'closed', opensAt })
})
