/** The fixed prompts, the waiting music, and the texts that callers may hear now. */
import type { Language } from '../../core/configuration/menu.ts'
import { recordableTexts, type HeardIn } from '../../core/prompts/recordable-texts.ts'
import { musicBounds } from '../../core/prompts/prompt-sound.ts'
import {
  lineMusic,
  promptSecondsOf,
  recordablePrompts,
  type PromptName,
} from '../../core/prompts/recordable.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { heldCallerNotices } from '../../people/caller-notices/caller-notices.ts'

export interface PromptInUse {
  readonly prompt: PromptName
  readonly text: string
  readonly language: Language
  /** Empty: a fixed prompt, or the line's music. */
  readonly heardIn: readonly HeardIn[]
  readonly secondsMax: number
}

/** `texts`: of the fixed prompts. */
export async function promptsInUse(
  db: Database,
  texts: Readonly<Record<string, string>>,
): Promise<readonly PromptInUse[]> {
  const fixed = recordablePrompts.map((prompt): PromptInUse => {
    const secondsMax = promptSecondsOf[prompt]
    return { prompt, text: texts[prompt] ?? '', language: 'ro', heardIn: [], secondsMax }
  })
  const music: PromptInUse = {
    prompt: lineMusic,
    text: '',
    language: 'ro',
    heardIn: [],
    secondsMax: musicBounds.secondsMax,
  }
  const { document } = await newestConfiguration(db)
  const own = recordableTexts(document, await heldCallerNotices(db))
  return [...fixed, music, ...own.map(({ sound, ...text }) => ({ prompt: sound, ...text }))]
}
