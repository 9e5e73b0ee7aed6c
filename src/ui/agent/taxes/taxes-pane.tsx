import { useTranslation } from 'react-i18next'
import { hourAndMinute } from '../../shared/time.ts'
import { IdentityGate } from '../identity/identity-gate.tsx'
import styles from '../identity/identity.module.css'

/** Taxes: who calls is proved first; then his account, as long as the grant lasts. */
export function TaxesPane() {
  const { t, i18n } = useTranslation()
  return (
    <IdentityGate>
      {({ until }) => (
        <output className={styles['check']} data-granted>
          {t('identity.granted', { time: hourAndMinute(until, i18n.language) })}
        </output>
      )}
    </IdentityGate>
  )
}
