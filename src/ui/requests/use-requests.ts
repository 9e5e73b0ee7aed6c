/** The queries for requests, of the desk and of the supervisors. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  DraftList,
  RegisteredInCall,
  RequestCatalogue,
  RequestCategory,
  RequestDetail,
  RequestItem,
  SimilarList,
} from '../../http/requests/wire.ts'
import { api } from '../shared/server/api.ts'

interface Items<Item> {
  readonly items: readonly Item[]
}

const hour = 3_600_000

export function useCatalogue(): RequestCatalogue | undefined {
  return useQuery({
    queryKey: ['requests', 'catalogue'],
    queryFn: () => api<RequestCatalogue>('GET', '/requests/catalogue'),
    staleTime: hour,
    gcTime: Infinity,
  }).data
}

export function useCategory(id: string): RequestCategory | undefined {
  return useCatalogue()?.categories.find((category) => category.id === id)
}

/** A category's name in the language of the screen. */
export function useCategoryName(): (id: string, language: string) => string {
  const catalogue = useCatalogue()
  return (id, language) => {
    const name = catalogue?.categories.find((category) => category.id === id)?.name
    return name === undefined ? id : language === 'ro' ? name.ro : name.en
  }
}

/** The caller's open requests; empty without a call. */
export function useRequestsOfCaller(call: string | null): readonly RequestItem[] {
  return (
    useQuery({
      queryKey: ['requests', 'of', call],
      queryFn: () => api<Items<RequestItem>>('GET', `/calls/${encodeURIComponent(call ?? '')}/requests`),
      enabled: call !== null,
      staleTime: 30_000,
    }).data?.items ?? []
  )
}

/** The requests that were registered in a call, oldest first; empty without a call. */
export function useRegisteredIn(call: string | null): RegisteredInCall['items'] {
  const { data } = useQuery({
    queryKey: ['requests', 'registered-in', call],
    queryFn: () =>
      api<RegisteredInCall>('GET', `/calls/${encodeURIComponent(call ?? '')}/registered-requests`),
    enabled: call !== null,
    staleTime: 30_000,
  })
  return data?.items ?? []
}

export function useFollowUps(): readonly RequestItem[] {
  return (
    useQuery({
      queryKey: ['requests', 'follow-ups'],
      queryFn: () => api<Items<RequestItem>>('GET', '/requests/follow-ups'),
      staleTime: 30_000,
      refetchInterval: 120_000,
    }).data?.items ?? []
  )
}

export function useKeptDrafts(account: string): DraftList['items'] | undefined {
  return useQuery({
    queryKey: ['requests', 'drafts', account],
    queryFn: async () => (await api<DraftList>('GET', '/request-drafts')).items,
    staleTime: Infinity,
  }).data
}

/** Null: nothing was searched, or the answer is still to come. */
export function useFound(number: string, call: string | null): readonly RequestItem[] | null {
  const asked = number.trim()
  const { data } = useQuery({
    queryKey: ['requests', 'found', asked, call],
    queryFn: () => api<Items<RequestItem>>('POST', '/requests/find', { number: asked, call }),
    enabled: asked !== '',
  })
  return asked === '' ? null : (data?.items ?? null)
}

export function useSimilar(category: string, street: string, call: string | null): SimilarList['items'] {
  return (
    useQuery({
      queryKey: ['requests', 'similar', category, street, call],
      queryFn: () => api<SimilarList>('POST', '/requests/similar', { category, street, call }),
      enabled: category !== '' && street !== '',
      staleTime: 30_000,
    }).data?.items ?? []
  )
}

/** The query for one request; it is refused if the request needs a reason. */
export function useRequestQuery(id: string, call: string | null) {
  const inCall = call === null ? '' : `?call=${encodeURIComponent(call)}`
  return useQuery({
    queryKey: ['requests', 'one', id, call],
    queryFn: () => api<RequestDetail>('GET', `/requests/${id}${inCall}`),
    staleTime: 60_000,
  })
}

export function useRequest(id: string, call: string | null): RequestDetail | undefined {
  return useRequestQuery(id, call).data
}

/** Refetches the lists after a registration or a telling. */
export function useRefreshRequests(): () => void {
  const client = useQueryClient()
  return () => {
    for (const part of ['of', 'registered-in', 'follow-ups', 'found', 'one', 'similar', 'listed'])
      void client.invalidateQueries({ queryKey: ['requests', part] })
  }
}
