import { useTranslation } from 'react-i18next'
import { lei, shortDay } from './money.ts'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

interface PaidProps {
  readonly section: SectionOf<'paid'>
  /** Null: the whole account, one line for each receipt. */
  readonly object: string | null
}

/** The payments, newest first; for one object also the year they were for. */
export function Paid({ section, object }: PaidProps) {
  const { t, i18n } = useTranslation()
  const own = section.items.find((one) => one.object === object)?.payments ?? []
  const rows = object === null ? section.receipts.map((one) => ({ ...one, year: null })) : own
  if (rows.length === 0) return <p>{t('taxes.noPayments')}</p>
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('taxes.day')}</th>
          <th scope="col" className={styles['words']}>
            {t('taxes.receipt')}
          </th>
          {object !== null && <th scope="col">{t('taxes.forYear')}</th>}
          <th scope="col">{t('taxes.amount')}</th>
          <th scope="col">{t('taxes.charges')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={`${one.receipt} ${one.year ?? ''} ${one.day} ${one.amount}`}>
            <th scope="row">{shortDay(one.day)}</th>
            <td className={styles['words']}>
              {one.receipt}
              <span className={styles['channel']}>{one.channel}</span>
            </td>
            {object !== null && <td>{one.year}</td>}
            <td>{lei(one.amount, i18n.language)}</td>
            <td data-zero={one.charges === 0}>{lei(one.charges, i18n.language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
