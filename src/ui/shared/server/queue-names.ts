import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
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

/** Maps queue ids to names in the language of the screen. An unknown id is shown as it is. */
export function useQueueName(): (id: string | null) => string | null {
  const { i18n } = useTranslation()
  const queues = useQueues()
  return (id) => {
    const queue = queues.find((one) => one.id === id)
    return (i18n.language === 'ro' ? null : queue?.nameEn) ?? queue?.name ?? id
  }
}
