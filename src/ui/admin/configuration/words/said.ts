/** A number's own words, as the page changes and tells them. */
import type { TFunction } from 'i18next'
import type { Words } from '../../../../core/announcements/own-words.ts'
import type { NumberSetting } from '../../../../core/configuration/schema.ts'
import { folded } from '../../../shared/folded.ts'
import { textsIn } from './languages.ts'

export const saids = ['greeting', 'closed'] as const
export type Said = (typeof saids)[number]

/** Empty ones are none: the fixed prompt is heard. */
export function withWords(number: NumberSetting, said: Said, words: Words): NumberSetting {
  const { says = {}, ...without } = number
  const { [said]: _before, ...others } = says
  const isEmpty = words.ro === '' && words.en === undefined
  const left = isEmpty ? others : { ...says, [said]: words }
  return Object.keys(left).length === 0 ? without : { ...without, says: left }
}

/** Callers have to be told; only a person can judge the words. */
export const seemsToTellOfRecording = (text: string): boolean => folded(text).includes('inregistr')

/** `„…”; în engleză: „…”` */
export const wordsText = (words: Words, t: TFunction): string => textsIn(words, t).join('; ')

/** The own announcements of a queue, in their order. */
export const textsText = (texts: readonly Words[], t: TFunction): string =>
  texts.map((words, index) => `${index + 1}: ${wordsText(words, t)}`).join('; ')

/** `Salutul numărului: „…”; …` */
export const saidText = (says: NonNullable<NumberSetting['says']>, t: TFunction): string =>
  saids
    .flatMap((said) => {
      const words = says[said]
      return words === undefined ? [] : [`${t(`configuration.says.${said}`)}: ${wordsText(words, t)}`]
    })
    .join('; ')

/** The field of a text: `numbers[0].says.greeting.ro`, `says.greeting` or `queues[0].announce.texts[1].ro`. Null: of no text. */
export function saidField(at: string, t: TFunction): string | null {
  const [, index, spoken] = /\bannounce\.texts\[(\d+)\]\.([a-z]{2})$/.exec(at) ?? []
  if (index !== undefined)
    return `${t('configuration.texts.nth', { nth: Number(index) + 1 })}, ${t('configuration.menu.says', { language: spoken })}`
  const [, part, language] = /\bsays(?:\.(greeting|closed)(?:\.(ro|en))?)?$/.exec(at) ?? []
  const said = saids.find((one) => one === part)
  if (said === undefined) return null
  const label = t(`configuration.says.${said}`)
  return language === undefined ? label : `${label}, ${t('configuration.menu.says', { language })}`
}
