/** Departments and interpreters outside the contact centre, as the register has them. */
import { useQuery } from '@tanstack/react-query'
import type { ContactItem, ContactList } from '../../../http/contacts/wire.ts'
import { api } from '../../shared/server/api.ts'

const none: readonly ContactItem[] = []
/** A contact that was added or closed is on the desk by then. */
const followEveryMs = 60_000

export function useContacts(): readonly ContactItem[] {
  const { data = none } = useQuery({
    queryKey: ['contacts'],
    queryFn: async () => (await api<ContactList>('GET', '/contacts')).items,
    refetchInterval: followEveryMs,
  })
  return data
}
