import type { ReactNode } from 'react'
import type { Words } from '../../../../core/announcements/own-words.ts'
import type { FurtherLanguage } from '../../../../core/configuration/menu.ts'
import type { Faults } from '../faults.ts'
import { LanguageField } from './language-field.tsx'

interface TextFieldsProps {
  /** Its place in the document, `numbers[0].says.greeting`. */
  readonly at: string
  readonly words: Words
  readonly maxLength: number
  /** The languages beside Romanian and English. */
  readonly further?: readonly FurtherLanguage[]
  readonly hint?: string | undefined
  readonly hintOther: string
  /** Below the Romanian text. */
  readonly caution?: ReactNode
  readonly faults: Faults
  readonly change: (words: Words) => void
}

/** The city's own words in each language, with their sounds. */
export function TextFields(props: TextFieldsProps) {
  const { at, words, maxLength, further = [], hint, hintOther, caution, faults, change } = props
  const of = { words, at, maxLength, faults, change }
  const others = (['en', ...further] as const).filter(
    (language) => words.ro.trim() !== '' || words[language] !== undefined,
  )
  return (
    <>
      <LanguageField {...of} language="ro" hint={hint} />
      {caution}
      {others.map((language) => (
        <LanguageField {...of} key={language} language={language} hint={hintOther} />
      ))}
    </>
  )
}
