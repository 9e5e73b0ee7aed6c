import { queryOptions } from '@tanstack/react-query'
import type { Me } from '../../http/session/wire.ts'
import type { UndeliveredList } from '../../http/documents/wire.ts'
import { api } from '../shared/server/api.ts'

/**
 * The messages that have not reached the document system. Polled, because the feed has no event for a delivery.
 */
export const undeliveredQuery = queryOptions({
  queryKey: ['documents', 'undelivered'],
  queryFn: () => api<UndeliveredList>('GET', '/documents/undelivered'),
  refetchInterval: 15_000,
})

export const keepsDocuments = (me: Me): boolean =>
  me.roles.some((role) => role === 'supervisor' || role === 'administrator')
