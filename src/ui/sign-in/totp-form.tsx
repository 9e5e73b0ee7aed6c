import { TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AddedFactor } from '../../http/sign-in/wire.ts'
import { Notice } from '../shared/components/notice.tsx'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useFocus } from '../shared/use-focus.ts'
import { FormEnd } from './form-end.tsx'
import { QrCode } from './qr-code.tsx'
import styles from './factors.module.css'

interface TotpFormProps {
  readonly added: (name: string, codes: readonly string[] | null) => void
  readonly cancel: () => void
}

/** Fetches a secret for one form. */
export function TotpForm({ added, cancel }: TotpFormProps) {
  const { t } = useTranslation()
  const { data: made, error } = useQuery({
    queryKey: ['totp'],
    queryFn: () => api<Made>('POST', '/me/factors/totp/secret'),
    // A secret is neither kept nor made anew while its form is open.
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  })
  if (made !== undefined) return <TotpFields made={made} added={added} cancel={cancel} />
  return error === null ? null : <Notice text={problemText(error, t)} again={cancel} />
}

interface Made {
  readonly secret: string
  readonly uri: string
}

function TotpFields({ made, added, cancel }: TotpFormProps & { readonly made: Made }) {
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>()
  const add = useMutation({
    mutationFn: (typed: { readonly name: string; readonly code: string }) =>
      api<AddedFactor>('POST', '/me/factors/totp', typed),
    onSuccess: ({ recoveryCodes }, { name }) => added(name, recoveryCodes),
  })
  const problem = add.error === null ? '' : problemText(add.error, t)
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => {
      const value = form.get(name)
      return typeof value === 'string' ? value.trim() : ''
    }
    add.mutate({ name: text('name'), code: text('code') })
  }

  return (
    <form className={styles['totp']} onSubmit={submit}>
      <QrCode text={made.uri} label={t('signIn.factors.totpScan')} />
      <div className={styles['form']}>
        <p>{t('signIn.factors.totpScan')}</p>
        <code className={styles['secret']} data-secret>
          {made.secret.match(/.{1,4}/g)?.join(' ')}
        </code>
        <TextInput
          label={t('signIn.factors.totpName')}
          name="name"
          defaultValue={t('signIn.factors.totpDefault')}
          maxLength={60}
          required
        />
        <TextInput
          label={t('signIn.factors.totpCode')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9 ]{6,9}"
          maxLength={9}
          required
          ref={first}
        />
        <FormEnd problem={problem} busy={add.isPending} cancel={cancel} />
      </div>
    </form>
  )
}
