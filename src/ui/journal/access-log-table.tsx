import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AccessView, RemarkView } from '../../http/journal/wire.ts'
import { accessReasons } from '../../http/access/wire.ts'
import { sections } from '../../http/taxes/wire.ts'
import { clock, longDate } from '../shared/time/time.ts'
import styles from './journal.module.css'
import { AccessLogRemarks } from './access-log-remarks.tsx'

/** This many characters of a person's mark are enough to tell two persons apart. */
export const markShown = 8

interface AccessLogTableProps {
  readonly looks: readonly AccessView[]
  readonly onProof: (index: number) => void
  readonly onPerson: (mark: string) => void
}

/** Newest first; a row with the date is inserted where the day changes. */
export function AccessLogTable({ looks, ...on }: AccessLogTableProps) {
  const { t, i18n } = useTranslation()
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
          <AccessLogRow key={look.index} look={look} {...on} />,
        ])}
      </tbody>
    </table>
  )
}

interface AccessLogRowProps extends Omit<AccessLogTableProps, 'looks'> {
  readonly look: AccessView
}

function AccessLogRow({ look, onProof, onPerson }: AccessLogRowProps) {
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
          <About look={look} />
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
        <td className={styles['about']}>{call === null ? none : <CallLink id={call} />}</td>
        <td className={styles['query']}>
          <Query look={look} />
        </td>
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

/** The common name of the object, if it has one. */
function About({ look: { kind, about } }: Pick<AccessLogRowProps, 'look'>) {
  const { t } = useTranslation()
  if (kind === 'hearing' || kind === 'call') return <CallLink id={about} />
  const section = kind === 'section' ? sections.find((name) => name === about) : undefined
  return section === undefined ? about : t(`taxes.sections.${section}`)
}

const bases = ['own', 'present caller', 'reason'] as const

/** The search as it is stored; of a call the right by which it was opened, of a reason the reason. */
function Query({ look: { kind, query } }: Pick<AccessLogRowProps, 'look'>) {
  const { t } = useTranslation()
  const basis = kind === 'call' ? bases.find((name) => name === query) : undefined
  if (basis !== undefined) return t(`access.basis.${basis}`)
  const reason = kind === 'justified' ? accessReasons.find((name) => name === query) : undefined
  return reason === undefined ? (query ?? t('common.none')) : t(`access.reasons.${reason}`)
}

function CallLink({ id }: { readonly id: string }) {
  return <Link href={`/calls/${encodeURIComponent(id)}`}>{id}</Link>
}
