/** Unusual looks and stated reasons, for supervisors and the auditor. */
import { useQuery } from '@tanstack/react-query'
import type { AccessAlerts, StatedReasons } from '../../http/access/wire.ts'
import { api } from '../shared/server/api.ts'

const againEveryMs = 30_000

export function useAccessAlerts() {
  return useQuery({
    queryKey: ['access', 'alerts'],
    queryFn: () => api<AccessAlerts>('GET', '/access/alerts'),
    refetchInterval: againEveryMs,
  })
}

export function useStatedReasons() {
  return useQuery({
    queryKey: ['access', 'reasons'],
    queryFn: () => api<StatedReasons>('GET', '/access/reasons'),
    // Reading them is an access on record, so nothing refetches by itself.
    staleTime: Number.POSITIVE_INFINITY,
  })
}
