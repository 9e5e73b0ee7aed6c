import { useTranslation } from 'react-i18next'
import type { Connections } from '../../../http/connections/wire.ts'
import { numeral, shortDateTime } from '../../shared/time/time.ts'
import styles from './connections.module.css'

/** The terms in force, and how much reaches them within a week. Changed on the server alone. */
export function RetentionTerms({ retention }: { readonly retention: Connections['retention'] }) {
  const { t, i18n } = useTranslation()
  const { terms, deletes, countedAt, doneAt, failed } = retention
  const due = (count: number | null): string => {
    if (count !== null) return numeral(count, i18n.language)
    return t(countedAt === null ? 'connections.retention.counting' : 'connections.retention.unknown')
  }
  return (
    <section aria-labelledby="retention-terms" data-retention>
      <h2 id="retention-terms">{t('connections.retention.title')}</h2>
      <table className={styles['terms']}>
        <thead>
          <tr>
            <th scope="col">{t('connections.retention.what')}</th>
            <th scope="col">{t('connections.retention.term')}</th>
            <th scope="col" className={styles['figure']}>
              {t('connections.retention.due')}
            </th>
          </tr>
        </thead>
        <tbody>
          {terms.map(({ term, days, setting, dueInWeek }) => (
            <tr key={term} data-term={term}>
              <th scope="row">
                {t(`connections.retention.terms.${term}`)}
                <code>{setting}</code>
              </th>
              <td>{t('connections.retention.days', { count: days })}</td>
              <td className={styles['figure']}>{due(dueInWeek)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles['quiet']}>{t('connections.retention.hint')}</p>
      {!deletes && <p className={styles['quiet']}>{t('connections.retention.elsewhere')}</p>}
      {failed === true && <p className={styles['alarm']}>{t('connections.retention.failed')}</p>}
      <p className={styles['quiet']}>
        {doneAt === null
          ? t(failed === null ? 'connections.notOnRecord' : 'connections.retention.never')
          : t('connections.retention.done', { at: shortDateTime(doneAt, i18n.language) })}
      </p>
    </section>
  )
}
