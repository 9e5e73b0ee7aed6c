/** Queries for articles: search, opening, versions, overdue reviews. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type {
  ConsultedPapers,
  FoundArticle,
  PaperArticle,
  PaperVersions,
  StalePapers,
} from '../../http/knowledge/wire.ts'
import { api } from '../shared/server/api.ts'

export const searchMax = 200
/** A single letter matches too many articles. */
const searchMin = 2
/** The search waits for a pause in typing. */
const settleMs = 120

/**
 * The matches, best first; without a text, the articles opened most often. The previous result stays until the
 * next arrives.
 */
export function useFoundArticles(text: string, limit: number, usual = true) {
  const typed = useSettled(text.trim())
  const asked = typed.length < searchMin ? '' : typed
  return useQuery({
    queryKey: ['papers', 'found', asked, limit],
    queryFn: async () => {
      const query = new URLSearchParams({ limit: String(limit), ...(asked === '' ? {} : { text: asked }) })
      const { items } = await api<{ items: FoundArticle[] }>('GET', `/papers?${query}`)
      return { asked, items }
    },
    enabled: usual || asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

export interface ArticleToOpen {
  readonly id: string
  /** Without it, the version in force today. */
  readonly version?: number
  readonly call: string | null
  readonly query: string | null
}

/** Each opening goes on record, so the result is not cached for the next one. */
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

/** The value once it has not changed for `settleMs`. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
