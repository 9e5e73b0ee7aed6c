import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import type { Me } from '../../../http/session/wire.ts'
import { api, Problem } from './api.ts'

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await api<Me>('GET', '/me')
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
})

/** For pages behind the sign-in, where somebody always is. */
export function useMe(): Me {
  const { data: me } = useSuspenseQuery(meQuery)
  if (me === null) throw new Problem(401, 'not-signed-in', '')
  return me
}

export const isAgent = (me: Me): boolean => me.roles.includes('agent')
export const isSupervisor = (me: Me): boolean => me.roles.includes('supervisor')
/** He hands out accounts, and has no other role. */
export const isAdministrator = (me: Me): boolean => me.roles.includes('administrator')
export const isAuditor = (me: Me): boolean => me.roles.includes('auditor')

export const isEditor = (me: Me): boolean => me.roles.includes('editor')
/** An administrator looks after people and settings, and sees nothing of the city's. */
export const readsArticles = (me: Me): boolean => me.roles.some((role) => role !== 'administrator')
/** Neither for an editor, who writes what the city asks for, nor for an administrator. */
export const readsCalls = (me: Me): boolean =>
  me.roles.some((role) => role !== 'editor' && role !== 'administrator')

/** Where each role's day begins. */
export function homeOf(me: Me): string {
  if (isAgent(me)) return '/desk'
  if (isSupervisor(me)) return '/board'
  if (isAdministrator(me)) return '/accounts'
  if (isAuditor(me)) return '/journal'
  return isEditor(me) ? '/papers' : '/calls'
}
