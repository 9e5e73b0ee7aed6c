/** Receivers of webhooks, for administrators. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import type {
  AddedWebhookReceiver,
  NewWebhookReceiver,
  WebhookReceiver,
  WebhookReceiverChange,
  WebhookReceivers,
  WebhookSecret,
} from '../../../http/webhooks/wire.ts'
import { api } from '../../shared/server/api.ts'

/** A secret that was just made, with the name of its receiver. */
export interface MadeSecret {
  readonly name: string
  readonly secret: string
}

/** How late a receiver is changes by itself. */
const againEveryMs = 10_000

export const receiversQuery = queryOptions({
  queryKey: ['webhook receivers'],
  queryFn: () => api<WebhookReceivers>('GET', '/webhook-receivers'),
  refetchInterval: againEveryMs,
})

type Seen = Pick<WebhookReceiver, 'id' | 'version'>

const at = (id: string, rest = ''): string => `/webhook-receivers/${encodeURIComponent(id)}${rest}`

/** All reject with a `Problem`, and read the list again: of a refused change, too, which somebody else may have made before. */
export function useReceiverChanges() {
  const queries = useQueryClient()
  async function then<Answer>(work: Promise<Answer>): Promise<Answer> {
    try {
      return await work
    } finally {
      await queries.invalidateQueries(receiversQuery)
    }
  }
  return {
    add: (receiver: NewWebhookReceiver) =>
      then(api<AddedWebhookReceiver>('POST', '/webhook-receivers', receiver)),
    change: (id: string, change: WebhookReceiverChange) => then(api('PUT', at(id), change)),
    renewSecret: ({ id, version }: Seen, reason: string) =>
      then(api<WebhookSecret>('POST', at(id, '/secret'), { version, reason })),
    end: ({ id, version }: Seen, reason: string) => then(api('POST', at(id, '/end'), { version, reason })),
  }
}
