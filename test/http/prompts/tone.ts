import { loudnessLufs } from '../../../src/core/prompts/loudness.ts'
import { encodeWave } from '../../../src/core/prompts/wave.ts'

export const rate = 8_000

/** Of this loudness. */
export function tone(lufs: number, seconds = 1, hertz = 700): Uint8Array {
  const sine = (peak: number) =>
    Int16Array.from({ length: seconds * rate }, (_, index) =>
      Math.round(peak * Math.sin((2 * Math.PI * hertz * index) / rate)),
    )
  const half = 16_384
  const gainDb = lufs - loudnessLufs({ samples: sine(half), channels: 1, rate })
  return encodeWave(sine(half * 10 ** (gainDb / 20)), rate)
}
