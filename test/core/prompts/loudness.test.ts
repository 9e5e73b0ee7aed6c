/** The vectors of EBU Tech 3341 that can be generated, and the level to which a sound is brought. */
import t, { type Test } from 'tap'
import {
  atLoudness,
  highPassOf,
  loudnessLufs,
  peakMaxDb,
  shelfOf,
} from '../../../src/core/prompts/loudness.ts'
import { peakDb, quietestDb } from '../../../src/core/prompts/wave.ts'

/** Peak level in decibels of full scale, and seconds, one stretch after the other. */
type Stretches = readonly (readonly [db: number, seconds: number])[]

function sines(stretches: Stretches, rate: number, channels = 1, hertz = 1_000): Int16Array {
  const framesOf = (seconds: number) => Math.round(seconds * rate)
  const samples = new Int16Array(
    stretches.reduce((sum, [, seconds]) => sum + framesOf(seconds), 0) * channels,
  )
  let frame = 0
  for (const [db, seconds] of stretches) {
    const peak = 32_767 * 10 ** (db / 20)
    for (const end = frame + framesOf(seconds); frame < end; frame += 1) {
      const sample = Math.round(peak * Math.sin((2 * Math.PI * hertz * frame) / rate))
      for (let channel = 0; channel < channels; channel += 1) samples[frame * channels + channel] = sample
    }
  }
  return samples
}

const near = (t: Test, lufs: number, expected: number, tolerance: number, what: string) =>
  t.ok(Math.abs(lufs - expected) <= tolerance, `${what}: ${lufs.toFixed(2)} LUFS, expected ${expected}`)

void t.test('at 48 kHz the filters are those that BS.1770 lists', async (t) => {
  const { b, a } = shelfOf(48_000)
  const listed = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585]
  for (const [index, value] of [...b, ...a].entries()) t.ok(Math.abs(value - listed[index]!) < 1e-9)
  const highPass = highPassOf(48_000)
  t.same(highPass.b, [1, -2, 1])
  for (const [index, value] of [-1.99004745483398, 0.99007225036621].entries())
    t.ok(Math.abs(highPass.a[index]! - value) < 1e-9)
})

/** Tech 3341, table 1: two channels in phase. One channel alone has 3.01 LU less. */
const vectors: readonly (readonly [name: string, stretches: Stretches, lufs: number])[] = [
  ['1', [[-23, 20]], -23],
  ['2', [[-33, 20]], -33],
  [
    '3',
    [
      [-36, 10],
      [-23, 60],
      [-36, 10],
    ],
    -23,
  ],
  [
    '4',
    [
      [-72, 10],
      [-36, 10],
      [-23, 60],
      [-36, 10],
      [-72, 10],
    ],
    -23,
  ],
  [
    '5',
    [
      [-26, 20],
      [-20, 20.1],
      [-26, 20],
    ],
    -23,
  ],
]

for (const [rate, cases] of [
  [8_000, vectors],
  // The long ones take seconds at this rate.
  [48_000, [...vectors.slice(0, 2), ...vectors.slice(4)]],
] as const)
  void t.test(`Tech 3341 at ${rate} Hz`, async (t) => {
    for (const [name, stretches, lufs] of cases) {
      const stereo = sines(stretches, rate, 2)
      near(t, loudnessLufs({ samples: stereo, channels: 2, rate }), lufs, 0.1, `case ${name}`)
    }
    const mono = sines([[-23, 20]], rate)
    near(t, loudnessLufs({ samples: mono, channels: 1, rate }), -26.01, 0.1, 'case 1, one channel')
  })

void t.test('a sine of 997 Hz at full scale has −3.01 LUFS', async (t) => {
  const samples = sines([[0, 5]], 48_000, 1, 997)
  near(t, loudnessLufs({ samples, channels: 1, rate: 48_000 }), -3.01, 0.02, 'BS.1770, annex 1')
})

void t.test('frequencies are weighed: hum counts less, and what is sharp more', async (t) => {
  const of = (hertz: number) =>
    loudnessLufs({ samples: sines([[-23, 5]], 8_000, 1, hertz), channels: 1, rate: 8_000 })
  t.ok(of(30) < of(1_000) - 4)
  t.ok(of(3_000) > of(1_000) + 2)
})

void t.test('silence and the shortest sounds have a loudness', async (t) => {
  const of = (samples: Int16Array) => loudnessLufs({ samples, channels: 1, rate: 8_000 })
  t.equal(of(new Int16Array(0)), quietestDb)
  t.equal(of(new Int16Array(8_000)), quietestDb)
  t.equal(of(sines([[-80, 2]], 8_000)), quietestDb, 'below the absolute gate')
  near(t, of(sines([[-23, 0.3]], 8_000)), -26, 0.3, 'shorter than a block')
  near(t, of(sines([[-23, 0.05]], 8_000)), -26, 1, 'shorter than a step')
  t.equal(loudnessLufs({ samples: sines([[-23, 3]], 11_025), channels: 1, rate: 11_025 }) < -25, true)
})

void t.test('a sound is brought to a loudness, whatever it had', async (t) => {
  const rate = 8_000
  for (const db of [-50, -23, -1]) {
    const made = atLoudness(sines([[db, 3]], rate), rate, -24)
    near(t, loudnessLufs({ samples: made, channels: 1, rate }), -24, 0.05, `from ${db} dB`)
  }
  const silence = new Int16Array(rate)
  t.same(atLoudness(silence, rate, -24), silence)
  const faint = sines([[-80, 2]], rate)
  t.ok(peakDb(atLoudness(faint, rate, -24)) <= peakMaxDb, 'below the gate there is nothing to measure')
})

void t.test('pauses change nothing: the voice between them is as loud', async (t) => {
  const rate = 8_000
  const voice = atLoudness(sines([[-20, 3]], rate), rate, -24)
  const withPauses = atLoudness(
    sines(
      [
        [-20, 3],
        [-90, 9],
      ],
      rate,
    ),
    rate,
    -24,
  )
  t.ok(Math.abs(peakDb(withPauses) - peakDb(voice)) < 0.5, `${peakDb(withPauses)}, ${peakDb(voice)}`)
})

void t.test('peaks are limited, and what is around them stays as it was', async (t) => {
  const rate = 8_000
  const quiet = sines([[-40, 4]], rate)
  const clicks = Int16Array.from(quiet)
  // Also at both ends, where the limiter's window is cut.
  for (const at of [0, 1, 9_000, 9_001, 20_000, clicks.length - 1]) clicks[at] = 30_000
  const made = atLoudness(clicks, rate, -24)
  const plain = atLoudness(quiet, rate, -24)
  t.ok(peakDb(made) <= peakMaxDb, `${peakDb(made)} dB`)
  near(t, loudnessLufs({ samples: made, channels: 1, rate }), -24, 0.05, 'with clicks')
  t.ok(Math.abs(peakDb(made.subarray(12_000, 18_000)) - peakDb(plain)) < 0.2, 'far from the clicks')
})
