import { queryOptions } from '@tanstack/react-query'
import type { OpenProposals } from '../../http/accounts/wire.ts'
import { api } from '../shared/server/api.ts'

/** Resets that wait for a supervisor's confirmation. Polled, because the feed has no event for accounts. */
export const resetsQuery = queryOptions({
  queryKey: ['accounts', 'resets'],
  queryFn: async () => (await api<OpenProposals>('GET', '/account-proposals')).items,
  refetchInterval: 30_000,
})
