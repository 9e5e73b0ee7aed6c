import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { PromisedCallback } from '../../http/requests/wire.ts'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { spokenNumber } from '../shared/phone-number.ts'
import { api, Problem } from '../shared/server/api.ts'
import { hourAndMinute, longDate } from '../shared/time/time.ts'
import styles from './tracking.module.css'

/** By which the citizen has shown that they know the request. */
export interface Known {
  readonly number: string
  readonly code: string
}

type Step =
  | { readonly at: 'offered' }
  | { readonly at: 'typing'; readonly phone: string }
  | { readonly at: 'confirming'; readonly phone: string }
  | { readonly at: 'promised'; readonly promise: PromisedCallback }

/** The citizen asks to be called about the request: types a number, sees it in groups, and confirms it. */
export function CallbackRequest({ known }: { readonly known: Known }) {
  const { t } = useTranslation()
  const [step, setStep] = useState<Step>({ at: 'offered' })
  const first = useFirstOf(step.at)
  const confirm = useMutation({
    mutationFn: (phone: string) => api<PromisedCallback>('POST', '/tracking/callback', { ...known, phone }),
    onSuccess: (promise) => setStep({ at: 'promised', promise }),
    onError: (refused, phone) => {
      // A number that is not called is to be typed again; after any other refusal the same may be tried.
      if (refused instanceof Problem && ofNumber.includes(refused.code)) setStep({ at: 'typing', phone })
    },
  })

  function go(next: Step): void {
    // One that is under way stays busy.
    if (confirm.isError) confirm.reset()
    setStep(next)
  }

  function type(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const phone = new FormData(event.currentTarget).get('phone')
    go({ at: 'confirming', phone: typeof phone === 'string' ? phone : '' })
  }

  const problem = (
    <p className={styles['problem']} role="alert">
      {confirm.error === null ? '' : callbackProblem(confirm.error, t)}
    </p>
  )
  switch (step.at) {
    case 'offered':
      return (
        <Button
          fullWidth
          className={styles['ask']}
          data-action="ask-callback"
          onClick={() => setStep({ at: 'typing', phone: '' })}
        >
          {t('tracking.callback.ask')}
        </Button>
      )
    case 'typing':
      return (
        <form onSubmit={type} className={`${styles['form']} ${styles['ask']}`}>
          <p className={styles['lead']}>{t('tracking.callback.lead')}</p>
          <TextInput
            ref={first}
            size="md"
            label={t('tracking.callback.phone')}
            name="phone"
            type="tel"
            defaultValue={step.phone}
            placeholder={t('tracking.callback.phoneHint')}
            required
            maxLength={40}
            autoComplete="tel"
          />
          {problem}
          <div className={styles['buttons']}>
            <Button type="submit" size="md">
              {t('tracking.callback.next')}
            </Button>
            <Button size="md" variant="default" onClick={() => go({ at: 'offered' })}>
              {t('tracking.callback.cancel')}
            </Button>
          </div>
        </form>
      )
    case 'confirming':
      return (
        <div className={`${styles['form']} ${styles['ask']}`}>
          <p className={styles['lead']} ref={first} tabIndex={-1}>
            {t('tracking.callback.confirm')} <strong data-confirmed>{inGroups(step.phone)}</strong>
          </p>
          {problem}
          <div className={styles['buttons']}>
            <BusyButton
              size="md"
              loading={confirm.isPending}
              data-action="confirm-callback"
              onClick={() => confirm.mutate(step.phone)}
            >
              {t('tracking.callback.yes')}
            </BusyButton>
            <Button size="md" variant="default" onClick={() => go({ at: 'typing', phone: step.phone })}>
              {t('tracking.callback.other')}
            </Button>
          </div>
        </div>
      )
    case 'promised':
      return <Promised promise={step.promise} first={first} />
  }
}

function Promised({
  promise: { phone, opensAt, wait },
  first,
}: {
  readonly promise: PromisedCallback
  readonly first: (element: HTMLElement | null) => void
}) {
  const { t, i18n } = useTranslation()
  const opens =
    opensAt === null
      ? null
      : t('tracking.callback.opens', {
          at: `${longDate(opensAt, i18n.language)}, ${hourAndMinute(opensAt, i18n.language)}`,
        })
  const probably =
    wait === null
      ? null
      : wait.isMore
        ? t('tracking.callback.waitMore')
        : t('tracking.callback.wait', { count: wait.minutes })
  return (
    <div className={styles['promised']} data-promised ref={first} tabIndex={-1}>
      <p>{t('tracking.callback.promised', { phone: spokenNumber(phone) })}</p>
      {(opens ?? probably) !== null && <p>{opens ?? probably}</p>}
      <p className={styles['lead']}>{t('tracking.callback.missed')}</p>
    </div>
  )
}

/** The focus goes to what a step begins with: the element of the step before is gone. */
function useFirstOf(step: Step['at']): (element: HTMLElement | null) => void {
  const element = useRef<HTMLElement | null>(null)
  useEffect(() => {
    if (step !== 'offered') element.current?.focus()
  }, [step])
  return (next) => {
    element.current = next
  }
}

/** As it is spoken, whether typed with the country code or without. The core’s `phone-number.ts` would bring a library to the citizen’s phone. */
const inGroups = (typed: string): string =>
  spokenNumber(typed.replace(/[\s().\-/]/g, '').replace(/^00(?=40\d{9}$)/, '+'))

const ofNumber = [
  'page-callback-number-misread',
  'page-callback-number-refused',
  'page-callback-number-abroad',
]
/** Sentences for citizens: the other refusals of the server speak to the staff. */
const forCitizens = ['no-tracking-match', 'too-many-tracking-tries']

const callbackProblem = (error: unknown, t: TFunction): string =>
  error instanceof Problem && (error.code.startsWith('page-callback-') || forCitizens.includes(error.code))
    ? error.detail
    : t('tracking.callback.problem')
