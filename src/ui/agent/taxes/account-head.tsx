import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { hourAndMinute } from '../../shared/time/time.ts'
import { shortDay } from './money.ts'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

/** The owner of the account, the day it is valid for, and the end of the grant. */
export function AccountHead({ section }: { readonly section: SectionOf<'objects'> }) {
  const { t, i18n } = useTranslation()
  const { taxpayer, asOf, until } = section
  return (
    <div className={styles['head']}>
      <p className={styles['who']}>
        <strong>{taxpayer.name}</strong>
        <span>
          {t(taxpayer.kind === 'person' ? 'taxes.cnp' : 'taxes.cui', { masked: taxpayer.maskedIdentifier })}
        </span>
        <span>{t('taxes.role', { number: taxpayer.roleNumber })}</span>
      </p>
      <p className={styles['asOf']}>{t('taxes.asOf', { day: shortDay(asOf) })}</p>
      <p className={styles['domicile']}>{taxpayer.address}</p>
      <p className={styles['until']}>{t('taxes.until', { time: hourAndMinute(until, i18n.language) })}</p>
      {taxpayer.deceased !== null && (
        <p className={styles['deceased']}>
          <Icon name="warning" size={16} /> {t('taxes.deceased', { day: shortDay(taxpayer.deceased) })}
        </p>
      )}
    </div>
  )
}
