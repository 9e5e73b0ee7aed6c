import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { undeliveredQuery } from './undelivered-query.ts'
import styles from './documents.module.css'

/** The navigation label, with the number of late messages beside it. */
export function DocumentsLabel() {
  const { t } = useTranslation()
  const { data } = useQuery(undeliveredQuery)
  const late = data?.counts.late ?? 0
  return (
    <>
      {t('documents.nav')}
      {late > 0 && (
        <span className={styles['alarm']}>
          <span aria-hidden="true">{late}</span>
          <span className="spoken-only">{t('documents.lateCount', { count: late })}</span>
        </span>
      )}
    </>
  )
}
