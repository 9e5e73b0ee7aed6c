/** Findings of `linia doctor` about the machine's voice: Piper is asked for one sentence with each voice of `PIPER_VOICES`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PiperSpeech } from '../../asterisk/speech/piper.ts'
import type { Settings } from '../../config.ts'
import { languages } from '../../core/configuration/menu.ts'

/** Read in every language. */
const sentence = 'Linia 969.'
const speaksMs = 30_000

/** `program`: of Piper. */
export async function wrongAtSpeech(
  { piperVoices: folder }: Pick<Settings, 'piperVoices'>,
  program = 'piper',
): Promise<readonly string[]> {
  if (folder === null) return []
  const piper = new PiperSpeech(folder, program)
  const spoken = languages.filter((language) => piper.has(language))
  if (spoken.length === 0)
    return [
      `PIPER_VOICES: ${folder} has no voice that this user may read (ro.onnx beside ro.onnx.json), so espeak-ng speaks.`,
    ]
  const dir = await mkdtemp(join(tmpdir(), 'linia-voice-'))
  try {
    const wrong: string[] = []
    for (const language of spoken) {
      const bound = AbortSignal.timeout(speaksMs)
      const why = await piper.speak(sentence, language, join(dir, language), bound).then(
        () => null,
        (error: unknown) => lastLine(error),
      )
      if (why !== null)
        wrong.push(`Piper does not speak with ${folder}/${language}.onnx, so espeak-ng does: ${why}`)
    }
    return wrong
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Of a program that fails Node gives its command, then what it has written; the last line of that says most. */
function lastLine(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.at(-1) ?? 'it ended with an error'
}
