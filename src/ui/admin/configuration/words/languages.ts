/** The languages in which a configuration has callers spoken to, beside Romanian and English. */
import type { TFunction } from 'i18next'
import {
  furtherLanguages,
  languages,
  type FurtherLanguage,
  type Language,
} from '../../../../core/configuration/menu.ts'
import type { Words } from '../../../../core/announcements/own-words.ts'
import type { Configuration } from '../../../../core/configuration/schema.ts'

/** Those of its texts and of its keys. */
export const furtherIn = ({ menus = [], queues }: Configuration): readonly FurtherLanguage[] => {
  const texts = [
    ...menus.map(({ says }) => says),
    ...queues.flatMap(({ announce }) => announce?.texts ?? []),
  ] as readonly Words[]
  const targets = menus.flatMap(({ keys }) => Object.values(keys))
  return furtherLanguages.filter(
    (language) =>
      texts.some((words) => words[language] !== undefined) ||
      targets.some((target) => 'language' in target && target.language === language),
  )
}

/** An empty text is none. */
export function withText<Said extends Words>(words: Said, language: Language, text: string): Said {
  const { [language]: _before, ...others } = words
  return (text === '' && language !== 'ro' ? others : { ...words, [language]: text }) as Said
}

/** `„…”`, then `în engleză: „…”` and so on. */
export const textsIn = (words: Words, t: TFunction): readonly string[] =>
  languages.flatMap((language) => {
    const text = words[language]
    if (text === undefined) return []
    return language === 'ro'
      ? t('configuration.menu.text', { text })
      : t('configuration.menu.textOf', { language, text })
  })
