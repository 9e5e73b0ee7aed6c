import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { navigate, useSearch } from 'wouter/use-browser-location'
import { isEditor, useMe } from '../shared/server/me.ts'
import { Notice } from '../shared/components/notice.tsx'
import { Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { longDay, shortDateTime } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import { Article } from './article.tsx'
import { Comparison } from './drafts/comparison.tsx'
import { RetireForm } from './upkeep/retire-form.tsx'
import { openArticle, useArticleVersions } from './use-articles.ts'
import styles from './knowledge.module.css'

/** One article, in the version given in the URL (as it was read out on that day) or in the current one. */
export function ArticlePage({ id }: { readonly id: string }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const search = new URLSearchParams(useSearch())
  const [version, other] = [versionIn(search, 'version'), versionIn(search, 'with')]
  const versions = useArticleVersions(id)
  const {
    data: article,
    error,
    refetch,
  } = useQuery({
    queryKey: ['papers', 'opened', id, version],
    queryFn: () => openArticle({ id, call: null, query: null, ...(version === null ? {} : { version }) }),
    retry: false,
    // Each opening goes on record, so the query never refetches by itself.
    staleTime: Infinity,
    gcTime: 0,
  })
  useTitle(`${article?.title ?? t('papers.page.title')} · ${t('common.product')}`)
  if (error instanceof Problem && error.status === 404) return <Notice text={t('papers.page.missing')} />
  if (error !== null) return <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (article === undefined) return null
  const address = `/papers/${encodeURIComponent(id)}`
  return (
    <div className={styles['page']}>
      <p className={styles['back']}>
        <Link href="/papers">‹ {t('papers.page.all')}</Link>
      </p>
      <div className={styles['columns']}>
        {other === null ? (
          <Article article={article} level={1} />
        ) : (
          <Comparison article={article} other={other} close={`${address}?version=${article.version}`} />
        )}
        <aside aria-label={t('papers.page.versions')}>
          {isEditor(me) && (
            <>
              <Button fullWidth mb={8} data-action="edit" onClick={() => navigate(`${address}/edit`)}>
                {t('papers.page.edit')}
              </Button>
              <RetireForm id={id} retired={article.retired !== null} />
            </>
          )}
          <h2 className={styles['heading']}>{t('papers.page.versions')}</h2>
          <ol className={styles['versions']}>
            {(versions.data ?? []).map((one) => (
              <li key={one.version} data-version={one.version}>
                <Link
                  href={`${address}?version=${one.version}`}
                  aria-current={one.version === article.version ? 'true' : undefined}
                >
                  {t('papers.page.versionLine', { version: one.version })}
                </Link>
                <span>
                  {shortDateTime(one.recordedAt, i18n.language)},{' '}
                  {one.by === null ? t('papers.page.imported') : t('papers.page.by', { name: one.by })}
                  {one.publishedBy !== null && ` · ${t('papers.page.published', { name: one.publishedBy })}`}
                </span>
                <span>{t('papers.reviewed', { day: longDay(one.reviewedAt, i18n.language) })}</span>
                {one.version !== article.version && (
                  <Link
                    className={styles['compare']}
                    href={`${address}?version=${article.version}&with=${one.version}`}
                    aria-current={one.version === other ? 'true' : undefined}
                    data-compare={one.version}
                  >
                    {t('papers.page.compare', { version: article.version })}
                  </Link>
                )}
              </li>
            ))}
          </ol>
        </aside>
      </div>
    </div>
  )
}

function versionIn(search: URLSearchParams, name: 'version' | 'with'): number | null {
  const version = Number(search.get(name) ?? '')
  return Number.isInteger(version) && version > 0 ? version : null
}
