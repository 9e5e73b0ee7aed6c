/** Romanian by default, English as the alternative. The choice is stored in this browser. */
import { changeLanguage, use as useWith } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en/index.ts'
import { ro } from './ro/index.ts'

export const languages = ['ro', 'en'] as const
export type Language = (typeof languages)[number]

const kept = 'linia.language'

export async function startLanguages(): Promise<void> {
  const language = localStorage.getItem(kept) === 'en' ? 'en' : 'ro'
  await useWith(initReactI18next).init({
    resources: { ro: { translation: ro }, en: { translation: en } },
    lng: language,
    fallbackLng: 'ro',
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = language
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(kept, language)
  document.documentElement.lang = language
  await changeLanguage(language)
}
