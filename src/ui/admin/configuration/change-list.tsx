import { useTranslation } from 'react-i18next'
import type { ChangeWords } from './change-words.ts'
import styles from './configuration.module.css'

interface ChangeListProps {
  readonly changes: readonly ChangeWords[]
  /** Of the draft, of somebody who published meanwhile, or of an earlier version. */
  readonly of: 'own' | 'theirs' | 'past'
}

/** Differences of two versions. */
export function ChangeList({ changes, of }: ChangeListProps) {
  const { t } = useTranslation()
  return (
    <table className={styles['table']} data-changes={`${of} ${changes.length}`}>
      <thead>
        <tr>
          <th scope="col">{t('configuration.change.what')}</th>
          <th scope="col">{t(of === 'own' ? 'configuration.change.now' : 'configuration.change.before')}</th>
          <th scope="col">
            {t(of === 'own' ? 'configuration.change.published' : 'configuration.change.after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ at, what, before, after }) => (
          <tr key={at} data-at={at}>
            <td>{what}</td>
            <td>{before ?? <span className={styles['quiet']}>{t('configuration.change.added')}</span>}</td>
            <td>{after ?? <span className={styles['gone']}>{t('configuration.change.removed')}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
