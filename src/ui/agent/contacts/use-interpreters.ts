import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { interpretersIn, type Interpreter } from './interpreters.ts'
import { useContacts } from './use-contacts.ts'

/** `ofCaller`: the language that the caller has chosen. */
export function useInterpreters(ofCaller: string | null = null): readonly Interpreter[] {
  const { i18n } = useTranslation()
  const contacts = useContacts()
  return useMemo(() => interpretersIn(contacts, i18n.language, ofCaller), [contacts, i18n.language, ofCaller])
}
