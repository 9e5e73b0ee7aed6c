import { useQuery } from '@tanstack/react-query'
import type { JournalAccounts } from '../../http/journal/wire.ts'
import { api } from '../shared/server/api.ts'

/** The accounts that the access log can be queried for, closed ones included. */
export function useJournalAccounts() {
  return useQuery({
    queryKey: ['journal', 'accounts'],
    queryFn: () => api<JournalAccounts>('GET', '/journal/accounts'),
  })
}
