import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { TrackedRequest } from '../../http/requests/wire.ts'
import { CityName } from '../city-hall/city-name.tsx'
import { spokenDay } from '../requests/spoken.ts'
import { api, Problem } from '../shared/server/api.ts'
import { longDate } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import { LanguageSwitch } from '../sign-in/language-switch.tsx'
import { CallbackRequest, type Known } from './callback-request.tsx'
import styles from './tracking.module.css'
import card from '../shared/components/card-page.module.css'

/** A public page: the state of a request, found by its number and code. */
export function TrackingPage() {
  const { t } = useTranslation()
  useTitle(t('tracking.title'))
  const ask = useMutation({
    // Sent in the body: a URL would stay in the history of a shared computer.
    mutationFn: (known: Known) => api<TrackedRequest>('POST', '/tracking', known),
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    ask.mutate({ number: textOf(form.get('number')), code: textOf(form.get('code')) })
  }

  return (
    <main className={card['page']} id="work">
      <div className={`${card['corner']} ${styles['corner']}`}>
        <LanguageSwitch />
      </div>
      <div className={styles['box']}>
        <CityName size={32} />
        <h1 className={styles['title']}>{t('tracking.title')}</h1>
        {!ask.isSuccess ? (
          <form onSubmit={submit} className={styles['form']}>
            <p className={styles['lead']}>{t('tracking.lead')}</p>
            <TextInput
              size="md"
              label={t('tracking.number')}
              name="number"
              placeholder="CC2026-000123"
              required
              maxLength={60}
              autoComplete="off"
            />
            <TextInput
              size="md"
              label={t('tracking.code')}
              name="code"
              placeholder={t('tracking.codeHint')}
              required
              maxLength={20}
              inputMode="numeric"
              autoComplete="off"
            />
            <p className={styles['problem']} role="alert">
              {ask.error === null ? '' : trackingProblem(ask.error, t)}
            </p>
            <Button type="submit" size="md" disabled={ask.isPending}>
              {t('tracking.ask')}
            </Button>
          </form>
        ) : (
          <Standing request={ask.data} known={ask.variables} leave={ask.reset} />
        )}
        <p className={styles['call']}>{t('tracking.call')}</p>
      </div>
    </main>
  )
}

interface StandingProps {
  readonly request: TrackedRequest
  readonly known: Known
  readonly leave: () => void
}

function Standing({ request, known, leave }: StandingProps) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const late = request.dueness === 'due' || request.dueness === 'overdue'
  return (
    <section aria-live="polite" className={styles['standing']} data-tracked={request.state}>
      <p className={styles['number']}>{request.number}</p>
      <p className={styles['state']}>{t(`tracking.states.${request.state}`)}</p>
      {late && <p className={styles['late']}>{t('tracking.late')}</p>}
      <dl className={styles['facts']}>
        <dt>{t('tracking.department')}</dt>
        <dd>{request.department}</dd>
        <dt>{t('tracking.registered')}</dt>
        <dd>{spokenDay(request.registeredOn, language)}</dd>
        <dt>{t('tracking.answerBy')}</dt>
        <dd>{spokenDay(request.announcedOn, language)}</dd>
        <dt>{t('tracking.legal')}</dt>
        <dd>{spokenDay(request.legalEndOn, language)}</dd>
        <dt>{t('tracking.changed')}</dt>
        <dd>{longDate(request.changedAt, language)}</dd>
      </dl>
      {request.extended && <p className={styles['lead']}>{t('tracking.extended')}</p>}
      {request.callbacks && <CallbackRequest known={known} />}
      <Button variant="default" onClick={leave}>
        {t('tracking.another')}
      </Button>
    </section>
  )
}

const textOf = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value : '')

/** Sentences for citizens: the other refusals of the server speak to the staff. */
const forCitizens = ['no-tracking-match', 'too-many-tracking-tries']

const trackingProblem = (error: unknown, t: TFunction): string =>
  error instanceof Problem && forCitizens.includes(error.code) ? error.detail : t('tracking.problem')
