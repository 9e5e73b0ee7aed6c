/** The version in force, earlier ones, and the publication of a new one. */
import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type {
  ConfigurationInForce,
  ConfigurationVersions,
  PublishedConfiguration,
} from '../../../http/configuration/wire.ts'
import { api } from '../../shared/server/api.ts'

/** A node of the release before, during an update, does not tell the settings of its server. */
const ofBefore: Pick<ConfigurationInForce, 'serverOutbound' | 'serverAnswer'> = {
  serverAnswer: 'queue',
  serverOutbound: { allowed: [], agents: 'none', supervisors: 'none', perHour: 0, perHourAll: 0 },
}

export const inForceQuery = queryOptions({
  queryKey: ['configuration'],
  queryFn: async () => ({
    ...ofBefore,
    ...(await api<ConfigurationInForce>('GET', '/configuration')),
  }),
  // Another administrator's publication is noticed while this page is open.
  refetchInterval: 30_000,
})

const pageSize = 50

/** The published versions, newest first, page by page. */
export const useVersions = () =>
  useInfiniteQuery({
    queryKey: ['configuration', 'versions'],
    queryFn: ({ pageParam }) => versionsBefore(pageParam, pageSize),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  })

/** The version before another one, as it was published; `known` null: it is asked for. */
export function useVersionBefore(id: number, known: number | null): PublishedConfiguration | undefined {
  const { data } = useQuery({
    queryKey: ['configuration', 'before', id],
    queryFn: async () => (await versionsBefore(id, 1)).items[0]?.id ?? 0,
    enabled: known === null,
    staleTime: Infinity,
  })
  return useVersion(known ?? data ?? null)
}

function versionsBefore(before: number | null, limit: number): Promise<ConfigurationVersions> {
  const query = new URLSearchParams({ limit: String(limit) })
  if (before !== null) query.set('before', String(before))
  return api('GET', `/configuration/versions?${query}`)
}

/** A version never changes. Null: none is asked for. */
export function useVersion(id: number | null): PublishedConfiguration | undefined {
  const { data } = useQuery({
    queryKey: ['configuration', 'version', id],
    queryFn: () => api<PublishedConfiguration>('GET', `/configuration/versions/${id}`),
    enabled: id !== null,
    staleTime: Infinity,
  })
  return data
}
