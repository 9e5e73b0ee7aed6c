import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ReadOut, RequestDetail } from '../../../http/requests/wire.ts'
import { api } from '../../shared/server/api.ts'
import { needsReason, ReasonForm } from '../../access/reason-form.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { hourAndMinute } from '../../shared/time/time.ts'
import { randomName } from '../../shared/random-name.ts'
import { ariaChord, type KeyAction } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { reportRegistered } from '../script/reports.ts'
import { usePaneAction } from '../work/pane-actions.ts'
import { DuenessLabel } from '../../requests/dueness-label.tsx'
import { FormProblem } from '../../requests/form-problem.tsx'
import { RequestHistory } from '../../requests/request-history.tsx'
import { registering } from './shown-request.ts'
import { longDay } from '../../shared/time/time.ts'
import { inLanguage, spokenDay, spokenRequest } from '../../requests/spoken.ts'
import {
  useCategory,
  useCategoryName,
  useRefreshRequests,
  useRequestQuery,
} from '../../requests/use-requests.ts'
import { useTell } from './read-out/use-tell.ts'
import styles from '../../requests/requests.module.css'

interface RequestRecordProps {
  readonly id: string
  /** The call in which it was opened; null without one. */
  readonly opened: string | null
  /** The call that the agent has answered. */
  readonly call: string | null
  /** The keys of the desk that act on it; none on a page without them. */
  readonly keys: readonly Extract<KeyAction, 'complain' | 'told'>[]
  /** The complaint about its delay has this id, and is in `registeredHere`. The desk shows it in the record's place. */
  readonly complained?: (complaint: string) => void
  /** The button that calls the petitioner, where there is a phone to call with. */
  readonly callBack?: ReactNode
}

type PartProps = Pick<RequestRecordProps, 'call' | 'keys' | 'complained'> & {
  readonly request: RequestDetail
}

/** One request in full. Opening it goes on record, once in each call. */
export function RequestRecord({ id, opened, call, keys, complained, callBack }: RequestRecordProps) {
  const { t, i18n } = useTranslation()
  const { data: request, error, refetch } = useRequestQuery(id, opened)
  const nameOf = useCategoryName()
  if (needsReason(error)) return <ReasonForm object="request" id={id} opened={refetch} key={id} />
  if (request === undefined)
    return <p className={styles['hint']}>{error === null ? t('common.loading') : problemText(error, t)}</p>
  const { language } = i18n
  return (
    <article aria-label={spokenRequest(id)} data-request-record={id}>
      <h3 className={styles['title']}>
        {spokenRequest(id)} <DuenessLabel item={request} />
      </h3>
      <p className={styles['quietLine']}>
        {nameOf(request.category, language)} · {request.department}
        {request.toHead && ` · ${t('requests.toHead')}`}
      </p>
      <dl className={styles['facts']}>
        <dt>{t('requests.registeredOn')}</dt>
        <dd>
          {spokenDay(request.registeredOn, language)}
          {request.registeredIn !== null && (
            <>
              {' · '}
              <Link href={`/calls/${encodeURIComponent(request.registeredIn.call)}`} data-registered-in>
                {t('requests.registeredIn', { at: hourAndMinute(request.registeredIn.arrivedAt, language) })}
              </Link>
            </>
          )}
        </dd>
        <dt>{t('requests.announced')}</dt>
        <dd>{spokenDay(request.announcedOn, language)}</dd>
        <dt>{t('requests.legal')}</dt>
        <dd>{spokenDay(request.legalEndOn, language)}</dd>
      </dl>
      <Late request={request} call={call} keys={keys} {...(complained !== undefined && { complained })} />
      <ToTell request={request} call={call} keys={keys} />
      <Details request={request} />
      {(request.details?.person?.phone ?? '') !== '' && callBack}
      <RequestHistory history={request.history} />
    </article>
  )
}

function Details({ request }: { readonly request: RequestDetail }) {
  const { t } = useTranslation()
  const category = useCategory(request.category)
  const { i18n } = useTranslation()
  const { details, about } = request
  if (details === null) return <p className={styles['quietLine']}>{t('requests.gone')}</p>
  const { person, place, text, fields } = details
  const named = category?.fields.filter(({ id }) => fields[id] !== undefined) ?? []
  return (
    <>
      {about !== null && (
        <p className={styles['quietLine']}>
          {t(about.day === null ? 'requests.about' : 'requests.aboutPaper', {
            number: about.request ?? about.number,
            day: longDay(about.day ?? '', i18n.language),
            lateness: t(`requests.dueness.${about.lateness}`),
          })}
          {about.request === null && ` · ${t(about.verified ? 'requests.verified' : 'requests.unverified')}`}
        </p>
      )}
      <p className={styles['asked']}>{text}</p>
      <dl className={styles['facts']}>
        {place.street !== '' && (
          <>
            <dt>{t('requests.place')}</dt>
            <dd>{[place.street, place.number, place.more].filter(Boolean).join(' ')}</dd>
          </>
        )}
        {named.map(({ id, label, choices }) => {
          const choice = choices?.find((one) => one.id === fields[id])
          return (
            <div key={id} className={styles['fact']}>
              <dt>{inLanguage(label, i18n.language)}</dt>
              <dd>{choice === undefined ? fields[id] : inLanguage(choice, i18n.language)}</dd>
            </div>
          )
        })}
        <dt>{t('requests.person')}</dt>
        <dd>{person === null ? t('requests.anonymous') : person.name}</dd>
        {person !== null && person.phone !== '' && (
          <>
            <dt>{t('requests.phone')}</dt>
            <dd>{spokenNumber(person.phone)}</dd>
          </>
        )}
        {person !== null && person.email !== '' && (
          <>
            <dt>{t('requests.email')}</dt>
            <dd>{person.email}</dd>
          </>
        )}
      </dl>
    </>
  )
}

/**
 * From the day after the announced one: a button that registers a complaint about the delay, addressed to the
 * head of the department.
 */
function Late({ request, call, keys, complained }: PartProps) {
  const { t, i18n } = useTranslation()
  const key = useKey('complain')
  const fresh = useRefreshRequests()
  const nameOf = useCategoryName()
  // The same id for every attempt, so that a retry after a time-out returns the same complaint.
  const [draft] = useState(randomName)
  const [error, setError] = useState<unknown>(null)
  const late = request.dueness === 'due' || request.dueness === 'overdue'
  async function complain(): Promise<void> {
    const add = registering(call, call)
    try {
      const readOut = await api<ReadOut>('POST', `/requests/${request.id}/complaint`, { draft, call })
      reportRegistered(call, nameOf(readOut.category, i18n.language))
      add(readOut)
      complained?.(readOut.id)
      fresh()
    } catch (refused) {
      setError(refused)
    }
  }
  const keyed = keys.includes('complain')
  usePaneAction('complain', late && keyed, () => void complain())
  if (!late) return null
  return (
    <div className={styles['late']}>
      <p>{t(`requests.late.${request.dueness === 'due' ? 'due' : 'overdue'}`)}</p>
      <Button
        onClick={() => void complain()}
        {...(keyed && {
          'aria-keyshortcuts': ariaChord(key),
          rightSection: <span className={styles['key']}>{key}</span>,
        })}
        data-action="complain"
      >
        {t('requests.complain')}
      </Button>
      {error !== null && <FormProblem error={error} />}
    </div>
  )
}

/** Shown when the call ended before the citizen heard the number. */
function ToTell({ request, call, keys }: PartProps) {
  const { t } = useTranslation()
  const key = useKey('told')
  const { tell, error } = useTell(request.id, call)
  const waits = request.told === null
  const keyed = keys.includes('told')
  usePaneAction('told', waits && keyed, () => tell('later'))
  if (!waits) return null
  return (
    <div className={styles['late']} data-waits>
      <p>{t('requests.stillToTell', { code: request.details?.code ?? '–' })}</p>
      <div className={styles['end']}>
        <Button
          onClick={() => tell('later')}
          {...(keyed && {
            'aria-keyshortcuts': ariaChord(key),
            rightSection: <span className={styles['key']}>{key}</span>,
          })}
          data-action="told"
        >
          {t('requests.told')}
        </Button>
        <Button variant="default" onClick={() => tell('not reachable')} data-action="not-reachable">
          {t('requests.notReachable')}
        </Button>
      </div>
      {error !== null && <FormProblem error={error} />}
    </div>
  )
}
