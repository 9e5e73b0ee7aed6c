/** The texts of the screens, as the browser has them. */
import { createInstance, type TFunction } from 'i18next'
import { en } from '../../src/ui/i18n/en/index.ts'
import { addFormats } from '../../src/ui/i18n/formats.ts'
import { ro } from '../../src/ui/i18n/ro/index.ts'

export const languages = ['ro', 'en'] as const

export async function textsIn(language: (typeof languages)[number]): Promise<TFunction> {
  const own = createInstance()
  const texts = await own.init({
    lng: language,
    resources: { ro: { translation: ro }, en: { translation: en } },
    interpolation: { escapeValue: false },
  })
  addFormats(own)
  return texts
}
