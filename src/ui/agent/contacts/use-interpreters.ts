import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { interpretersIn, type Interpreter } from './interpreters.ts'
import { useContacts } from './use-contacts.ts'

export function useInterpreters(): readonly Interpreter[] {
  const { i18n } = useTranslation()
  const contacts = useContacts()
  return useMemo(() => interpretersIn(contacts, i18n.language), [contacts, i18n.language])
}
