import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AccountItem, AccountPage, EmployerItem } from '../../http/accounts/wire.ts'
import { api } from '../shared/server/api.ts'

/** Fetches every page: an administrator looks for a name, not for a page. */
const accountsQuery = queryOptions({ queryKey: ['accounts'], queryFn: allAccounts })
const employersQuery = queryOptions({
  queryKey: ['employers'],
  queryFn: async () => (await api<{ items: EmployerItem[] }>('GET', '/employers')).items,
})

const pageSize = 500
const pagesMax = 20

async function allAccounts(): Promise<readonly AccountItem[]> {
  const all: AccountItem[] = []
  let query = `limit=${pageSize}`
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const { items, next } = await api<AccountPage>('GET', `/accounts?${query}`)
    all.push(...items)
    if (next === null) break
    query = `limit=${pageSize}&cursor=${encodeURIComponent(next)}`
  }
  return all
}

export const useAccounts = () => useQuery(accountsQuery)
export const useEmployers = () => useQuery(employersQuery)

/** Refetches accounts, employers and the history of the agreement after a change. */
export function useRefreshAccounts(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries(accountsQuery),
      queries.invalidateQueries(employersQuery),
      queries.invalidateQueries({ queryKey: ['agreement-history'] }),
    ])
  }
}
