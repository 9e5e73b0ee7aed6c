import { Button, TextInput } from '@mantine/core'
import { startRegistration, WebAuthnError } from '@simplewebauthn/browser'
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { AddedFactor } from '../../http/sign-in/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useFocus } from '../shared/use-focus.ts'
import { FormEnd } from './form-end.tsx'
import { usesPasskeys } from './use-passkey.ts'
import styles from './factors.module.css'

interface PasskeyFormProps {
  readonly passkeysAt: string | null
  readonly added: (name: string, codes: readonly string[] | null) => void
  readonly cancel: () => void
}

export function PasskeyForm({ passkeysAt, added, cancel }: PasskeyFormProps) {
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>()
  const add = useMutation({
    mutationFn: async (name: string) => {
      const optionsJSON = await api<PublicKeyCredentialCreationOptionsJSON>(
        'POST',
        '/me/factors/passkey/options',
      )
      const answer = await startRegistration({ optionsJSON })
      return api<AddedFactor>('POST', '/me/factors/passkey', { name, answer })
    },
    onSuccess: ({ recoveryCodes }, name) => added(name, recoveryCodes),
  })
  const problem = add.error === null ? '' : passkeyProblem(add.error, t)
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const name = new FormData(event.currentTarget).get('name')
    add.mutate(typeof name === 'string' ? name.trim() : '')
  }

  if (!usesPasskeys(passkeysAt))
    return (
      <div className={styles['form']}>
        <p role="alert">
          {passkeysAt === null
            ? t('signIn.factors.passkeyNowhere')
            : passkeysAt === window.location.origin
              ? t('signIn.factors.passkeyUnsupported')
              : t('signIn.factors.passkeyHere', { origin: passkeysAt })}
        </p>
        <Button variant="default" onClick={cancel}>
          {t('signIn.factors.cancel')}
        </Button>
      </div>
    )
  return (
    <form className={styles['form']} onSubmit={submit}>
      <TextInput
        label={t('signIn.factors.passkeyName')}
        name="name"
        defaultValue={t('signIn.factors.passkeyDefault')}
        maxLength={60}
        required
        ref={first}
      />
      <FormEnd problem={problem} busy={add.isPending} cancel={cancel} />
    </form>
  )
}

function passkeyProblem(error: unknown, t: TFunction): string {
  if (error instanceof Problem) return problemText(error, t)
  const known = error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED'
  return t(known ? 'signIn.factors.passkeyKnown' : 'signIn.factors.passkeyFailed')
}
