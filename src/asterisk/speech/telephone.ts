/** The sound of a telephone, of a voice at any rate. */
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { promptRate } from '../../core/prompts/prompt-sound.ts'
import { parseWave } from '../../core/prompts/wave.ts'

const run = promisify(execFile)
/** 8 kHz: the caller's leg is always G.711. */
export const telephone = ['-r', String(promptRate), '-c', '1', '-b', '16']

/** @throws when sox fails, or is ended by the signal. */
export async function telephoneSamples(wave: string, signal?: AbortSignal): Promise<Int16Array> {
  const plain = `${wave}.plain.wav`
  // A confined server may not write to /tmp, where sox would put its own file.
  const ownTemp = ['--temp', dirname(wave)]
  try {
    await run('sox', [...ownTemp, wave, ...telephone, plain, 'highpass', '150', 'norm', '-3'], { signal })
    const made = parseWave(await readFile(plain))
    if (made === null) throw new Error('sox has made no sound')
    return made.samples
  } finally {
    await rm(plain, { force: true })
  }
}
