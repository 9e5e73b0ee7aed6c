/** Encodes two mono tracks into one stereo MP3 (caller left, agent right) and measures their loudness over time. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, type FileHandle } from 'node:fs/promises'
import type { Waveform } from '../../ledger/recordings/tables.ts'
import type { Wav } from './wav.ts'

/** Slices of the waveform: enough for a wide screen; in short calls one per 100 ms. */
const slicesMax = 600
const sliceMsMin = 100
const chunkSamples = 16_384

/** Throws when `lame` is missing, fails, or takes longer than `timeoutMs`. */
export async function encode(
  caller: Wav,
  agent: Wav,
  file: string,
  timeoutMs: number,
): Promise<{ readonly durationMs: number; readonly waveform: Waveform }> {
  const { sampleRate } = caller
  if (agent.sampleRate !== sampleRate) throw new TypeError('the tracks were sampled at different rates')
  const samples = Math.max(caller.dataBytes, agent.dataBytes) / 2
  const durationMs = Math.round((samples * 1000) / sampleRate)
  const loudness = new Loudness(samples, Math.min(slicesMax, Math.ceil(durationMs / sliceMsMin)))
  await using left = await open(caller.path, 'r')
  await using right = await open(agent.path, 'r')
  await pipeThroughLame(sampleRate, file, timeoutMs, async function* () {
    for (let at = 0; at < samples; at += chunkSamples) {
      const count = Math.min(chunkSamples, samples - at)
      const [a, b] = await Promise.all([
        samplesOf(left, caller, at, count),
        samplesOf(right, agent, at, count),
      ])
      loudness.add(a, b, at)
      yield interleaved(a, b)
    }
  })
  return { durationMs, waveform: loudness.waveform() }
}

/** `-m s`: plain stereo without joint coding, so that no voice leaks into the other channel. */
async function pipeThroughLame(
  sampleRate: number,
  file: string,
  timeoutMs: number,
  pcm: () => AsyncGenerator<Buffer>,
): Promise<void> {
  const input = ['-r', '-s', String(sampleRate / 1000), '--bitwidth', '16', '--signed', '--little-endian']
  // The telephone's own sample rate: twice the rate takes more than twice the CPU time (decision 0027). `-q 7` saves
  // more, without an audible difference in telephone speech.
  const output = ['-m', 's', '--resample', '8', '--cbr', '-b', '32', '-q', '7', '--quiet', '-', file]
  const lame = spawn('lame', [...input, ...output], {
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  let complaint = ''
  lame.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = `${complaint}${text}`.slice(0, 500)))
  // Attached at once: the process may end, or fail to start, before the samples are written.
  const over = once(lame, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  // `spawn` below reports a failed start, and the exit code explains a broken pipe.
  over.catch(() => undefined)
  lame.stdin.on('error', () => undefined)
  await once(lame, 'spawn')
  for await (const chunk of pcm()) {
    if (!lame.stdin.writable) break
    if (!lame.stdin.write(chunk)) await Promise.race([once(lame.stdin, 'drain').catch(() => over), over])
  }
  lame.stdin.end()
  const code = await over
  if (code !== 0) throw new Error(`lame ended with ${code ?? 'a signal'}: ${complaint.trim()}`)
}

/** Samples of a track; silence after its end. */
async function samplesOf(handle: FileHandle, wav: Wav, at: number, count: number): Promise<Int16Array> {
  const bytes = Buffer.alloc(count * 2)
  const wanted = Math.max(0, Math.min(bytes.length, wav.dataBytes - at * 2))
  if (wanted > 0) await handle.read(bytes, 0, wanted, wav.dataOffset + at * 2)
  return new Int16Array(bytes.buffer, bytes.byteOffset, count)
}

function interleaved(left: Int16Array, right: Int16Array): Buffer {
  const both = new Int16Array(left.length * 2)
  for (let i = 0; i < left.length; i += 1) {
    both[2 * i] = left[i]!
    both[2 * i + 1] = right[i]!
  }
  return Buffer.from(both.buffer)
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
