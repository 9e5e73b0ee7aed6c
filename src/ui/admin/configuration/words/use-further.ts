import { useState } from 'react'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import type { FurtherLanguage } from '../../../../core/configuration/menu.ts'
import { furtherIn } from './languages.ts'

/** The languages that have a field: those of the document, and those that were asked for. A field stays while its text is empty. */
export function useFurther(document: Configuration): {
  readonly further: readonly FurtherLanguage[]
  /** Asked for last; null: none was. */
  readonly added: FurtherLanguage | null
  readonly add: (language: FurtherLanguage) => void
} {
  const [asked, ask] = useState(() => furtherIn(document))
  const [added, setAdded] = useState<FurtherLanguage | null>(null)
  const further = [...asked, ...furtherIn(document).filter((language) => !asked.includes(language))]
  const add = (language: FurtherLanguage): void => {
    ask([...further, language])
    setAdded(language)
  }
  return { further, added, add }
}
