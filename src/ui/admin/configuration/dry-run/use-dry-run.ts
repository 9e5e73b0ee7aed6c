import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import type {
  DryRun,
  DryRunRequest,
  OutboundDryRun,
  OutboundDryRunRequest,
} from '../../../../http/configuration/wire.ts'
import { api } from '../../../shared/server/api.ts'

/** While somebody types, the last answer stays. */
const settleMs = 200

/** A caller's way; `document` null: under the version in force. `order` null: nothing is asked. */
export const useDryRun = (order: DryRunRequest | null, document: Configuration | null) =>
  useTried<DryRun>('dry-run', order, document).query

/** Whether an agent may call; undefined: there is no answer to this order yet. */
export function useOutboundDryRun(order: OutboundDryRunRequest | null, document: Configuration | null) {
  const { query, isSettled } = useTried<OutboundDryRun>('outbound-dry-run', order, document)
  const isAnswer = order !== null && isSettled && !query.isPlaceholderData
  return { ...query, data: isAnswer ? query.data : undefined }
}

function useTried<Answer>(way: string, order: object | null, document: Configuration | null) {
  const asked = JSON.stringify({ ...order, ...(document === null ? {} : { document }) })
  const [settled, setSettled] = useState(asked)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), settleMs)
    return () => clearTimeout(timer)
  }, [asked])
  const isSettled = settled === asked
  const query = useQuery({
    queryKey: ['configuration', way, settled],
    queryFn: () => api<Answer>('POST', `/configuration/${way}`, JSON.parse(settled)),
    enabled: order !== null && isSettled,
    placeholderData: keepPreviousData,
    // Days may be declared closed meanwhile.
    staleTime: 10_000,
  })
  return { query, isSettled }
}
