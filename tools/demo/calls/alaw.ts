/** ITU-T G.711 A-law, the telephone network's 8 kHz coding: one byte a sample. */

export const sampleRate = 8000
/** 20 ms of sound, the usual RTP packet. */
export const frameBytes = 160
/** The quietest code. */
export const silence = 0xd5

function decodeSample(code: number): number {
  const bits = code ^ 0x55
  const exponent = (bits >> 4) & 0x07
  const mantissa = bits & 0x0f
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return (bits & 0x80) === 0 ? -magnitude : magnitude
}

const decoded = Int16Array.from({ length: 256 }, (_, code) => decodeSample(code))

function encodeSample(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32767)
  let exponent = 7
  while (exponent > 0 && (magnitude & (0x80 << exponent)) === 0) exponent -= 1
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

/** A-law bytes → 16-bit samples. */
export function decodeAlaw(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length)
  // `Int16Array.from` with a function takes thirty times as long.
  for (let at = 0; at < bytes.length; at++) samples[at] = decoded[bytes[at] ?? silence] ?? 0
  return samples
}

/** 16-bit samples → A-law bytes. */
export function encodeAlaw(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length)
  for (let at = 0; at < samples.length; at++) bytes[at] = encodeSample(samples[at] ?? 0)
  return bytes
}
