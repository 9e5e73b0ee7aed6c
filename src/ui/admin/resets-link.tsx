import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { usePathname } from 'wouter/use-browser-location'
import { resetsQuery } from './use-resets.ts'
import styles from './resets.module.css'

/** The navigation link of a supervisor, only while there is something to confirm. */
export function ResetsLink() {
  const { t } = useTranslation()
  const { data = [] } = useQuery(resetsQuery)
  const here = usePathname() === '/resets'
  if (data.length === 0 && !here) return null
  return (
    <Link href="/resets" aria-current={here ? 'page' : undefined}>
      {t('admin.resets.nav')}
      {data.length > 0 && (
        <span className={styles['count']}>
          <span aria-hidden="true">{data.length}</span>
          <span className="spoken-only">{t('admin.resets.waiting', { count: data.length })}</span>
        </span>
      )}
    </Link>
  )
}
