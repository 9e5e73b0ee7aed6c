import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import type { DryRun, DryRunRequest } from '../../../../http/configuration/wire.ts'
import { api } from '../../../shared/server/api.ts'

/** While somebody types, the last answer stays. */
const settleMs = 200

/** A caller's way; `document` null: under the version in force. `order` null: nothing is asked. */
export function useDryRun(order: DryRunRequest | null, document: Configuration | null) {
  const asked = JSON.stringify({ ...order, ...(document === null ? {} : { document }) })
  const [settled, setSettled] = useState(asked)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), settleMs)
    return () => clearTimeout(timer)
  }, [asked])
  return useQuery({
    queryKey: ['configuration', 'dry-run', settled],
    queryFn: () => api<DryRun>('POST', '/configuration/dry-run', JSON.parse(settled)),
    enabled: order !== null && settled === asked,
    placeholderData: keepPreviousData,
    // Days may be declared closed meanwhile.
    staleTime: 10_000,
  })
}
