import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RetiredPapers } from '../../../http/knowledge/wire.ts'
import { api } from '../../shared/server/api.ts'
import { longDay, today } from '../../shared/time/time.ts'
import styles from '../knowledge.module.css'

/** Articles out of use, newest first; nothing while there are none. */
export function RetiredTable() {
  const { t, i18n } = useTranslation()
  const { data = [] } = useQuery({
    queryKey: ['papers', 'retired'],
    queryFn: async () => (await api<RetiredPapers>('GET', '/papers/retired')).items,
  })
  if (data.length === 0) return null
  return (
    <>
      <h2 className={styles['section']}>{t('papers.retired.title')}</h2>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('papers.page.column.title')}</th>
            <th scope="col">{t('papers.retired.since')}</th>
            <th scope="col">{t('papers.retired.by')}</th>
            <th scope="col">{t('papers.page.column.why')}</th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ id, title, at, by, reason }) => (
            <tr key={id} data-retired-paper={id}>
              <td>
                <Link href={`/papers/${encodeURIComponent(id)}`}>{title}</Link>
              </td>
              <td>{longDay(today(Date.parse(at)), i18n.language)}</td>
              <td>{by}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
