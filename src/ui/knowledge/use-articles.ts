/** Papers and procedures, as the server finds and opens them. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type {
  ConsultedPapers,
  FoundPaper,
  PaperArticle,
  PaperVersions,
  StalePapers,
} from '../../http/knowledge/wire.ts'
import { api } from '../shared/server/api.ts'

export const searchMax = 200
/** A letter alone finds half of everything. */
const searchMin = 2
/** While somebody types on, nothing is asked: an answer that nobody reads costs all the same. */
const settleMs = 120

/** What matches, best first; with nothing typed, what is opened most. The answer before stays until the next comes. */
export function useFoundArticles(text: string, limit: number, usual = true) {
  const typed = useSettled(text.trim())
  const asked = typed.length < searchMin ? '' : typed
  return useQuery({
    queryKey: ['papers', 'found', asked, limit],
    queryFn: async () => {
      const query = new URLSearchParams({ limit: String(limit), ...(asked === '' ? {} : { text: asked }) })
      const { items } = await api<{ items: FoundPaper[] }>('GET', `/papers?${query}`)
      return { asked, items }
    },
    enabled: usual || asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

export interface ArticleToOpen {
  readonly id: string
  /** Left out: the one in force today. */
  readonly version?: number
  readonly call: string | null
  readonly query: string | null
}

/** Each opening is on record: nothing of it is kept here for the next one. */
export function openArticle({ id, ...body }: ArticleToOpen): Promise<PaperArticle> {
  return api<PaperArticle>('POST', `/papers/${encodeURIComponent(id)}/openings`, body)
}

export function useConsultedArticles(call: string | null) {
  return useQuery({
    queryKey: ['calls', 'papers', call],
    queryFn: async () =>
      (await api<ConsultedPapers>('GET', `/calls/${encodeURIComponent(call ?? '')}/papers`)).items,
    enabled: call !== null,
    retry: false,
  })
}

export function useRefreshConsulted(): (call: string) => void {
  const client = useQueryClient()
  return (call) => void client.invalidateQueries({ queryKey: ['calls', 'papers', call] })
}

export function useArticleVersions(id: string) {
  return useQuery({
    queryKey: ['papers', 'versions', id],
    queryFn: async () =>
      (await api<PaperVersions>('GET', `/papers/${encodeURIComponent(id)}/versions`)).items,
    retry: false,
  })
}

export function useStaleArticles(wanted: boolean) {
  return useQuery({
    queryKey: ['papers', 'stale'],
    queryFn: async () => (await api<StalePapers>('GET', '/papers/stale')).items,
    enabled: wanted,
  })
}

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
