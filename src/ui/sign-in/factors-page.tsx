import { useTranslation } from 'react-i18next'
import { useTitle } from '../shared/use-title.ts'
import { Factors } from './factors.tsx'
import styles from './factors.module.css'

/** One's own passkeys and authenticator apps. */
export function FactorsPage() {
  const { t } = useTranslation()
  useTitle(`${t('signIn.factors.title')} · ${t('common.product')}`)
  return (
    <div className={styles['page']}>
      <h1>{t('signIn.factors.title')}</h1>
      <p className={styles['lead']}>{t('signIn.factors.lead')}</p>
      <Factors />
    </div>
  )
}
