import { useQuery } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { QueueItem, QueueList } from '../../../http/queues/wire.ts'
import { api } from './api.ts'

export function useQueues(): readonly QueueItem[] {
  const { data = [] } = useQuery({
    queryKey: ['queues'],
    queryFn: async () => (await api<Static<typeof QueueList>>('GET', '/queues')).items,
    staleTime: 600_000,
  })
  return data
}

/** Maps queue ids to names. An unknown id is shown as it is. */
export function useQueueName(): (id: string | null) => string | null {
  const queues = useQueues()
  return (id) => queues.find((queue) => queue.id === id)?.name ?? id
}
