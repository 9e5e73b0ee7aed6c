/** What two legs have recorded is heard once when a call is played whole. */
import t from 'tap'
import { AgentId, CallId, ChannelId } from '../../../src/core/ids.ts'
import { heardOnce } from '../../../src/http/recordings/heard-once.ts'
import type { KeptRecording } from '../../../src/ledger/recordings/recordings.ts'

const second = 1_000

/** `spans`: from and until, in seconds of the call. */
function segment(leg: string, spans: readonly (readonly [number, number])[]): KeptRecording {
  let offsetMs = 0
  const laid = spans.map(([from, until]) => {
    const span = { offsetMs, startedAt: from * second, durationMs: (until - from) * second }
    offsetMs += span.durationMs
    return span
  })
  return {
    call: CallId('c1'),
    leg: ChannelId(leg),
    agent: AgentId(leg),
    agentName: leg,
    holds: [AgentId(leg)],
    role: 'agent',
    file: `${leg}.wav`,
    manifest: {
      durationMs: offsetMs,
      bytes: 58 + offsetMs * 16,
      sha256: 'ab'.repeat(32),
      tracks: ['caller', 'agent'],
      spans: laid,
      gaps: [],
    },
    waveform: { caller: [], agent: [] },
  }
}

/** For each segment what is left out, what is played, and from which second of the call on. */
const heard = (...segments: readonly KeptRecording[]) =>
  heardOnce(segments).map(({ skipMs, durationMs, spans }) => [
    skipMs,
    durationMs,
    ...spans.map(({ offsetMs, startedAt, durationMs: lasts }) => [offsetMs, startedAt / second, lasts]),
  ])

t.test('a colleague who was asked aside is heard on the serving agent’s recording alone', (t) => {
  t.strictSame(
    heard(
      segment('ana', [
        [0, 10],
        [20, 100],
      ]),
      segment('dan', [[20, 36]]),
    ),
    [
      [0, 90_000, [0, 0, 10_000], [10_000, 20, 80_000]],
      [16_000, 0],
    ],
  )
  t.end()
})

t.test('one who was handed the caller is heard from there on', (t) => {
  const ana = segment('ana', [
    [0, 10],
    [20, 37],
  ])
  // A second less than known, and a whole number of the encoder's frames.
  t.strictSame(heard(ana, segment('dan', [[20, 100]]))[1], [15_984, 64_016, [0, 35.984, 64_016]])
  t.strictSame(
    heard(
      ana,
      segment('dan', [
        [20, 37],
        [38, 100],
      ]),
    )[1],
    [16_992, 62_008, [0, 36.992, 8], [8, 38, 62_000]],
  )
  t.end()
})

t.test('a word that nobody before has is heard', (t) => {
  const takenOver = heard(segment('ana', [[0, 20.9]]), segment('vera', [[20, 21.5]]))
  t.strictSame(
    takenOver[1],
    [0, 1_500, [0, 20, 1_500]],
    'a recording that runs on holds no other leg’s words',
  )
  t.strictSame(
    heard(
      segment('ana', [
        [0, 0.9],
        [5, 10],
      ]),
    ),
    [[0, 5_900, [0, 0, 900], [900, 5, 5_000]]],
  )
  t.end()
})

t.test('what nobody before has is heard: after a hold, and where a file lacks it', (t) => {
  t.strictSame(heard(segment('ana', [[0, 10]]), segment('dan', [[20, 30]])), [
    [0, 10_000, [0, 0, 10_000]],
    [0, 10_000, [0, 20, 10_000]],
  ])
  // The serving agent's file is shorter than the talk aside.
  const [, dan] = heard(
    segment('ana', [
      [0, 10],
      [20, 24],
    ]),
    segment('dan', [[20, 36]]),
  )
  t.strictSame(dan, [2_952, 13_048, [0, 22.952, 13_048]])
  t.strictSame(heard(segment('dan', [[20, 36]])), [[0, 16_000, [0, 20, 16_000]]], 'alone: their own part')
  t.strictSame(heard(segment('ana', []), segment('dan', [])).length, 2, 'of older calls nothing is known')
  t.end()
})

t.test('two recorders of one bridge end at different moments', (t) => {
  const [, dan] = heard(segment('ana', [[0, 35.2]]), segment('dan', [[20, 36]]))
  t.strictSame(dan, [16_000, 0])
  t.end()
})
