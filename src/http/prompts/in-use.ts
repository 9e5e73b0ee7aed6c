/** The fixed prompts, the waiting music of the line and its queues, and the texts that callers may hear now. */
import type { Language } from '../../core/configuration/menu.ts'
import { recordableTexts, type HeardIn } from '../../core/prompts/recordable-texts.ts'
import { QueueId } from '../../core/ids.ts'
import { musicBounds } from '../../core/prompts/prompt-sound.ts'
import {
  lineMusic,
  musicOf,
  promptSecondsOf,
  recordablePrompts,
  type PromptName,
} from '../../core/prompts/recordable.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { heldCallerNotices } from '../../people/caller-notices/caller-notices.ts'

/** `music`: of a queue. */
type Place = Omit<HeardIn, 'place'> & { readonly place: HeardIn['place'] | 'music' }

export interface PromptInUse {
  readonly prompt: PromptName
  readonly text: string
  readonly language: Language
  /** Empty: a fixed prompt, or the line's music. */
  readonly heardIn: readonly Place[]
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
  const ofQueues = document.queues.map(({ id, name }): PromptInUse => ({
    ...music,
    prompt: musicOf(QueueId(id)),
    heardIn: [{ place: 'music', name, nth: null }],
  }))
  const own = recordableTexts(document, await heldCallerNotices(db))
  return [...fixed, music, ...ofQueues, ...own.map(({ sound, ...text }) => ({ prompt: sound, ...text }))]
}
