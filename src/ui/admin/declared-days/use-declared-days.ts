/** Public holidays and declared days. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type { DayDetail, DeclareDay, DeclaredDays } from '../../../http/declared-days/wire.ts'
import { api } from '../../shared/server/api.ts'

const queryKey = ['declared days']
// Another administrator's declaration is noticed while this page is open.
const refetchInterval = 30_000

export const declaredDaysQuery = queryOptions({
  queryKey,
  queryFn: () => api<DeclaredDays>('GET', '/declared-days'),
  refetchInterval,
})

/** @param date Null: none is chosen. */
export const useDay = (date: string | null) =>
  useQuery({
    queryKey: [...queryKey, date],
    queryFn: () => api<DayDetail>('GET', `/declared-days/${date ?? ''}`),
    enabled: date !== null,
    refetchInterval,
  })

/** Rejects with a `Problem`, and reads the days again then as well: somebody else may have declared the day. */
export function useDeclaring() {
  const queries = useQueryClient()
  return async (date: string, declaration: DeclareDay): Promise<void> => {
    try {
      await api('PUT', `/declared-days/${date}`, declaration)
    } finally {
      await queries.invalidateQueries({ queryKey })
    }
  }
}
