import { useQuery } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { QueueList } from '../../../http/queues/wire.ts'
import { api } from './api.ts'

/** Maps queue ids to names. An unknown id is shown as it is. */
export function useQueueName(): (id: string | null) => string | null {
  const { data } = useQuery({
    queryKey: ['queues'],
    queryFn: async () => (await api<Static<typeof QueueList>>('GET', '/queues')).items,
    staleTime: 600_000,
  })
  return (id) => data?.find((queue) => queue.id === id)?.name ?? id
}
