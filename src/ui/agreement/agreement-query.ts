import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { MyAgreement } from '../../http/agreement/wire.ts'
import { api, onProblem } from '../shared/server/api.ts'

/** The confidentiality agreement as this person is to sign it, or has signed it. */
const agreementQuery = queryOptions({
  queryKey: ['agreement'],
  queryFn: () => api<MyAgreement>('GET', '/me/agreement'),
  staleTime: 60_000,
})

/** A text that is published while people work is asked for as soon as the server refuses somebody for it. */
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

/** What was signed, or the newer text that has to be read instead. */
export function useKeepAgreement(): (agreement: MyAgreement | null) => void {
  const queries = useQueryClient()
  return (agreement) => {
    if (agreement === null) void queries.invalidateQueries(agreementQuery)
    else queries.setQueryData(agreementQuery.queryKey, agreement)
  }
}
