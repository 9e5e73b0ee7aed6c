import { useQuery } from '@tanstack/react-query'
import type { LineNow } from '../../../http/queues/wire.ts'
import { api } from '../../shared/server/api.ts'

/** A node answers from its memory. */
const askEveryMs = 5_000

export function useLineNow() {
  return useQuery({
    queryKey: ['line now'],
    queryFn: () => api<LineNow>('GET', '/line'),
    refetchInterval: askEveryMs,
  })
}
