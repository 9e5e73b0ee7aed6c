/** The outside systems, and tests of them. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import type { Connections, ConnectionTest, TriedConnectionName } from '../../../http/connections/wire.ts'
import { api } from '../../shared/server/api.ts'

/** Polled: the feed has no event for a system outside. */
export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: () => api<Connections>('GET', '/connections'),
  refetchInterval: 5_000,
})

/** Rejects with a `Problem`. */
export function useConnectionTest(): (id: TriedConnectionName) => Promise<ConnectionTest> {
  const queries = useQueryClient()
  return async (id) => {
    try {
      return await api<ConnectionTest>('POST', `/connections/${id}/test`)
    } finally {
      await queries.invalidateQueries({ queryKey: connectionsQuery.queryKey })
    }
  }
}
