import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RetentionRuns as Runs } from '../../http/journal/wire.ts'
import { api } from '../shared/server/api.ts'
import { numeral, shortDateTime } from '../shared/time/time.ts'
import styles from './journal.module.css'

/** The nightly retention runs, fetched when the section is opened. */
export function RetentionRuns() {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles['runs']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('journal.runs.title')}</summary>
      {isOpen && <RunTable />}
    </details>
  )
}

function RunTable() {
  const { t, i18n } = useTranslation()
  const { data } = useQuery({
    queryKey: ['journal', 'runs'],
    queryFn: () => api<Runs>('GET', '/journal/runs'),
  })
  if (data === undefined) return <p className={styles['quiet']}>{t('common.loading')}</p>
  if (data.items.length === 0) return <p className={styles['quiet']}>{t('journal.runs.none')}</p>
  const figure = (value: number): string => numeral(value, i18n.language)
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('journal.runs.at')}</th>
          <th scope="col">{t('journal.runs.recordings')}</th>
          <th scope="col">{t('journal.runs.rows')}</th>
          <th scope="col">{t('journal.runs.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {data.items.map(({ at, audio, details, outcome }) => (
          <tr key={at}>
            <td>{shortDateTime(at, i18n.language)}</td>
            <td>
              {t('journal.runs.recordingsBefore', {
                recordings: figure(audio.recordings),
                before: audio.before,
              })}
            </td>
            <td>{figure(Object.values(details.rows).reduce((sum, rows) => sum + rows, 0))}</td>
            <td>{t(`journal.runs.outcomes.${outcome}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
