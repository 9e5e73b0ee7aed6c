/** The prompts of a node, besides their register: files, their preparation, and recordings by telephone. */
import type { Logger } from 'pino'
import type { Millis } from '../../core/ids.ts'
import { promptTexts } from '../config/prompts.ts'
import { textsDirIn } from '../config/text-sounds.ts'
import { DictationFiles, sweepDictations } from './dictations.ts'
import { preparePrompt } from './prepare-prompt.ts'
import { PromptFiles } from './prompt-files.ts'

interface PromptsOptions {
  readonly soundsDir: string
  readonly etcDir: string
  readonly now: () => Millis
  readonly log: Logger
}

export async function openPrompts({ soundsDir, etcDir, now, log }: PromptsOptions) {
  const texts = await promptTexts()
  const files = new PromptFiles({ fixed: soundsDir, texts: textsDirIn(etcDir) }, log)
  await files
    .open()
    .catch((err: unknown) => log.warn({ err }, 'the recorded prompts of this node were not read'))
  const dictations = new DictationFiles(soundsDir, now)
  const stop = sweepDictations(dictations, (err) =>
    log.warn({ err }, 'recordings by telephone were not deleted in time'),
  )
  const made = (prompt: string) => files.made(prompt)
  return { texts, files, sounds: { texts, made, prepare: preparePrompt }, dictations, stop }
}
