import { useTranslation } from 'react-i18next'
import type { JournalState } from '../../http/journal/wire.ts'
import { numeral, shortDateTime } from '../shared/time/time.ts'
import styles from './journal.module.css'

/** Rollbacks that somebody accepted: the journal was signed again although it is not what had been anchored. */
export function Rollbacks({ rollbacks }: Pick<JournalState, 'rollbacks'>) {
  const { t, i18n } = useTranslation()
  if (rollbacks.length === 0) return null
  return (
    <section className={styles['rollbacks']} aria-label={t('journal.rollbacks.title')}>
      <h2>{t('journal.rollbacks.title')}</h2>
      <ul>
        {rollbacks.map(({ index, at, by, reason, greatest }) => (
          <li key={index}>
            <strong>{shortDateTime(at, i18n.language)}</strong>{' '}
            {t('journal.rollbacks.accepted', { by, index: numeral(index, i18n.language) })}{' '}
            {greatest !== null && t('journal.rollbacks.given', { entries: numeral(greatest, i18n.language) })}{' '}
            <q>{reason}</q>
          </li>
        ))}
      </ul>
    </section>
  )
}
