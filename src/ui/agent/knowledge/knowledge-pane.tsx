import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Article } from '../../knowledge/article.tsx'
import { searchMax, useRefreshConsulted, useFoundArticles } from '../../knowledge/use-articles.ts'
import { useMissedSearch } from '../../knowledge/use-missed-search.ts'
import { Boundary } from '../../shared/components/boundary.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { callIdOf } from '../desk-state.ts'
import { useDeskState } from '../use-desk.ts'
import halves from '../work/halves.module.css'
import { SearchField } from '../work/search-field.tsx'
import { ArticleList } from './article-list.tsx'
import { OfferedRequests } from './offered-requests.tsx'
import { showArticle, shownArticle } from './shown-article.ts'
import { wordsToFind } from './words-to-find.ts'
import styles from './knowledge-pane.module.css'

const resultsMax = 12

/**
 * The knowledge pane: articles are searched as the agent types and opened by Enter; the right zone shows the
 * script.
 */
export function KnowledgePane() {
  const { t } = useTranslation()
  const callId = callIdOf(useDeskState())
  const [text, setText] = useState(() => wordsToFind.get() ?? '')
  const found = useFoundArticles(text, resultsMax)
  const refreshConsulted = useRefreshConsulted()
  const shown = useStore(shownArticle, (one) => (one?.callId === callId ? one : null))
  const box = useRef<HTMLDivElement>(null)
  const rows = found.data?.items ?? []
  const searched = (found.data?.asked ?? '') !== ''
  useMissedSearch(found.data?.asked ?? '', found.data?.items.length)

  async function open(id: string | undefined): Promise<void> {
    if (id === undefined) return
    const opened = await showArticle(id, callId, searched ? text : '')
    if (opened && callId !== null) refreshConsulted(callId)
  }

  // Enter before the search has finished opens the first result once it arrives.
  const awaited = useRef(wordsToFind.get())
  const arrive = useEffectEvent((asked: string | undefined) => {
    if (awaited.current === null || asked !== awaited.current) return
    awaited.current = null
    void open(rows[0]?.id)
  })
  useEffect(() => arrive(found.data?.asked), [found.data?.asked])

  const take = useEffectEvent((words: string | null) => {
    if (words === null) return
    wordsToFind.set(null)
    setText(words)
    if (found.data?.asked === words) void open(rows[0]?.id)
    else awaited.current = words
  })
  useEffect(() => {
    wordsToFind.set(null)
    return wordsToFind.subscribe(() => take(wordsToFind.get()))
  }, [])

  function enter(): void {
    const typed = text.trim()
    if (found.data?.asked === typed) void open(rows[0]?.id)
    else awaited.current = typed
  }

  /** The arrow keys move between the search field and its results. */
  function walk(event: KeyboardEvent<HTMLElement>): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const stops = [
      ...(box.current?.querySelectorAll<HTMLElement>('[data-search], [data-paper], [data-offered]') ?? []),
    ]
    const here = stops.findIndex((stop) => stop === document.activeElement)
    stops[Math.min(Math.max(here + step, 0), stops.length - 1)]?.focus()
  }

  return (
    <div ref={box} className={styles['box']}>
      <SearchField
        label={t('papers.search')}
        value={text}
        change={(value) => {
          awaited.current = null
          setText(value)
        }}
        maxLength={searchMax}
        onKeyDown={(event) => {
          walk(event)
          if (event.key === 'Enter' && !event.ctrlKey) enter()
        }}
      />
      <div className={halves['halves']}>
        <div className={halves['results']}>
          <h3 className={halves['heading']}>{t(searched ? 'papers.found' : 'papers.usual')}</h3>
          {found.error !== null && <p className={styles['problem']}>{problemText(found.error, t)}</p>}
          <ArticleList rows={rows} chosen={shown?.id ?? null} choose={(id) => void open(id)} walk={walk} />
          <output className={styles['nothing']}>
            {searched && rows.length === 0 ? t('papers.nothing') : ''}
          </output>
          {searched && <OfferedRequests text={found.data?.asked ?? ''} walk={walk} />}
        </div>
        <div className={halves['record']}>
          {shown === null && <p className={styles['hint']}>{t('papers.choose')}</p>}
          {shown?.error != null && (
            <p className={styles['problem']} role="alert">
              {problemText(shown.error, t)}
            </p>
          )}
          {shown?.article != null && (
            <Boundary of="part" place={shown.article.id}>
              <Article article={shown.article} level={3} />
            </Boundary>
          )}
        </div>
      </div>
    </div>
  )
}
