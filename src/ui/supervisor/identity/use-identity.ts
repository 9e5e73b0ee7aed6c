/** Locked telephone channels and alerts, for supervisors. */
import { useQuery } from '@tanstack/react-query'
import type { AlertList, LockList } from '../../../http/identity/wire.ts'
import { api } from '../../shared/server/api.ts'

const againEveryMs = 15_000

export function useLocks() {
  return useQuery({
    queryKey: ['identity', 'locks'],
    queryFn: () => api<LockList>('GET', '/identity/locks'),
    refetchInterval: againEveryMs,
  })
}

export function useAlerts() {
  return useQuery({
    queryKey: ['identity', 'alerts'],
    queryFn: () => api<AlertList>('GET', '/identity/alerts'),
    refetchInterval: againEveryMs,
  })
}
