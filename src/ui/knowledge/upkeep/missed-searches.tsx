import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import type { PaperMisses } from '../../../http/knowledge/wire.ts'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { longDay } from '../../shared/time/time.ts'
import styles from '../knowledge.module.css'

interface MissedSearchesProps {
  /** Opens the synonyms with this word. */
  readonly addSynonym: (word: string) => void
}

/** Searches of agents that found nothing, the most frequent first; each leads to an article or a synonym. */
export function MissedSearches({ addSynonym }: MissedSearchesProps) {
  const { t, i18n } = useTranslation()
  const { data, error } = useQuery({
    queryKey: ['papers', 'misses'],
    queryFn: async () => (await api<PaperMisses>('GET', '/papers/misses')).items,
  })
  if (error !== null) return <p className={styles['problem']}>{problemText(error, t)}</p>
  if (data === undefined) return null
  return (
    <>
      <p className={styles['quiet']}>{t('papers.misses.lead')}</p>
      {data.length === 0 ? (
        <p>{t('papers.misses.none')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('papers.misses.query')}</th>
              <th scope="col">{t('papers.misses.times')}</th>
              <th scope="col">{t('papers.misses.last')}</th>
              <th scope="col">{t('papers.misses.do')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map(({ query, times, lastDay }) => (
              <tr key={query} data-miss={query}>
                <td lang="ro">{query}</td>
                <td className="tabular">{times}</td>
                <td>{longDay(lastDay, i18n.language)}</td>
                <td>
                  <div className={styles['rowActions']}>
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={t('papers.misses.articleOf', { query })}
                      onClick={() => navigate(`/papers/new/edit?${new URLSearchParams({ asked: query })}`)}
                      data-action="article-of-miss"
                    >
                      {t('papers.page.add')}
                    </Button>
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={t('papers.misses.synonymOf', { query })}
                      onClick={() => addSynonym(query)}
                      data-action="synonym-of-miss"
                    >
                      {t('papers.misses.synonym')}
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
