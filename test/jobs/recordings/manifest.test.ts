import t from 'tap'
import { bridgedStretches, layOut } from '../../../src/jobs/recordings/manifest.ts'

void t.test('a call is bridged only while talking, not while waiting, held or reconnecting', async (t) => {
  const events = [
    { at: 0, isTalking: false },
    { at: 1_000, isTalking: false },
    { at: 2_000, isTalking: false },
    { at: 3_000, isTalking: true },
    { at: 4_000, isTalking: true },
    { at: 9_000, isTalking: false },
    { at: 20_000, isTalking: true },
    { at: 25_000, isTalking: false },
    { at: 31_000, isTalking: true },
    { at: 40_000, isTalking: false },
  ]
  t.strictSame(bridgedStretches(events, 40_000), [
    { startedAt: 3_000, endedAt: 9_000 },
    { startedAt: 20_000, endedAt: 25_000 },
    { startedAt: 31_000, endedAt: 40_000 },
  ])
  t.strictSame(bridgedStretches(events.slice(0, 5), 50_000), [{ startedAt: 3_000, endedAt: 50_000 }])
  t.strictSame(bridgedStretches(events.slice(0, 3), 50_000), [])
})

const twice = [
  { startedAt: 10_000, endedAt: 16_000 },
  { startedAt: 30_000, endedAt: 40_000 },
]

void t.test('file offsets continue from one stretch to the next', async (t) => {
  t.strictSame(layOut(twice, 15_900), {
    spans: [
      { offsetMs: 0, startedAt: 10_000, durationMs: 6_000 },
      { offsetMs: 6_000, startedAt: 30_000, durationMs: 9_900 },
    ],
    gaps: [],
  })
  t.strictSame(layOut(twice, 16_300).spans[1], { offsetMs: 6_000, startedAt: 30_000, durationMs: 10_300 })
})

void t.test('the end of a conversation beyond a short file is a gap', async (t) => {
  const why = 'the file is shorter than the conversation'
  t.strictSame(layOut(twice, 10_000), {
    spans: [
      { offsetMs: 0, startedAt: 10_000, durationMs: 6_000 },
      { offsetMs: 6_000, startedAt: 30_000, durationMs: 4_000 },
    ],
    gaps: [{ startedAt: 34_000, endedAt: 40_000, why }],
  })
  t.strictSame(layOut(twice, 2_000), {
    spans: [{ offsetMs: 0, startedAt: 10_000, durationMs: 2_000 }],
    gaps: [
      { startedAt: 12_000, endedAt: 16_000, why },
      { startedAt: 30_000, endedAt: 40_000, why },
    ],
  })
})
