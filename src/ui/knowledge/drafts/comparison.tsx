import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { PaperArticle } from '../../../http/knowledge/wire.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { Changes } from './changes.tsx'
import { openArticle } from '../use-articles.ts'
import styles from '../knowledge.module.css'

interface ComparisonProps {
  readonly article: PaperArticle
  /** The version to compare it with; always shown from the older to the newer one. */
  readonly other: number
  /** The address of the article without the comparison. */
  readonly close: string
}

export function Comparison({ article, other, close }: ComparisonProps) {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: ['papers', 'opened', article.id, other],
    queryFn: () => openArticle({ id: article.id, call: null, query: null, version: other }),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  if (error !== null) return <p className={styles['problem']}>{problemText(error, t)}</p>
  if (data === undefined) return null
  const [before, after] = data.version < article.version ? [data, article] : [article, data]
  return (
    <section aria-labelledby="comparison" data-comparison={`${before.version}-${after.version}`}>
      <h1 id="comparison" className={styles['title']}>
        {t('papers.changes.title', { before: before.version, after: after.version, title: after.title })}
      </h1>
      <p>
        <Link href={close}>{t('papers.changes.close')}</Link>
      </p>
      <Changes before={before} after={after} />
    </section>
  )
}
