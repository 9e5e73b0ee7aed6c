/** Sending the caller on: the open panel, its targets, the command. */
import { useQuery } from '@tanstack/react-query'
import type { TransferTargets } from '../../../http/transfer/wire.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'

/** Whether the panel is open. */
export const transferPanel = createStore(false)
export const closePanel = (): void => transferPanel.set(false)

const followEveryMs = 2_000

/** Followed while the panel is open. */
export function useTransferTargets() {
  return useQuery({
    queryKey: ['transfer-targets'],
    queryFn: () => api<TransferTargets>('GET', '/me/transfer-targets'),
    refetchInterval: followEveryMs,
    gcTime: 0,
  })
}
