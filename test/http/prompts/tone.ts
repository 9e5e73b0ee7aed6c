import { encodeWave } from '../../../src/core/prompts/wave.ts'

export const rate = 8_000

/** Of a level as sox measures it. */
export function tone(rms: number, seconds = 1, hertz = 700): Uint8Array {
  const peak = 10 ** (rms / 20) * Math.SQRT2 * 32_767
  const samples = Int16Array.from({ length: seconds * rate }, (_, index) =>
    Math.round(peak * Math.sin((2 * Math.PI * hertz * index) / rate)),
  )
  return encodeWave(samples, rate)
}
