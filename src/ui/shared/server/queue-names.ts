import { useQuery } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { QueueList } from '../../../http/queues/wire.ts'
import { api } from './api.ts'

/** The ledger keeps queues by id; people read names. An id that is no longer known stands for itself. */
export function useQueueName(): (id: string | null) => string | null {
  const { data } = useQuery({
    queryKey: ['queues'],
    queryFn: async () => (await api<Static<typeof QueueList>>('GET', '/queues')).items,
    staleTime: 600_000,
  })
  return (id) => data?.find((queue) => queue.id === id)?.name ?? id
}
