import { useTranslation } from 'react-i18next'
import { lei, shortDay } from './money.ts'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'
import { YearTable } from './year-table.tsx'

interface DueProps {
  readonly section: SectionOf<'due'>
  /** Null: the whole account. */
  readonly object: string | null
}

/** The amounts due: this year, arrears, and late charges and penalties as two figures. */
export function Due({ section, object }: DueProps) {
  const { t, i18n } = useTranslation()
  const item = object === null ? null : section.items.find((one) => one.object === object)
  if (item === undefined || section.items.length === 0) return <p>{t('taxes.nothingOwed')}</p>
  const totals = item?.totals ?? section.totals
  const { current, year } = totals
  const money = (bani: number) => lei(bani, i18n.language)
  const row = (label: string, bani: number, quiet = false) => (
    <tr data-zero={bani === 0} data-quiet={quiet}>
      <th scope="row">{label}</th>
      <td>{money(bani)}</td>
    </tr>
  )
  return (
    <>
      <p className={styles['payable']}>
        {t('taxes.payable')} <strong>{t('taxes.lei', { amount: money(totals.payable) })}</strong>
      </p>
      <table className={styles['table']}>
        <tbody>
          {row(t('taxes.yearTax', { year }), current.tax)}
          {current.bonus > 0 && row(t('taxes.bonus'), current.bonus)}
          {row(t('taxes.yearPaid', { year }), current.paid)}
          {row(t('taxes.yearLeft', { year }), current.balance)}
          {row(t('taxes.overdue'), current.overdue, true)}
          {row(t('taxes.arrears'), totals.arrearsTotal)}
          {totals.arrears.map((one) => (
            <tr key={one.year} data-quiet="true">
              <th scope="row">{t('taxes.ofYear', { year: one.year })}</th>
              <td>{money(one.balance)}</td>
            </tr>
          ))}
          {row(t('taxes.lateCharges'), totals.lateCharges)}
          {row(t('taxes.penalties'), totals.penalties)}
        </tbody>
        <tfoot>{row(t('taxes.total'), totals.total)}</tfoot>
      </table>
      {current.next !== null && (
        <p>{t('taxes.next', { day: shortDay(current.next.due), amount: money(current.next.amount) })}</p>
      )}
      {item !== null && <YearTable years={item.years} asOf={section.asOf} />}
    </>
  )
}
