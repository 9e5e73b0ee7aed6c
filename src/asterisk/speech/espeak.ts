/** Speech by espeak-ng, which each installation has: every language of the line, in a machine's voice. */
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'
import type { Speech } from './speech.ts'
import { telephoneSamples } from './telephone.ts'

const run = promisify(execFile)
/** Of sounds from before there were others. */
const voice = ''

export const espeakSpeech: Speech = {
  voiceOf: () => voice,
  async speak(text, language, beside, signal) {
    const raw = `${beside}.speech.wav`
    try {
      // It cuts paths of more than 200 characters.
      const inFolder = { cwd: dirname(raw), signal }
      await run('espeak-ng', ['-v', language, '-s', '150', '-w', basename(raw), '--', text], inFolder)
      return { samples: await telephoneSamples(raw, signal), voice }
    } finally {
      await rm(raw, { force: true })
    }
  },
}
