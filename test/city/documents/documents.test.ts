import t from 'tap'
import { givenUpAfterMs, pauseAfter, triesAtMs } from '../../../src/city/documents/backoff.ts'
import { bodyOf, type RequestRegistered } from '../../../src/city/documents/message.ts'
import { statusMessage } from '../../../src/city/documents/of-request.ts'
import { RequestId } from '../../../src/city/requests/number.ts'
import type { StatusEvent } from '../../../src/city/requests/standing.ts'

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

t.test('a status says what was done, and where and until when the request is now', async (t) => {
  const id = RequestId('CC2026-000123')
  const at = Date.UTC(2026, 11, 1, 9)
  const standing = {
    state: 'in progress',
    department: 'Direcția Generală Drumuri',
    toHead: true,
    countedFrom: '2026-11-24',
    announcedOn: '2027-01-08',
    legalEndOn: '2027-01-11',
    extended: true,
  } as const
  const messageOf = (event: StatusEvent, note = '') => statusMessage({ id, at, event, standing, note })
  const now = {
    department: 'Direcția Generală Drumuri',
    toHead: true,
    announcedOn: '2027-01-08',
    legalEnd: '2027-01-11',
  }
  const nothing = { authority: null, joinedTo: null, note: null }
  t.strictSame(messageOf({ kind: 'extended', days: 15, notice: null }, 'Lipsesc piese.'), {
    type: 'request.status',
    request: id,
    at,
    content: { status: 'extended', ...now, ...nothing, note: 'Lipsesc piese.' },
  })
  const contentOf = (event: StatusEvent) => messageOf(event).content
  const authority = 'Consiliul Județean Timiș'
  const redirected = { status: 'redirected', ...now, ...nothing, authority }
  t.strictSame(contentOf({ kind: 'redirected', authority }), redirected)
  const to = RequestId('CC2026-000100')
  t.strictSame(contentOf({ kind: 'joined', to }), { status: 'joined', ...now, ...nothing, joinedTo: to })
  t.strictSame(contentOf({ kind: 'answered' }), { status: 'answered', ...now, ...nothing })
})
