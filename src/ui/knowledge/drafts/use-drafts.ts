import { useQuery } from '@tanstack/react-query'
import type { PaperDraft, PaperDraftHead } from '../../../http/knowledge/wire.ts'
import { api } from '../../shared/server/api.ts'

const askEveryMs = 60_000

export const draftPage = (draft: number): string => `/papers/drafts/${draft}`

/** The drafts that wait or were returned; `wanted`: for editors alone. */
export function useDrafts(wanted: boolean) {
  return useQuery({
    queryKey: ['papers', 'drafts'],
    queryFn: async () => (await api<{ items: PaperDraftHead[] }>('GET', '/paper-drafts')).items,
    enabled: wanted,
    // Another editor's draft may be seconds old.
    staleTime: 0,
    refetchInterval: askEveryMs,
  })
}

export function useDraft(draft: number) {
  return useQuery({
    queryKey: ['papers', 'drafts', draft],
    queryFn: () => api<PaperDraft>('GET', `/paper-drafts/${draft}`),
    retry: false,
  })
}

/** The open draft of an article; null: there is none. */
export async function draftOfArticle(id: string): Promise<PaperDraft | null> {
  const query = new URLSearchParams({ paper: id })
  const { items } = await api<{ items: PaperDraftHead[] }>('GET', `/paper-drafts?${query}`)
  const [head] = items
  return head === undefined ? null : api<PaperDraft>('GET', `/paper-drafts/${head.draft}`)
}
