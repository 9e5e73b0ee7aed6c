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
  const known = contacts
    .flatMap(({ id, name, language: code }) =>
      code === null ? [] : [{ id, name, code, language: languageName(code, screen) }],
    )
    .sort((a, b) => a.language.localeCompare(b.language, screen) || a.name.localeCompare(b.name, screen))
  const isOfCaller = ({ code }: { readonly code: string }): boolean => code === ofCaller
  return [...known.filter(isOfCaller), ...known.filter((one) => !isOfCaller(one))].map(
    ({ id, name, language }) => ({ id, name, language }),
  )
}
