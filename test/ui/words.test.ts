import t from 'tap'
import { en } from '../../src/ui/i18n/en/index.ts'
import { ro } from '../../src/ui/i18n/ro/index.ts'
import { agentOf, eventText, offersOf } from '../../src/ui/calls/event-texts.ts'
import { apiQuery, searchOf } from '../../src/ui/calls/call-filters.ts'
import { asksForAutoAnswer } from '../../src/ui/agent/phone/auto-answer.ts'
import { withoutLocalNames } from '../../src/ui/agent/phone/sdp.ts'
import { extendTrail, joinTrails, trailOf } from '../../src/ui/agent/work/call-trail.ts'
import { foldAudio } from '../../src/ui/agent/phone/audio-stats.ts'
import { noAudio } from '../../src/ui/agent/phone/phone-state.ts'
import { spokenNumber } from '../../src/ui/shared/phone-number.ts'
import { duration, longDate, percent } from '../../src/ui/shared/time/time.ts'
import { liveCall } from './views.ts'

function sentences(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : sentences(value as object, `${path}${key}.`),
  )
}
const holes = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort()

t.test('both languages say the same things with the same holes', (t) => {
  const english = new Map(sentences(en))
  for (const [key, text] of sentences(ro)) {
    const other = english.get(key) ?? ''
    t.not(other, '', key)
    if (!/_(one|few|other)$/.test(key)) t.strictSame(holes(other), holes(text), key)
  }
  t.equal(english.size, sentences(ro).length)
  t.end()
})

t.test('Romanian is written with commas below, not cedillas', (t) => {
  const wrong = sentences(ro).filter(([, text]) => /[şţŞŢ]/.test(text))
  t.strictSame(wrong, [])
  t.end()
})

t.test('numbers are grouped as they are said', (t) => {
  t.equal(spokenNumber('+40721234567'), '0721 234 567')
  t.equal(spokenNumber('+40256111222'), '0256 111 222')
  t.equal(spokenNumber('+40211234567'), '021 123 4567')
  t.equal(spokenNumber('+4915112345678'), '+491 511 234 5678')
  t.equal(spokenNumber('112'), '112')
  t.equal(spokenNumber('anonymous'), 'anonymous')
  t.end()
})

t.test('times and shares', (t) => {
  t.equal(duration(192_900), '03:12')
  t.equal(duration(3_723_000), '1:02:03')
  t.equal(duration(-5), '00:00')
  t.equal(longDate('2026-12-24T10:00:00.000Z', 'ro'), 'joi, 24 decembrie')
  t.equal(percent(null, 'ro'), '–')
  t.match(percent(0.7617, 'ro'), /^76,2\s%$/)
  t.end()
})

t.test('the call list asks for whole days, and only for what it knows', (t) => {
  const query = apiQuery(
    new URLSearchParams({ from: '2026-11-24', to: '2026-11-24', caller: '0721 234 567', outcome: 'x' }),
  )
  const ms = Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')
  t.equal(ms, 86_400_000)
  t.equal(query.get('caller'), '0721234567')
  t.equal(query.get('outcome'), null)
  t.equal(apiQuery(new URLSearchParams({ from: 'tomorrow' })).size, 0)
  const form = new FormData()
  form.set('caller', ' 0721 ')
  form.set('from', '')
  t.equal(searchOf(form), '/calls?caller=0721')
  t.equal(searchOf(new FormData()), '/calls')
  t.end()
})

t.test('an INVITE asks to be picked up by any of the usual headers', (t) => {
  const asks = (headers: Record<string, string>) => asksForAutoAnswer((name) => headers[name])
  t.ok(asks({ 'X-Linia-Auto-Answer': '1' }))
  t.ok(asks({ 'Call-Info': '<sip:linia>;answer-after=0' }))
  t.ok(asks({ 'Alert-Info': '<sip:linia>;info=alert-autoanswer' }))
  t.notOk(asks({ 'Alert-Info': '<http://127.0.0.1/bellcore-dr2>' }))
  t.notOk(asks({ 'X-Linia-Auto-Answer': '0' }))
  t.notOk(asks({}))
  t.end()
})

t.test('the trail grows with the call and marks a return as resumed', (t) => {
  const at = (value: number): string =>
    new Date(Date.parse('2026-11-24T08:00:00.000Z') + value * 1_000).toISOString()
  const phases = [
    'ringing',
    'connecting',
    'talking',
    'held',
    'talking',
    'reconnecting',
    'talking',
    'talking',
  ] as const
  const trail = phases.reduce(
    (before, phase, index) => extendTrail(before, liveCall({ phase, since: at(index) })),
    extendTrail([], liveCall({ phase: 'waiting' })),
  )
  t.strictSame(
    trail.map(({ step }) => step),
    ['arrived', 'queued', 'ringing', 'talking', 'held', 'resumed', 'reconnecting', 'resumed'],
  )
  const late = extendTrail([], liveCall({ phase: 'talking', answeredAt: at(5) }))
  t.strictSame(
    late.map(({ step }) => step),
    ['arrived', 'queued', 'talking'],
    'a page opened in mid-call begins with what the call remembers',
  )
  const rungAgain = extendTrail(
    extendTrail([], liveCall({ phase: 'ringing', answeredAt: at(5), since: at(9) })),
    liveCall({ phase: 'talking', answeredAt: at(5), since: at(10) }),
  )
  t.strictSame(
    rungAgain.map(({ step }) => step),
    ['arrived', 'queued', 'talking', 'ringing', 'resumed'],
    'a page opened while its phone was rung again',
  )
  t.end()
})

t.test('a page opened in mid-call has the whole trail from the ledger', (t) => {
  const at = '2026-11-24T08:00:00.000Z'
  const phases = ['greeting', 'waiting', 'ringing', 'connecting', 'talking', 'held', 'talking', 'ended']
  const events = phases.map((phase, seq) => ({ seq, at, type: 'any', detail: { phase } }))
  t.strictSame(
    trailOf({ arrivedAt: at, events }, liveCall({ phase: 'talking', answeredAt: at })).map(
      ({ step }) => step,
    ),
    ['arrived', 'queued', 'ringing', 'talking', 'held', 'resumed'],
  )
  t.strictSame(trailOf({ arrivedAt: at, events: [] }, liveCall({})), [])
  const later = (seconds: number): string => new Date(Date.parse(at) + seconds * 1_000).toISOString()
  const known = [
    { step: 'arrived', at },
    { step: 'ringing', at: later(1) },
    { step: 'talking', at: later(2) },
  ] as const
  const seen = [
    { step: 'arrived', at },
    { step: 'talking', at: later(2) },
    { step: 'held', at: later(9) },
  ] as const
  t.strictSame(
    joinTrails(known, seen).map(({ step }) => step),
    ['arrived', 'ringing', 'talking', 'held'],
    'and then what the page sees itself',
  )
  t.strictSame(joinTrails([], seen), seen)
  t.strictSame(
    joinTrails(
      [{ step: 'queued', at }],
      [
        { step: 'queued', at },
        { step: 'ringing', at },
      ],
    ).map(({ step }) => step),
    ['queued', 'ringing'],
    'both in the same millisecond',
  )
  t.end()
})

t.test('the timeline names the agent of each attempt, where the name is known', (t) => {
  const offer = { id: 'o1', agent: 'a1', device: 'web' }
  const events = [
    { type: 'OfferMade', detail: { offer } },
    { type: 'AgentAnswered', detail: { offer: 'o1' } },
    { type: 'CallerHungUp', detail: {} },
  ]
  const offers = offersOf(events)
  t.strictSame(
    events.map((event) => agentOf(event, offers)),
    ['a1', 'a1', null],
  )
  const say = ((key: string) => key) as unknown as Parameters<typeof eventText>[1]
  t.equal(eventText({ type: 'AgentAnswered', detail: {} }, say, 'Ana'), 'calls.event.AgentAnswered (Ana)')
  t.equal(eventText({ type: 'AgentAnswered', detail: {} }, say), 'calls.event.AgentAnswered')
  t.equal(eventText({ type: 'CallerHungUp', detail: {} }, say, 'Ana'), 'calls.event.CallerHungUp')
  t.end()
})

t.test('sound that stops is told after three seconds, with the likely cause', (t) => {
  const sample = {
    packetsReceived: 50,
    packetsSent: 50,
    heard: 0.2,
    spoken: 0.1,
    ice: 'connected',
    voice: 'live',
  } as const
  const flowing = foldAudio(noAudio, sample, 250)
  t.match(flowing, { packetsReceived: 50, silentMs: 0, fault: null })
  const stopped = foldAudio(foldAudio(flowing, sample, 2_000), sample, 1_000)
  t.match(stopped, { silentMs: 3_000, fault: 'silent' })
  t.equal(foldAudio(stopped, { ...sample, ice: 'disconnected' }, 250).fault, 'network')
  t.equal(foldAudio(stopped, { ...sample, packetsReceived: 51, packetsSent: 51 }, 250).fault, null)
  t.end()
})

t.test(
  'a microphone that gives nothing is told: at once when it is gone, after three seconds otherwise',
  (t) => {
    const sample = { packetsReceived: 50, packetsSent: 50, heard: 0.2, spoken: 0, ice: 'connected' } as const
    const flowing = foldAudio(noAudio, { ...sample, voice: 'live' }, 250)
    const gone = foldAudio(flowing, { ...sample, packetsReceived: 60, packetsSent: 60, voice: 'ended' }, 250)
    t.equal(gone.fault, 'microphone')
    const stalled = foldAudio(flowing, { ...sample, packetsReceived: 60, voice: 'live' }, 2_000)
    t.equal(stalled.fault, null)
    t.equal(
      foldAudio(stalled, { ...sample, packetsReceived: 70, voice: 'live' }, 1_000).fault,
      'microphone',
      'nothing leaves',
    )
    const mute = { ...sample, packetsReceived: 70, packetsSent: 70, voice: 'mute' } as const
    t.equal(
      foldAudio(stalled, mute, 1_000).fault,
      'microphone',
      'the device says itself that it gives nothing',
    )
    t.equal(foldAudio(stalled, { ...mute, voice: 'live' }, 1_000).fault, null)
    t.end()
  },
)

t.test('names that only the browser’s network knows are no candidates for Asterisk', (t) => {
  const named = 'a=candidate:59 1 udp 2113937151 1be27831-9764.local 58856 typ host generation 0'
  const plain = 'a=candidate:60 1 udp 2113937151 10.0.0.7 58857 typ host generation 0'
  t.equal(
    withoutLocalNames(`v=0\r\n${named}\r\n${plain}\r\n`),
    `v=0\r\n${named.replace('1be27831-9764.local', '127.0.0.1')}\r\n${plain}\r\n`,
  )
  t.end()
})
