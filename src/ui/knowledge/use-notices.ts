import { useQuery } from '@tanstack/react-query'
import type { Notice } from '../../http/knowledge/wire.ts'
import { api } from '../shared/server/api.ts'

const askEveryMs = 60_000

/** What agents are told today; with `upcoming` also what they will be told. */
export function useNotices(upcoming = false) {
  return useQuery({
    queryKey: ['notices', upcoming],
    queryFn: async () =>
      (await api<{ items: Notice[] }>('GET', upcoming ? '/notices?upcoming=true' : '/notices')).items,
    refetchInterval: askEveryMs,
  })
}
