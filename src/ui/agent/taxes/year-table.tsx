import { useTranslation } from 'react-i18next'
import { lei, shortDay } from './money.ts'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

interface YearTableProps {
  readonly years: SectionOf<'due'>['items'][number]['years']
  readonly asOf: string
}

/** One object by years, newest first, each with its instalments. */
export function YearTable({ years, asOf }: YearTableProps) {
  const { t, i18n } = useTranslation()
  const money = (bani: number) => lei(bani, i18n.language)
  return (
    <table className={`${styles['table']} ${styles['years']}`}>
      <caption>{t('taxes.byYear')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('taxes.term')}</th>
          <th scope="col">{t('taxes.amount')}</th>
          <th scope="col">{t('taxes.paid')}</th>
          <th scope="col">{t('taxes.left')}</th>
        </tr>
      </thead>
      {years.map((one) => (
        <tbody key={one.year}>
          <tr className={styles['year']}>
            <th scope="rowgroup">{one.year}</th>
            <td>{money(one.tax)}</td>
            <td>{money(one.paid)}</td>
            <td>{money(one.balance)}</td>
          </tr>
          {one.instalments.map(({ due, amount, paid }) => (
            <tr key={due} data-quiet="true" data-late={due < asOf && paid < amount}>
              <th scope="row">
                {shortDay(due)}
                {due < asOf && paid < amount && <span className={styles['late']}>{t('taxes.late')}</span>}
              </th>
              <td>{money(amount)}</td>
              <td>{money(paid)}</td>
              <td>{money(amount - paid)}</td>
            </tr>
          ))}
          {(
            [
              ['bonus', one.bonus],
              ['lateCharges', one.lateCharges],
              ['penalties', one.penalties],
            ] as const
          ).map(([name, bani]) =>
            bani === 0 ? null : (
              <tr key={name} data-quiet="true">
                <th scope="row">{t(`taxes.${name}`)}</th>
                <td>{money(bani)}</td>
                <td colSpan={2}>{t('common.none')}</td>
              </tr>
            ),
          )}
        </tbody>
      ))}
    </table>
  )
}
