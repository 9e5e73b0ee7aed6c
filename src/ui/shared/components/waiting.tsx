import { useTranslation } from 'react-i18next'
import styles from './notice.module.css'

export function Waiting() {
  const { t } = useTranslation()
  return (
    <p className={styles.notice} data-loading>
      {t('common.loading')}
    </p>
  )
}
