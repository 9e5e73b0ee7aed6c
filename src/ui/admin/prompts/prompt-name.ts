import type { TFunction } from 'i18next'
import { isFixedPrompt, isMusic, isQueueMusic, lineMusic } from '../../../core/prompts/recordable.ts'
import type { PromptItem } from '../../../http/prompts/wire.ts'

/** Of a fixed prompt and the line's music its name; of a text where it is heard, if it is. */
export function promptName({ prompt, heardIn, language }: PromptItem, t: TFunction): string {
  if (isFixedPrompt(prompt)) return t(`prompts.names.${prompt}`)
  if (prompt === lineMusic) return t('prompts.music.line')
  if (isMusic(prompt) && heardIn.length === 0) return t('prompts.queueMusic.unused')
  if (heardIn.length === 0) return t('prompts.unused')
  const places = heardIn.map(({ place, name, nth }) => t(`prompts.places.${place}`, { name, nth })).join('; ')
  return language === 'ro' ? places : t('prompts.inLanguage', { places, language })
}

/** The words of a sentence or a text, of the line's music, or of a queue's. */
export function wordsOf(prompt: PromptItem['prompt']) {
  if (isQueueMusic(prompt)) return 'prompts.queueMusic'
  return isMusic(prompt) ? 'prompts.music' : 'prompts'
}
