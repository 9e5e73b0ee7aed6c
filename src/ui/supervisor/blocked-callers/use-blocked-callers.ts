/** Blocked callers, for supervisors. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { BlockCaller, BlockedCallers } from '../../../http/blocked-callers/wire.ts'
import { api } from '../../shared/server/api.ts'

const queryKey = ['blocked callers']

export function useBlockedCallers() {
  return useQuery({ queryKey, queryFn: () => api<BlockedCallers>('GET', '/blocked-callers') })
}

/** Both reject with a `Problem`. */
export function useBlocking() {
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey })
  return {
    block: async (block: BlockCaller): Promise<void> => {
      await api('POST', '/blocked-callers', block)
      await again()
    },
    unblock: async (id: number): Promise<void> => {
      try {
        await api('DELETE', `/blocked-callers/${id}`)
      } finally {
        // Also of one that has ended meanwhile, by a colleague or by itself.
        await again()
      }
    },
  }
}
