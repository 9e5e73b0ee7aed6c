/** Sending the caller on: the open panel, its targets, the command. */
import { useQuery } from '@tanstack/react-query'
import type { TransferTargets } from '../../../http/transfer/wire.ts'
import { api } from '../../shared/server/api.ts'
import { createStore } from '../../shared/store.ts'

/** The offer of the conversation whose panel is open; null: it is closed. Another conversation does not inherit it. */
export const transferPanel = createStore<string | null>(null)
export const closePanel = (): void => transferPanel.set(null)
export const togglePanel = (offer: string | null): void =>
  transferPanel.set(transferPanel.get() === offer ? null : offer)

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
