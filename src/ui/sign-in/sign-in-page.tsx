import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { CityName } from '../city-hall/city-name.tsx'
import { api, Problem } from '../shared/server/api.ts'
import { meQuery } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useFocus } from '../shared/use-focus.ts'
import { useTitle } from '../shared/use-title.ts'
import { DemoAccounts } from './demo-accounts.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { OtherMethods } from './other-methods.tsx'
import { outcomeIn } from './outcome.ts'
import { methodsQuery, passkeyAnswer } from './use-passkey.ts'
import styles from './sign-in.module.css'
import card from '../shared/components/card-page.module.css'

export function SignInPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { data: methods } = useQuery(methodsQuery)
  const [asksCode, setAsksCode] = useState(false)
  // The page has nothing that should be read before the form.
  const username = useFocus<HTMLInputElement>()
  const code = useRef<HTMLInputElement>(null)
  useTitle(t('common.product'))
  useEffect(() => {
    if (asksCode) code.current?.focus()
  }, [asksCode])

  const enter = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => queries.invalidateQueries(meQuery),
    onError: (refused) => {
      if (isCodeNeeded(refused)) setAsksCode(true)
      code.current?.select()
    },
  })
  const error = isCodeNeeded(enter.error) ? null : enter.error

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = { username: form.get('username'), password: form.get('password') }
    enter.mutate(() => api('POST', '/session', asksCode ? { ...given, code: form.get('code') } : given))
  }

  async function withPasskey(): Promise<void> {
    const answer = await passkeyAnswer()
    if (answer === null) throw new Problem(0, 'passkey-cancelled', t('signIn.passkeyCancelled'))
    await api('POST', '/sign-in/passkey', answer)
  }

  const ended = enter.isIdle && window.location.search === '?ended'
  const outcome = enter.isIdle ? outcomeIn(window.location.search) : null
  const sentence = error === null ? null : signInProblem(error)
  return (
    <main className={card['page']}>
      <div className={card['corner']}>
        <LanguageSwitch />
      </div>
      <div className={styles.box}>
        <CityName size={32} />
        <h1 className={styles.title}>{t('signIn.title')}</h1>
        <form onSubmit={submit} className={styles.form}>
          <TextInput
            label={t('signIn.username')}
            name="username"
            autoComplete="username webauthn"
            required
            ref={username}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
          />
          {asksCode && (
            <TextInput
              label={t('signIn.code')}
              description={t('signIn.codeHint')}
              name="code"
              autoComplete="one-time-code"
              maxLength={40}
              required
              ref={code}
            />
          )}
          <p className={styles.problem} role="alert">
            {ended && t('common.problem.not-signed-in')}
            {outcome !== null && t(`signIn.outcome.${outcome}`)}
            {sentence === null ? '' : sentence === 'other' ? problemText(error, t) : t(sentence)}
          </p>
          <Button type="submit" size="md" fullWidth disabled={enter.isPending}>
            {t('signIn.submit')}
          </Button>
        </form>
        {methods !== undefined && (
          <OtherMethods
            methods={methods}
            busy={enter.isPending}
            usePasskey={() => enter.mutate(withPasskey)}
          />
        )}
        <p className={styles.more}>
          <Anchor href="/activate">{t('myAccount.activate.haveCode')}</Anchor>
        </p>
        <DemoAccounts
          enter={(username) => enter.mutate(() => api('POST', '/demo/session', { username }))}
          busy={enter.isPending}
        />
      </div>
    </main>
  )
}

/** Not an error: the account has a second factor. */
const isCodeNeeded = (error: unknown): boolean => error instanceof Problem && error.code === 'code-needed'

function signInProblem(error: unknown): 'signIn.wrong' | 'signIn.slow' | 'other' {
  if (!(error instanceof Problem)) return 'other'
  if (error.code === 'wrong-credentials') return 'signIn.wrong'
  return error.status === 429 ? 'signIn.slow' : 'other'
}
