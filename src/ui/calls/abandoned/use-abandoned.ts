/** Callers who left a queue without an answer, for agents of their queues and for supervisors. */
import { useQuery } from '@tanstack/react-query'
import type { AbandonedCalls } from '../../../http/calls/wire.ts'
import { api } from '../../shared/server/api.ts'

const everyMs = 20_000

export function useAbandonedCalls() {
  return useQuery({
    queryKey: ['calls', 'abandoned'],
    queryFn: () => api<AbandonedCalls>('GET', '/calls/abandoned'),
    refetchInterval: everyMs,
  })
}
