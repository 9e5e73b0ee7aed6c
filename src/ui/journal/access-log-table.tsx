import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AccessView, RemarkView } from '../../http/journal/wire.ts'
import { clock, longDate } from '../shared/time/time.ts'
import { askedIn, callText, callTime, seenIn, type Reader } from './seen.ts'
import { useJournalAccounts } from './use-journal-accounts.ts'
import styles from './journal.module.css'
import { AccessLogRemarks } from './access-log-remarks.tsx'

/** This many characters of a person's mark are enough to tell two persons apart. */
export const markShown = 8

interface AccessLogTableProps {
  readonly looks: readonly AccessView[]
  readonly onProof: (index: number) => void
  readonly onPerson: (mark: string) => void
  /** Asks for all accesses to an object, or during a call. */
  readonly onAbout: (id: string) => void
}

/** Newest first; a row with the date is inserted where the day changes. */
export function AccessLogTable({ looks, ...on }: AccessLogTableProps) {
  const { t, i18n } = useTranslation()
  const reader = useReader()
  if (looks.length === 0) return <p className={styles['quiet']}>{t('journal.none')}</p>
  const day = (look: AccessView | undefined): string =>
    look === undefined ? '' : longDate(look.at, i18n.language)
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('journal.at')}</th>
          <th scope="col">{t('journal.account')}</th>
          <th scope="col">{t('journal.kind')}</th>
          <th scope="col">{t('journal.about')}</th>
          <th scope="col" title={t('journal.personHint')}>
            {t('journal.person')}
          </th>
          <th scope="col">{t('journal.call')}</th>
          <th scope="col">{t('journal.query')}</th>
          <th scope="col">{t('journal.proof')}</th>
        </tr>
      </thead>
      <tbody>
        {looks.flatMap((look, index) => [
          ...(day(look) === day(looks[index - 1])
            ? []
            : [
                <tr key={`day ${look.index}`} className={styles['day']}>
                  <th scope="rowgroup" colSpan={8}>
                    {day(look)}
                  </th>
                </tr>,
              ]),
          <AccessLogRow key={look.index} look={look} reader={reader} {...on} />,
        ])}
      </tbody>
    </table>
  )
}

interface AccessLogRowProps extends Omit<AccessLogTableProps, 'looks'> {
  readonly look: AccessView
  readonly reader: Reader
}

function AccessLogRow({ look, reader, onProof, onPerson, onAbout }: AccessLogRowProps) {
  const { t, i18n } = useTranslation()
  const [added, setAdded] = useState<readonly RemarkView[]>([])
  const [isWriting, setWriting] = useState(false)
  const { index, at, kind, account, person, call } = look
  // A later response includes these remarks as well.
  const known = look.remarks.at(-1)?.index ?? -1
  const remarks = [...look.remarks, ...added.filter((remark) => remark.index > known)]
  const none = t('common.none')
  return (
    <>
      <tr data-look={index}>
        <td>
          <time dateTime={at}>{clock(at, i18n.language)}</time>
        </td>
        <td title={account.employer}>{account.name}</td>
        <td>{t(`journal.kinds.${kind}`)}</td>
        <td className={styles['about']}>
          <About look={look} reader={reader} />
        </td>
        <td>
          {person === null ? (
            none
          ) : (
            <button
              type="button"
              className={styles['link']}
              title={t('journal.showPerson')}
              onClick={() => onPerson(person)}
            >
              {person.slice(0, markShown)}
            </button>
          )}
        </td>
        <td>
          {call === null ? (
            none
          ) : (
            <button
              type="button"
              className={styles['link']}
              title={t('journal.showCall', { call: callText(call, t, i18n.language) })}
              onClick={() => onAbout(call)}
              data-of-call
            >
              {callTime(call, i18n.language) ?? t('journal.seen.call')}
            </button>
          )}
        </td>
        <td className={styles['query']}>{askedIn(look, reader) ?? none}</td>
        <td>
          <button
            type="button"
            className={styles['link']}
            aria-label={t('journal.takeProof', { index })}
            onClick={() => onProof(index)}
            data-action="proof"
          >
            {index}
          </button>{' '}
          <button
            type="button"
            className={styles['link']}
            aria-label={t('journal.remark.on', { index })}
            onClick={() => setWriting(true)}
            data-action="remark"
          >
            {t('journal.remark.short')}
          </button>
        </td>
      </tr>
      {(remarks.length > 0 || isWriting) && (
        <AccessLogRemarks
          entry={index}
          remarks={remarks}
          onAdded={
            isWriting
              ? (remark) => {
                  setAdded([...added, remark])
                  setWriting(false)
                }
              : null
          }
          onCancel={() => setWriting(false)}
        />
      )}
    </>
  )
}

function About({ look, reader }: { readonly look: AccessView; readonly reader: Reader }) {
  const { t, i18n } = useTranslation()
  const seen = seenIn(look, reader)
  switch (seen.what) {
    case 'text':
      return seen.text
    case 'article':
      return (
        <Link href={`/papers/${encodeURIComponent(seen.id)}?version=${seen.version}`}>
          {seen.text}, {t('calls.page.paperVersion', { version: seen.version })}
        </Link>
      )
    case 'call':
      return (
        <>
          <Link href={`/calls/${encodeURIComponent(seen.id)}`}>{callText(seen.id, t, i18n.language)}</Link>
          {seen.note !== null && `, ${seen.note}`}
        </>
      )
  }
}

/** Accounts by name, closed ones too, as the question's list has them. */
function useReader(): Reader {
  const { t, i18n } = useTranslation()
  const { data } = useJournalAccounts()
  const names = new Map(data?.items.map(({ id, name }) => [id, name]))
  // Until the list is there, nobody is called unknown.
  const nameOf = (account: string) => (data === undefined ? '…' : (names.get(account) ?? null))
  return { t, language: i18n.language, nameOf }
}
