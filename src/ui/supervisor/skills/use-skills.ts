/** The skills of agents, and their versions. */
import { queryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { SetSkills, SkillMatrix, SkillVersions } from '../../../http/skills/wire.ts'
import { api } from '../../shared/server/api.ts'

export const skillsQuery = queryOptions({
  queryKey: ['skills'],
  queryFn: () => api<SkillMatrix>('GET', '/skills'),
  // A change by somebody else is noticed while this page is open.
  refetchInterval: 15_000,
})

const versionsKey = ['skill versions']
const pageSize = 20

/** Newest first, page by page. */
export const useSkillVersions = (agent: string) =>
  useInfiniteQuery({
    queryKey: [...versionsKey, agent],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ agent, limit: String(pageSize) })
      if (pageParam !== null) query.set('before', String(pageParam))
      return api<SkillVersions>('GET', `/skills/versions?${query}`)
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  })

/** Rejects with a `Problem`; the matrix is read anew then. */
export function useSetSkills(): {
  readonly set: (change: SetSkills) => Promise<void>
  readonly refetch: () => Promise<SkillMatrix>
} {
  const queries = useQueryClient()
  return {
    set: async (change) => {
      const matrix = await api<SkillMatrix>('PUT', '/skills', change)
      queries.setQueryData(skillsQuery.queryKey, matrix)
      await queries.invalidateQueries({ queryKey: versionsKey })
    },
    refetch: () => {
      void queries.invalidateQueries({ queryKey: versionsKey })
      return queries.fetchQuery({ ...skillsQuery, staleTime: 0 })
    },
  }
}
