import { useQuery } from '@tanstack/react-query'
import type { Notice } from '../../http/knowledge/wire.ts'
import { api } from '../shared/server/api.ts'

const askEveryMs = 60_000

/** The notices of today; with `upcoming` also the future ones. */
export function useNotices(upcoming = false) {
  return useQuery({
    queryKey: ['notices', upcoming],
    queryFn: async () =>
      (await api<{ items: Notice[] }>('GET', upcoming ? '/notices?upcoming=true' : '/notices')).items,
    refetchInterval: askEveryMs,
  })
}
