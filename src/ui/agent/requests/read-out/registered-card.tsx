/**
 * The card of a registered request, on the desk and on a supervisor's page. It imports nothing of the telephone, which
 * that page does not fetch.
 */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cityHallQuery } from '../../../city-hall/city-hall-query.ts'
import { ariaChord } from '../../keys/chords.ts'
import { useKey } from '../../keys/use-keys.ts'
import { focusUnlessTyping } from '../../work/focus-unless-typing.ts'
import { usePaneAction } from '../../work/pane-actions.ts'
import { FormProblem } from '../../../requests/form-problem.tsx'
import type { Registered } from '../shown-request.ts'
import { spokenCode, spokenDay, spokenRequest, writtenDay } from '../../../requests/spoken.ts'
import { useCategoryName } from '../../../requests/use-requests.ts'
import { useTell } from './use-tell.ts'
import styles from '../../../requests/requests.module.css'

interface RegisteredCardProps {
  readonly registered: Registered
  /** Number, day and code, or where they are shown. */
  readonly children: ReactNode
}

/** The request that was just registered: what to say, what to send, what to print. */
export function RegisteredCard({ registered: { readOut }, children }: RegisteredCardProps) {
  const { t, i18n } = useTranslation()
  const nameOf = useCategoryName()
  const card = useRef<HTMLElement>(null)
  // The form that had the focus is gone.
  useEffect(() => focusUnlessTyping(card.current), [])
  return (
    <article
      ref={card}
      className={styles['readOut']}
      tabIndex={-1}
      aria-label={t('requests.registered')}
      data-read-out={readOut.id}
    >
      <h3 className={styles['title']}>{t('requests.registered')}</h3>
      <p className={styles['quietLine']}>
        {nameOf(readOut.category, i18n.language)} · {readOut.department}
      </p>
      {children}
      <p className={styles['quietLine']}>
        {t('requests.legalEnd', { day: spokenDay(readOut.legalEndOn, i18n.language) })}
      </p>
      <Sendable readOut={readOut} />
    </article>
  )
}

interface SpokenNumbersProps {
  readonly registered: Registered
  /** The call on the desk; null without one. */
  readonly call: string | null
  /** Whether the page has the desk's keys. */
  readonly keyed: boolean
}

/** Number, day and code as they are spoken, and the button that records that they were told. */
export function SpokenNumbers({ registered, call, keyed }: SpokenNumbersProps) {
  const { t, i18n } = useTranslation()
  const key = useKey('told')
  const { readOut, told } = registered
  const sameCall = call !== null && call === registered.call
  const { tell, error } = useTell(readOut.id, call)
  usePaneAction('told', !told && keyed, () => tell(sameCall ? 'on the call' : 'later'))
  return (
    <div className={styles['spoken']}>
      <dl>
        <dt className="spoken-only">{t('requests.say.number')}</dt>
        <dd data-spoken="number">{spokenRequest(readOut.id)}</dd>
        <dt className="spoken-only">{t('requests.say.until')}</dt>
        <dd data-spoken="day">{spokenDay(readOut.announcedOn, i18n.language)}</dd>
      </dl>
      <div className={styles['codeRow']}>
        <dl>
          <div>
            <dt>{t('requests.say.code')}</dt>
            <dd data-spoken="code">{readOut.code === null ? '–' : spokenCode(readOut.code)}</dd>
          </div>
        </dl>
        <Button
          onClick={() => tell(sameCall ? 'on the call' : 'later')}
          disabled={told}
          data-action="told"
          {...(keyed && {
            'aria-keyshortcuts': ariaChord(key),
            rightSection: <span className={styles['key']}>{key}</span>,
          })}
        >
          {told ? t('requests.toldDone') : t('requests.told')}
        </Button>
        {!told && !sameCall && (
          <Button variant="default" onClick={() => tell('not reachable')} data-action="not-reachable">
            {t('requests.notReachable')}
          </Button>
        )}
      </div>
      {error !== null && <FormProblem error={error} />}
    </div>
  )
}

/** The text of a message, and the printable confirmation. */
function Sendable({ readOut }: Pick<Registered, 'readOut'>) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const { data: city } = useQuery(cityHallQuery)
  const message = t('requests.message', {
    city: city?.name ?? t('common.product'),
    number: readOut.number,
    day: writtenDay(readOut.announcedOn),
    code: readOut.code ?? '–',
    link: `${window.location.origin}/urmarire`,
    // The message is the city's and therefore in Romanian.
    lng: 'ro',
  })
  const [before, after] = message.split(readOut.number)
  return (
    <section className={styles['sendable']}>
      <h4>{t('requests.send')}</h4>
      <p>
        {before}
        <span className={styles['number']}>{readOut.number}</span>
        {after}
      </p>
      <div className={styles['end']}>
        <Button
          size="xs"
          variant="default"
          onClick={() => void navigator.clipboard.writeText(message).then(() => setCopied(true))}
        >
          {copied ? t('requests.copied') : t('requests.copy')}
        </Button>
        <Button
          size="xs"
          variant="default"
          component="a"
          href={`/api/requests/${readOut.id}/paper`}
          target="_blank"
          rel="noreferrer"
          data-action="print"
        >
          {t('requests.print')}
        </Button>
      </div>
    </section>
  )
}
