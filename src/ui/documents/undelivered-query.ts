import { queryOptions } from '@tanstack/react-query'
import type { Me } from '../../http/session/wire.ts'
import type { UndeliveredList } from '../../http/documents/wire.ts'
import { api } from '../shared/server/api.ts'

/** What has not reached the document system; looked at again by itself, for nobody is told when it arrives. */
export const undeliveredQuery = queryOptions({
  queryKey: ['documents', 'undelivered'],
  queryFn: () => api<UndeliveredList>('GET', '/documents/undelivered'),
  refetchInterval: 15_000,
})

export const keepsDocuments = (me: Me): boolean =>
  me.roles.some((role) => role === 'supervisor' || role === 'administrator')
