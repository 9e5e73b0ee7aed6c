/** G.711 A-law by table: 16-bit samples to bytes and back. */

/** By the sample, as an unsigned number of 16 bits. */
const codes = Uint8Array.from({ length: 65_536 }, (_, index) =>
  codeOf(index < 32_768 ? index : index - 65_536),
)
const samples = Int16Array.from({ length: 256 }, (_, code) => sampleOf(code))

/** Both tracks, byte by byte: left, right. They are equally long. */
export function alawOf(left: Int16Array, right: Int16Array): Buffer {
  const both = Buffer.alloc(2 * left.length)
  for (let at = 0; at < left.length; at += 1) {
    both[2 * at] = codes[left[at]! & 0xffff]!
    both[2 * at + 1] = codes[right[at]! & 0xffff]!
  }
  return both
}

/** 16-bit samples in the machine's byte order. */
export function pcmOf(alaw: Buffer): Buffer {
  const pcm = new Int16Array(alaw.length)
  for (let at = 0; at < alaw.length; at += 1) pcm[at] = samples[alaw[at]!]!
  return Buffer.from(pcm.buffer)
}

/** ITU-T G.711, table 1a: sign, three bits of segment, four of step; every second bit is inverted. */
function codeOf(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80
  const size = (sample < 0 ? -sample - 1 : sample) >> 3
  const segment = Math.max(0, 32 - Math.clz32(size >> 5))
  const step = (segment === 0 ? size >> 1 : size >> segment) & 0x0f
  return (sign | (segment << 4) | step) ^ 0x55
}

/** The middle of the interval that the code stands for. */
function sampleOf(code: number): number {
  const bits = code ^ 0x55
  const segment = (bits >> 4) & 7
  const step = ((bits & 0x0f) << 4) + 8
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return (bits & 0x80) === 0 ? -size : size
}
