import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FoundArticle } from '../../http/knowledge/wire.ts'
import styles from './knowledge.module.css'

interface FoundTableProps {
  readonly articles: readonly FoundArticle[]
  readonly searched: boolean
}

export function FoundTable({ articles, searched }: FoundTableProps) {
  const { t } = useTranslation()
  return (
    <>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('papers.page.column.title')}</th>
            <th scope="col">{t('papers.page.column.domain')}</th>
            <th scope="col">{t('papers.page.column.why')}</th>
          </tr>
        </thead>
        <tbody>
          {articles.map(({ id, title, domain, handledBy, over, stale }) => (
            <tr key={id} data-paper={id}>
              <td>
                <Link href={`/papers/${encodeURIComponent(id)}`}>{title}</Link>
              </td>
              <td>{handledBy === null ? domain : `${t('papers.elsewhere')} → ${handledBy}`}</td>
              <td>{over ? t('papers.over') : stale ? t('papers.stale') : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <output className={styles['quiet']}>
        {searched && articles.length === 0 ? t('papers.nothing') : ''}
      </output>
    </>
  )
}
