import { queryOptions } from '@tanstack/react-query'
import type { MyAccess } from '../../http/my-account/wire.ts'
import { api } from '../shared/server/api.ts'

export const accessQuery = queryOptions({
  queryKey: ['my-access'],
  queryFn: () => api<MyAccess>('GET', '/me/access'),
  staleTime: 0,
})

const toldForMs = 7 * 86_400_000
/** A page stays open for a whole shift. */
const askedEveryMs = 5 * 60_000

/** A recovery code was used so lately that its owner is still told on every page. */
function usedRecoveryCode({ recoveryUsedAt }: MyAccess, now: number): boolean {
  return recoveryUsedAt !== null && now - Date.parse(recoveryUsedAt) < toldForMs
}

export const recoveryUsedQuery = queryOptions({
  ...accessQuery,
  staleTime: askedEveryMs,
  refetchInterval: askedEveryMs,
  select: (access: MyAccess) => usedRecoveryCode(access, Date.now()),
})
