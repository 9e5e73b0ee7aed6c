import type { TFunction } from 'i18next'
import { isFixedPrompt, isMusic } from '../../../core/prompts/recordable.ts'
import type { PromptItem } from '../../../http/prompts/wire.ts'

/** Of a fixed prompt and the music its name; of a text where it is heard, if it is. */
export function promptName({ prompt, heardIn, language }: PromptItem, t: TFunction): string {
  if (isFixedPrompt(prompt)) return t(`prompts.names.${prompt}`)
  if (isMusic(prompt)) return t('prompts.music.line')
  if (heardIn.length === 0) return t('prompts.unused')
  const places = heardIn.map(({ place, name, nth }) => t(`prompts.places.${place}`, { name, nth })).join('; ')
  return language === 'en' ? t('prompts.inEnglish', { places }) : places
}
