/**
 * Makes of a recording the sound that callers hear: 8 kHz, one channel, without what is below a voice and without the silence at both
 * ends, at one loudness. sox gets samples without a header, so that none of its readers sees a file from outside.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  faultOfLength,
  faultOfRecording,
  promptRate,
  spokenPart,
  type PromptSoundFault,
  type SoundBounds,
} from '../../core/prompts/prompt-sound.ts'
import { atLoudness } from '../../core/prompts/loudness.ts'
import { encodeWave, parseWave, type Wave } from '../../core/prompts/wave.ts'

export type PreparedPrompt =
  | { readonly ok: true; readonly sound: Buffer }
  | { readonly ok: false; readonly fault: PromptSoundFault }

const run = promisify(execFile)
const prepareMs = 20_000
const telephone = ['-b', '16', '-e', 'signed-integer', '-c', '1', '-r', String(promptRate)]

const raw = (path: string) => ['-t', 'raw', ...telephone, path]

/** @throws when sox fails, or takes too long. */
export async function preparePrompt(recording: Uint8Array, bounds: SoundBounds): Promise<PreparedPrompt> {
  const wave = parseWave(recording)
  if (wave === null) return { ok: false, fault: 'no wave' }
  const fault = faultOfRecording(wave)
  if (fault !== null) return { ok: false, fault }
  const dir = await mkdtemp(join(tmpdir(), 'linia-prompt-'))
  try {
    return await prepared(wave, bounds, dir, AbortSignal.timeout(prepareMs))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function prepared(
  wave: Wave,
  bounds: SoundBounds,
  dir: string,
  signal: AbortSignal,
): Promise<PreparedPrompt> {
  const [given, voice] = [join(dir, 'given.s16'), join(dir, 'voice.s16')]
  // `-D -R`: the same recording gives the same bytes. A confined server may not write to /tmp.
  const sox = (...args: readonly string[]) => run('sox', ['-D', '-R', '--temp', dir, ...args], { signal })

  await writeFile(given, wave.samples)
  const source = ['-b', '16', '-e', 'signed-integer', '-c', String(wave.channels), '-r', String(wave.rate)]
  await sox('-t', 'raw', ...source, given, ...raw(voice), 'gain', '-h', 'highpass', '150', 'norm', '-3')
  const whole = await samplesIn(voice)
  const { from, to } = spokenPart(whole, promptRate)
  const fault = faultOfLength(to - from, bounds)
  if (fault !== null) return { ok: false, fault }

  const part = whole.subarray(Math.round(from * promptRate), Math.round(to * promptRate))
  const sound = atLoudness(part, promptRate, bounds.loudnessLufs)
  return { ok: true, sound: Buffer.from(encodeWave(sound, promptRate)) }
}

async function samplesIn(path: string): Promise<Int16Array> {
  const bytes = await readFile(path)
  const samples = new Int16Array(Math.floor(bytes.length / 2))
  new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.length * 2))
  return samples
}
