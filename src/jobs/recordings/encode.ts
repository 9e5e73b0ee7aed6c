/** Joins two mono tracks into one stereo file of A-law (caller left, agent right) and measures their loudness over time. */
import { open, type FileHandle } from 'node:fs/promises'
import { alawHeader } from '../../ledger/recordings/alaw-wav.ts'
import type { Waveform } from '../../ledger/recordings/tables.ts'
import { alawOf } from './alaw.ts'
import type { Wav } from './wav.ts'

/** Slices of the waveform: enough for a wide screen; in short calls one per 100 ms. */
const slicesMax = 600
const sliceMsMin = 100
const chunkSamples = 16_384

export async function encode(
  caller: Wav,
  agent: Wav,
  file: string,
): Promise<{ readonly durationMs: number; readonly waveform: Waveform }> {
  const { sampleRate } = caller
  if (agent.sampleRate !== sampleRate) throw new TypeError('the tracks were sampled at different rates')
  const samples = Math.max(caller.dataBytes, agent.dataBytes) / 2
  const durationMs = Math.round((samples * 1000) / sampleRate)
  const loudness = new Loudness(samples, Math.min(slicesMax, Math.ceil(durationMs / sliceMsMin)))
  await using left = await open(caller.path, 'r')
  await using right = await open(agent.path, 'r')
  await using both = await open(file, 'wx', 0o640)
  // `writeFile` writes everything or throws; `write` may write a part when the disk is full.
  await both.writeFile(alawHeader(2 * samples, sampleRate))
  for (let at = 0; at < samples; at += chunkSamples) {
    const count = Math.min(chunkSamples, samples - at)
    const [a, b] = await Promise.all([samplesOf(left, caller, at, count), samplesOf(right, agent, at, count)])
    loudness.add(a, b, at)
    await both.writeFile(alawOf(a, b))
  }
  return { durationMs, waveform: loudness.waveform() }
}

/** Samples of a track; silence after its end. */
async function samplesOf(handle: FileHandle, wav: Wav, at: number, count: number): Promise<Int16Array> {
  const bytes = Buffer.alloc(count * 2)
  const wanted = Math.max(0, Math.min(bytes.length, wav.dataBytes - at * 2))
  if (wanted > 0) await handle.read(bytes, 0, wanted, wav.dataOffset + at * 2)
  return new Int16Array(bytes.buffer, bytes.byteOffset, count)
}

/** Peak of each slice, 0–100. */
class Loudness {
  readonly #samples: number
  readonly #caller: number[]
  readonly #agent: number[]

  constructor(samples: number, slices: number) {
    this.#samples = samples
    this.#caller = Array.from({ length: slices }, () => 0)
    this.#agent = Array.from({ length: slices }, () => 0)
  }

  add(caller: Int16Array, agent: Int16Array, at: number): void {
    const slices = this.#caller.length
    for (let i = 0; i < caller.length; i += 1) {
      const slice = Math.floor(((at + i) * slices) / this.#samples)
      this.#caller[slice] = Math.max(this.#caller[slice]!, Math.abs(caller[i]!))
      this.#agent[slice] = Math.max(this.#agent[slice]!, Math.abs(agent[i]!))
    }
  }

  waveform(): Waveform {
    return { caller: this.#caller.map(percent), agent: this.#agent.map(percent) }
  }
}

function percent(peak: number): number {
  return Math.round((peak * 100) / 32_768)
}
