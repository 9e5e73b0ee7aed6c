import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import type { Me } from '../../../http/session/wire.ts'
import { callIsUp } from '../call-in-page.ts'
import { api, Problem } from './api.ts'

/** The signed-in account; null when there is none. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await api<Me>('GET', '/me')
    } catch (error) {
      // Without a session the screens become the sign-in, and the phone goes with them. During a citizen's call the
      // last answer stays, and the session's watch decides when the page leaves (`shell/ended-session.ts`).
      if (error instanceof Problem && error.status === 401 && !callIsUp()) return null
      throw error
    }
  },
  staleTime: 60_000,
})

/** The signed-in account, for pages that require one. */
export function useMe(): Me {
  const { data: me } = useSuspenseQuery(meQuery)
  if (me === null) throw new Problem(401, 'not-signed-in', '')
  return me
}

export const isAgent = (me: Me): boolean => me.roles.includes('agent')
export const isSupervisor = (me: Me): boolean => me.roles.includes('supervisor')
/** An administrator manages accounts and has no other role. */
export const isAdministrator = (me: Me): boolean => me.roles.includes('administrator')
export const isAuditor = (me: Me): boolean => me.roles.includes('auditor')

export const isEditor = (me: Me): boolean => me.roles.includes('editor')
/** Everybody except administrators, who manage accounts and settings and see no city data. */
export const readsArticles = (me: Me): boolean => me.roles.some((role) => role !== 'administrator')
/** Neither editors, who write articles, nor administrators. */
export const readsCalls = (me: Me): boolean =>
  me.roles.some((role) => role !== 'editor' && role !== 'administrator')

/** The start page of each role. */
export function homeOf(me: Me): string {
  if (isAgent(me)) return '/desk'
  if (isSupervisor(me)) return '/board'
  if (isAdministrator(me)) return '/accounts'
  if (isAuditor(me)) return '/journal'
  return isEditor(me) ? '/papers' : '/calls'
}
