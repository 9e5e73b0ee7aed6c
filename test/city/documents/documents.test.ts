import t from 'tap'
import { givenUpAfterMs, pauseAfter, triesAtMs } from '../../../src/city/documents/backoff.ts'
import { bodyOf, type RequestRegistered } from '../../../src/city/documents/message.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

t.test('tries follow after 30 s, 5 m, 30 m, 2 h, 8 h, then every 12 h', async (t) => {
  t.strictSame([1, 2, 3, 4, 5, 6, 7].map(pauseAfter), [
    30 * secondMs,
    5 * minuteMs,
    30 * minuteMs,
    2 * hourMs,
    8 * hourMs,
    12 * hourMs,
    12 * hourMs,
  ])
})

t.test('the last try is after exactly a week, and none comes after it', async (t) => {
  t.equal(triesAtMs[0], 0)
  t.equal(triesAtMs.at(-1), 7 * 24 * hourMs)
  t.equal(triesAtMs.length, 20)
  t.equal(pauseAfter(triesAtMs.length), null)
  const whole = triesAtMs.reduce((sum, _, index) => sum + (pauseAfter(index + 1) ?? 0), 0)
  t.equal(whole, givenUpAfterMs)
})

t.test('a request of a Friday evening is still retried on Monday at noon', async (t) => {
  const friday = Date.UTC(2026, 10, 27, 19, 55)
  const monday = Date.UTC(2026, 10, 30, 0)
  const tries = triesAtMs.map((afterMs) => friday + afterMs)
  t.ok(tries.some((at) => at >= monday && at <= monday + 12 * hourMs))
})

t.test('a body has type, timestamp and data, with the request and its version', async (t) => {
  const message: RequestRegistered = {
    type: 'request.registered',
    request: 'CC2026-000123',
    at: Date.UTC(2026, 10, 24, 12, 3, 4, 567),
    content: {
      number: 'CC2026-000123/24.11.2026',
      registeredOn: '2026-11-24',
      kind: 'notice',
      category: 'road-pothole',
      department: 'Direcția Generală Drumuri',
      toHead: false,
      text: 'Groapă în carosabil, „adâncă”.',
      fields: [{ name: 'Adâncime', value: '20 cm' }],
      place: 'str. Ștefan cel Mare 5',
      person: null,
      announcedOn: '2026-12-24',
      legalEnd: '2026-12-28',
      about: null,
    },
  }
  t.match(JSON.parse(bodyOf(message, 2)), {
    type: 'request.registered',
    timestamp: '2026-11-24T12:03:04.567Z',
    data: { request: 'CC2026-000123', version: 2, text: message.content.text, person: null },
  })
})
