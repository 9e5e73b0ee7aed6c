/** The interpreters among the contacts, each with the name of the language, in the language of the screen. */
import type { ContactItem } from '../../../http/contacts/wire.ts'
import { languageName } from '../../shared/language-name.ts'

export interface Interpreter {
  readonly id: string
  readonly name: string
  readonly language: string
}

/** By language, then by name. */
export function interpretersIn(contacts: readonly ContactItem[], screen: string): readonly Interpreter[] {
  return contacts
    .flatMap(({ id, name, language }) =>
      language === null ? [] : [{ id, name, language: languageName(language, screen) }],
    )
    .sort((a, b) => a.language.localeCompare(b.language, screen) || a.name.localeCompare(b.name, screen))
}
