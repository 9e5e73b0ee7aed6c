/** Romanian by default, English as the alternative. The choice is stored in this browser. */
import i18next, { changeLanguage, use as useWith } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { addFormats } from './formats.ts'
import { ro } from './ro/index.ts'

export const languages = ['ro', 'en'] as const
export type Language = (typeof languages)[number]

const kept = 'linia.language'
const named = (language: string | null): Language => (language === 'en' ? 'en' : 'ro')

export async function startLanguages(): Promise<void> {
  const language = named(localStorage.getItem(kept))
  await useWith(initReactI18next).init({
    resources: { ro: { translation: ro } },
    lng: 'ro',
    fallbackLng: 'ro',
    interpolation: { escapeValue: false },
  })
  addFormats(i18next)
  if (language === 'en') await speak('en')
  // Chosen in another tab of this browser. Without its file this tab keeps its language.
  addEventListener('storage', ({ key, newValue }) => {
    if (key === kept) speak(named(newValue)).catch(() => undefined)
  })
}

/** False: the file of the language could not be fetched, and the present one stays, here and in the other tabs. */
export async function chooseLanguage(language: Language): Promise<boolean> {
  try {
    await speak(language)
  } catch {
    return false
  }
  localStorage.setItem(kept, language)
  return true
}

/** The language that was asked for last: English may still be loading when another is chosen. */
let wanted: Language = 'ro'

/** Loads English when it is first chosen: most browsers never need it. */
async function speak(language: Language): Promise<void> {
  wanted = language
  if (language === 'en') {
    const { en } = await import('./en/index.ts')
    i18next.addResourceBundle('en', 'translation', en)
  }
  if (wanted !== language) return
  await changeLanguage(language)
  document.documentElement.lang = language
}
