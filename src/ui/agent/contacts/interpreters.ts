/** The interpreters among the contacts, each with the name of the language, in the language of the screen. */
import type { ContactItem } from '../../../http/contacts/wire.ts'
import { languageName } from '../../shared/language-name.ts'

export interface Interpreter {
  readonly id: string
  readonly name: string
  readonly language: string
}

/** Those of the caller's language first; the others by language, then by name. */
export function interpretersIn(
  contacts: readonly ContactItem[],
  screen: string,
  ofCaller: string | null = null,
): readonly Interpreter[] {
  const first = ofCaller === null ? null : languageName(ofCaller, screen)
  const isFirst = ({ language }: Interpreter): number => Number(language === first)
  return contacts
    .flatMap(({ id, name, language }) =>
      language === null ? [] : [{ id, name, language: languageName(language, screen) }],
    )
    .sort(
      (a, b) =>
        isFirst(b) - isFirst(a) ||
        a.language.localeCompare(b.language, screen) ||
        a.name.localeCompare(b.name, screen),
    )
}
