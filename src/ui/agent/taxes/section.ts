/**
 * The sections of the account on the desk. Each is fetched when it is opened, which goes on record, and removed
 * at the end of the call.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { completeList } from '../../../core/complete-list.ts'
import type { TaxSection } from '../../../http/taxes/wire.ts'
import { api } from '../../shared/server/api.ts'

/** In the order of the tabs: what callers ask for most stands beside the objects, which open first. */
export const sectionNames = completeList<TaxSection['section']>()([
  'objects',
  'due',
  'paid',
  'shares',
  'reductions',
])
export type SectionName = (typeof sectionNames)[number]
export type SectionOf<Name extends SectionName> = Extract<TaxSection, { section: Name }>

/** The account of one verified person in one call. */
export interface Opened {
  readonly callId: string
  readonly handle: string
}

export function useSection<Name extends SectionName>({ callId, handle }: Opened, section: Name) {
  return useQuery({
    queryKey: ['taxes', callId, handle, section],
    queryFn: () => api<SectionOf<Name>>('GET', `/taxes/${encodeURIComponent(handle)}/${section}`),
    // Never refetched: each fetch is an access on record.
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
  })
}

/**
 * Removes the account from the cache when it leaves the screen: the call or the grant has ended, or another person of
 * the call is shown. Shown again, it is another look on record.
 */
export function useRemoveOnUnmount({ callId, handle }: Opened): void {
  const queries = useQueryClient()
  useEffect(
    () => () => {
      void queries.cancelQueries({ queryKey: ['taxes', callId, handle] })
      queries.removeQueries({ queryKey: ['taxes', callId, handle] })
    },
    [queries, callId, handle],
  )
}
