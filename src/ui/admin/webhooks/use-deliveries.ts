/** The log of deliveries to receivers of webhooks, and replays. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { WebhookDeliveries, WebhookReplayed } from '../../../http/webhooks/wire.ts'
import { api } from '../../shared/server/api.ts'
import { receiversQuery } from './use-receivers.ts'

const name = 'webhook deliveries'
const againEveryMs = 10_000

/** An empty text: all. */
export function useDeliveries({
  receiver,
  outcome,
}: {
  readonly receiver: string
  readonly outcome: string
}) {
  return useInfiniteQuery({
    queryKey: [name, receiver, outcome],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams()
      if (receiver !== '') query.set('receiver', receiver)
      if (outcome !== '') query.set('outcome', outcome)
      if (pageParam !== null) query.set('before', String(pageParam))
      return api<WebhookDeliveries>('GET', `/webhook-deliveries?${query.toString()}`)
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: againEveryMs,
  })
}

/** Both reject with a `Problem`. */
export function useReplays() {
  const queries = useQueryClient()
  const again = async () => {
    await queries.invalidateQueries({ queryKey: [name] })
    await queries.invalidateQueries(receiversQuery)
  }
  return {
    replay: async (delivery: number): Promise<void> => {
      await api('POST', `/webhook-deliveries/${delivery}/replay`)
      await again()
    },
    replayFailed: async (receiver: string, since: string): Promise<WebhookReplayed> => {
      const path = `/webhook-receivers/${encodeURIComponent(receiver)}/replay`
      const replayed = await api<WebhookReplayed>('POST', path, { since })
      await again()
      return replayed
    },
  }
}
