import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { MyAgreement } from '../../http/agreement/wire.ts'
import { api, onProblem } from '../shared/server/api.ts'

/** The confidentiality agreement of the signed-in person, with its signature if there is one. */
const agreementQuery = queryOptions({
  queryKey: ['agreement'],
  queryFn: () => api<MyAgreement>('GET', '/me/agreement'),
  staleTime: 60_000,
})

/** A text published during the day is fetched as soon as the server rejects a request because of it. */
export function useAgreement() {
  const queries = useQueryClient()
  useEffect(
    () =>
      onProblem(({ code }) => {
        if (code === 'agreement-unsigned') void queries.invalidateQueries(agreementQuery)
      }),
    [queries],
  )
  return useQuery(agreementQuery)
}

/** Caches the agreement from the server's response; null refetches it, because the text has changed. */
export function useKeepAgreement(): (agreement: MyAgreement | null) => void {
  const queries = useQueryClient()
  return (agreement) => {
    if (agreement === null) void queries.invalidateQueries(agreementQuery)
    else queries.setQueryData(agreementQuery.queryKey, agreement)
  }
}
