import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { problemText } from '../shared/server/problem-text.ts'
import { longDay } from '../shared/time/time.ts'
import { useStaleArticles } from './use-articles.ts'
import styles from './knowledge.module.css'

/** Articles that are no longer in force or whose review is overdue, the most urgent first. */
export function StaleTable() {
  const { t, i18n } = useTranslation()
  const { data, error } = useStaleArticles(true)
  if (error !== null) return <p className={styles['problem']}>{problemText(error, t)}</p>
  if (data === undefined) return null
  if (data.length === 0) return <p className={styles['quiet']}>{t('papers.page.noneDue')}</p>
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('papers.page.column.title')}</th>
          <th scope="col">{t('papers.page.column.why')}</th>
          <th scope="col">{t('papers.page.column.reviewed')}</th>
          <th scope="col">{t('papers.page.column.until')}</th>
          <th scope="col">{t('papers.page.column.source')}</th>
        </tr>
      </thead>
      <tbody>
        {data.map(({ id, title, why, reviewedAt, validTo, sourceUrl }) => (
          <tr key={id} data-paper={id}>
            <td>
              <Link href={`/papers/${encodeURIComponent(id)}`}>{title}</Link>
            </td>
            <td>{t(`papers.page.why.${why}`)}</td>
            <td>{longDay(reviewedAt, i18n.language)}</td>
            <td>{validTo === null ? t('common.none') : longDay(validTo, i18n.language)}</td>
            <td>
              <a href={sourceUrl} target="_blank" rel="noreferrer">
                {new URL(sourceUrl).host}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
