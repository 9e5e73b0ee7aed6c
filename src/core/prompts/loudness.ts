/**
 * Loudness by ITU-R BS.1770-4, as EBU R 128 and Tech 3341 use it, and a sound brought to one. Level in decibels of full scale counts pauses
 * and frequencies that an ear hardly hears; loudness weighs the frequencies and leaves pauses out.
 */
import { fullScale, peakDb, quietestDb, type Wave } from './wave.ts'

/** Blocks of 400 ms, each 100 ms after the one before. */
const stepsOfBlock = 4
const stepsOfSecond = 10
const absoluteGateLufs = -70
/** Below the loudness of the blocks that are above the absolute gate. */
const relativeGateLu = -10
const offsetLufs = -0.691

/** LUFS, integrated over the whole sound; `quietestDb` of silence. A sound shorter than a block is measured as one block. */
export function loudnessLufs({ samples, channels, rate }: Wave): number {
  const blocks = blockPowers(stepPowers(samples, channels, rate))
  const audible = blocks.filter((power) => lufs(power) > absoluteGateLufs)
  const relativeGate = lufs(mean(audible)) + relativeGateLu
  return lufs(mean(audible.filter((power) => lufs(power) > relativeGate)))
}

const lufs = (power: number): number =>
  power === 0 ? quietestDb : Math.max(quietestDb, offsetLufs + 10 * Math.log10(power))

const mean = (powers: readonly number[]): number =>
  powers.reduce((sum, power) => sum + power, 0) / Math.max(1, powers.length)

/** Of the steps that are whole: mean squares after the K-weighting, summed over the channels. */
function stepPowers(samples: Int16Array, channels: number, rate: number): readonly number[] {
  const size = rate / stepsOfSecond
  const frames = samples.length / channels
  const powers = Array.from({ length: Math.max(1, Math.floor(frames / size)) }, () => 0)
  for (let channel = 0; channel < channels; channel += 1) {
    const weighted = kWeighted(samples, { channels, channel, rate })
    for (const step of powers.keys()) {
      const to = Math.min(frames, Math.round((step + 1) * size))
      const from = Math.round(step * size)
      let power = 0
      for (let frame = from; frame < to; frame += 1) power += (weighted[frame] ?? 0) ** 2
      powers[step] = (powers[step] ?? 0) + power / Math.max(1, to - from)
    }
  }
  return powers
}

/** Both filters in one loop over numbers: a minute takes a hundredth of a second, and the server, which has calls to serve, waits. */
function kWeighted(
  samples: Int16Array,
  { channels, channel, rate }: { readonly channels: number; readonly channel: number; readonly rate: number },
): Float64Array {
  const shelf = shelfOf(rate)
  const highPass = highPassOf(rate)
  const [b0, b1, b2] = shelf.b
  const [a1, a2] = shelf.a
  const [d0, d1, d2] = highPass.b
  const [c1, c2] = highPass.a
  const weighted = new Float64Array(Math.floor(samples.length / channels))
  let [x1, x2, y1, y2, z1, z2] = [0, 0, 0, 0, 0, 0]
  for (let frame = 0; frame < weighted.length; frame += 1) {
    const x = (samples[frame * channels + channel] ?? 0) / fullScale
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
    const z = d0 * y + d1 * y1 + d2 * y2 - c1 * z1 - c2 * z2
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    z2 = z1
    z1 = z
    weighted[frame] = z
  }
  return weighted
}

const blockPowers = (steps: readonly number[]): readonly number[] =>
  steps.length < stepsOfBlock
    ? [mean(steps)]
    : steps.slice(stepsOfBlock - 1).map((_, index) => mean(steps.slice(index, index + stepsOfBlock)))

interface Coefficients {
  readonly b: readonly [number, number, number]
  readonly a: readonly [number, number]
}

/**
 * BS.1770 lists the coefficients of both filters for 48 kHz alone; these are the analogue filters behind them, for any rate by the bilinear
 * transform. Frequency, Q and gain are libebur128's, which give the listed coefficients again.
 */
export function shelfOf(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 1_681.974450955533) / rate)
  const q = 0.7071752369554196
  const high = 10 ** (3.999843853973347 / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / q + k * k
  return {
    b: [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  }
}

export function highPassOf(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 38.13547087602444) / rate)
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] }
}

/** Of the samples: the curve between two of them can be above both, by 1.1 dB in the sounds that were measured (decision 74). */
export const peakMaxDb = -3
const near = 0.05
const passesMax = 5

/** One channel, at this loudness and with no peak above `peakMaxDb`. Silence stays as it is. */
export function atLoudness(samples: Int16Array, rate: number, targetLufs: number): Int16Array {
  const measured = (sound: Int16Array) => loudnessLufs({ samples: sound, channels: 1, rate })
  const peak = peakDb(samples)
  if (peak === quietestDb) return samples
  let gainDb = targetLufs - measured(samples)
  let sound = samples
  // The limiter takes a little away, which the next pass adds; one pass is enough where it has nothing to do.
  for (let pass = 0; pass < passesMax; pass += 1) {
    sound = amplified(samples, rate, gainDb)
    // Music has minutes, and the server, which has calls to serve, waits: it is not measured again.
    if (peak + gainDb <= peakMaxDb) break
    const missing = targetLufs - measured(sound)
    if (Math.abs(missing) < near) break
    gainDb += missing
  }
  return sound
}

/** The limiter’s gain falls and rises within so many seconds around a peak. */
const limiterSeconds = 0.005

function amplified(samples: Int16Array, rate: number, gainDb: number): Int16Array {
  const gain = 10 ** (gainDb / 20)
  const most = Math.floor(10 ** (peakMaxDb / 20) * fullScale)
  const width = Math.round(limiterSeconds * rate)
  const shares = new Float64Array(samples.length).fill(1)
  for (let index = 0; index < samples.length; index += 1) {
    const share = most / Math.abs((samples[index] ?? 0) * gain)
    if (share >= 1) continue
    const to = Math.min(samples.length - 1, index + width)
    for (let at = Math.max(0, index - width); at <= to; at += 1) shares[at] = Math.min(shares[at] ?? 1, share)
  }
  const smooth = movingMean(shares, width)
  return samples.map((sample, index) =>
    Math.max(-most, Math.min(most, Math.round(sample * gain * (smooth[index] ?? 1)))),
  )
}

/** Of the values up to `width` away; where there are none, as if there were ones. */
function movingMean(values: Float64Array, width: number): Float64Array {
  const window = 2 * width + 1
  let sum = window
  const enter = (index: number) => (values[index] ?? 1) - 1
  for (let at = 0; at < width; at += 1) sum += enter(at)
  return values.map((_, index) => {
    sum += enter(index + width) - enter(index - width - 1)
    return sum / window
  })
}
