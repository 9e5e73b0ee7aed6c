import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RetentionRuns as Runs } from '../../http/journal/wire.ts'
import { api } from '../shared/server/api.ts'
import { longDay, numeral, shortDateTime } from '../shared/time/time.ts'
import styles from './journal.module.css'

/** The nightly retention runs with the terms that they are judged by, fetched when the section is opened. */
export function RetentionRuns() {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles['runs']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('journal.runs.title')}</summary>
      {isOpen && <Fetched />}
    </details>
  )
}

function Fetched() {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['journal', 'runs'],
    queryFn: () => api<Runs>('GET', '/journal/runs'),
  })
  if (data === undefined) return <p className={styles['quiet']}>{t('common.loading')}</p>
  return (
    <>
      {data.items.length === 0 ? (
        <p className={styles['quiet']}>{t('journal.runs.none')}</p>
      ) : (
        <RunTable items={data.items} />
      )}
      {data.terms.length > 0 && <TermTable terms={data.terms} />}
      {data.clocks.length > 0 && <Clocks clocks={data.clocks} />}
    </>
  )
}

function RunTable({ items }: Pick<Runs, 'items'>) {
  const { t, i18n } = useTranslation()
  const figure = (value: number): string => numeral(value, i18n.language)
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('journal.runs.at')}</th>
          <th scope="col">{t('journal.runs.recordings')}</th>
          <th scope="col">{t('journal.runs.rows')}</th>
          <th scope="col">{t('journal.runs.limits')}</th>
          <th scope="col">{t('journal.runs.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ at, audio, details, outcome }) => (
          <tr key={at}>
            <td>{shortDateTime(at, i18n.language)}</td>
            <td>
              {t('journal.runs.recordingsBefore', {
                recordings: figure(audio.recordings),
                before: longDay(audio.before, i18n.language),
              })}
            </td>
            <td>{figure(Object.values(details.rows).reduce((sum, rows) => sum + rows, 0))}</td>
            <td>
              {limitsOf(details)
                .map(([what, day]) => t(`journal.runs.${what}`, { day: longDay(day, i18n.language) }))
                .join('; ')}
            </td>
            <td>{t(`journal.runs.outcomes.${outcome}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Days, for each kind of values that the run had a limit for. */
function limitsOf({ before, closedBefore, tracedBefore }: Runs['items'][number]['details']) {
  const limits = [
    ['details', before],
    ['requests', closedBefore],
    ['logs', tracedBefore],
  ] as const
  return limits.flatMap(([what, limit]) => (limit === undefined ? [] : [[what, limit.slice(0, 10)] as const]))
}

const kinds = ['audio', 'details', 'requests', 'logs'] as const

/** A run excuses what is missing by the terms in force: a change of them that nobody knows of is a forgery. */
function TermTable({ terms }: Pick<Runs, 'terms'>) {
  const { t, i18n } = useTranslation()
  return (
    <table className={styles['table']} aria-label={t('journal.runs.terms')}>
      <thead>
        <tr>
          <th scope="col">{t('journal.runs.terms')}</th>
          <th scope="col">{t('journal.runs.index')}</th>
          <th scope="col">{t('journal.runs.days')}</th>
        </tr>
      </thead>
      <tbody>
        {terms.map(({ index, at, days }) => (
          <tr key={index}>
            <td>{shortDateTime(at, i18n.language)}</td>
            <td>{numeral(index, i18n.language)}</td>
            <td>
              {kinds
                .map((what) => {
                  const term = days[what]
                  return t(`journal.runs.of.${what}`, {
                    days: term === undefined ? '—' : numeral(term, i18n.language),
                  })
                })
                .join('; ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Clocks({ clocks }: Pick<Runs, 'clocks'>) {
  const { t, i18n } = useTranslation()
  return (
    <section aria-label={t('journal.runs.clocks')}>
      <h2 className={styles['small']}>{t('journal.runs.clocks')}</h2>
      <ul>
        {clocks.map(({ index, at, clock, by }) => (
          <li key={index}>
            <strong>{shortDateTime(at, i18n.language)}</strong>{' '}
            {t('journal.runs.clock', {
              by,
              day: longDay(clock.slice(0, 10), i18n.language),
              index: numeral(index, i18n.language),
            })}
          </li>
        ))}
      </ul>
    </section>
  )
}
