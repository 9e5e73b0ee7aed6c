/** WAVE files with PCM of 16 bits, the only kind that a recorded prompt may come in, and their level. */

export interface Wave {
  readonly rate: number
  /** Interleaved. */
  readonly channels: number
  readonly samples: Int16Array
}

const headerLength = 44
const pcm = 1
/** The header's longer form, which names the coding in its extension. */
const extensible = 0xfffe
const bits = 16
const ratesBetween = [8_000, 192_000] as const
const channelsMax = 2

/** Null: no such file, or one of another coding. Its bytes are from outside: nothing in them is trusted. */
export function parseWave(bytes: Uint8Array): Wave | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || nameAt(view, 0) !== 'RIFF' || nameAt(view, 8) !== 'WAVE') return null
  let format: { readonly rate: number; readonly channels: number } | null = null
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = nameAt(view, at)
    const from = at + 8
    // A program that writes to a pipe does not know the length and gives the largest one.
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - from)
    if (name === 'fmt ') format = formatAt(view, from, size)
    if (name === 'data') {
      if (format === null) return null
      const frame = format.channels * 2
      const length = size - (size % frame)
      const samples = new Int16Array(length / 2)
      new Uint8Array(samples.buffer).set(bytes.subarray(from, from + length))
      return { ...format, samples }
    }
    at = from + size + (size % 2)
  }
  return null
}

function formatAt(view: DataView, from: number, size: number): Pick<Wave, 'rate' | 'channels'> | null {
  if (size < 16) return null
  const coding = view.getUint16(from, true)
  const isPcm =
    coding === pcm || (coding === extensible && size >= 26 && view.getUint16(from + 24, true) === pcm)
  const channels = view.getUint16(from + 2, true)
  const rate = view.getUint32(from + 4, true)
  const [least, most] = ratesBetween
  const isKnown =
    isPcm &&
    view.getUint16(from + 14, true) === bits &&
    channels >= 1 &&
    channels <= channelsMax &&
    rate >= least &&
    rate <= most
  return isKnown ? { rate, channels } : null
}

const nameAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)))

/** One channel. */
export function encodeWave(samples: Int16Array, rate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerLength + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const write = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at)
  write(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  write(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, pcm, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, bits, true)
  write(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), headerLength)
  return bytes
}

export const secondsOf = ({ samples, channels, rate }: Wave): number => samples.length / channels / rate

export const fullScale = 32_768
/** Of silence, which has no logarithm. */
export const quietestDb = -100

/** Root of the mean square in decibels of full scale, as `sox … stats` gives it as “RMS lev dB”. */
export function rmsDb(samples: Int16Array): number {
  let power = 0
  for (const sample of samples) power += sample * sample
  return decibels(Math.sqrt(power / Math.max(1, samples.length)) / fullScale)
}

/** “Pk lev dB”. */
export function peakDb(samples: Int16Array): number {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return decibels(peak / fullScale)
}

const decibels = (share: number): number =>
  share === 0 ? quietestDb : Math.max(quietestDb, 20 * Math.log10(share))
