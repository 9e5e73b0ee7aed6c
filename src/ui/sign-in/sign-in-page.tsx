import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api, Problem } from '../shared/server/api.ts'
import { meQuery } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { Mark } from '../shell/mark.tsx'
import { DemoAccounts } from './demo-accounts.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import styles from './sign-in.module.css'
import card from '../shared/components/card-page.module.css'

export function SignInPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const username = useRef<HTMLInputElement>(null)
  useTitle(t('common.product'))
  // The page has nothing that should be read before the form.
  useEffect(() => username.current?.focus(), [])

  async function enter(path: string, body: object): Promise<void> {
    setBusy(true)
    try {
      await api('POST', path, body)
      await queries.invalidateQueries(meQuery)
    } catch (refused) {
      setError(refused)
    }
    setBusy(false)
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void enter('/session', { username: form.get('username'), password: form.get('password') })
  }

  const ended = error === null && window.location.search === '?ended'
  const sentence = error === null ? null : signInProblem(error)
  return (
    <main className={card['page']}>
      <div className={card['corner']}>
        <LanguageSwitch />
      </div>
      <div className={styles.box}>
        <h1 className={styles.title}>
          <Mark size={40} />
          {t('signIn.title')}
        </h1>
        <p className={styles.lead}>{t('signIn.lead')}</p>
        <form onSubmit={submit} className={styles.form}>
          <TextInput
            label={t('signIn.username')}
            name="username"
            autoComplete="username"
            required
            ref={username}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
          />
          <p className={styles.problem} role="alert">
            {ended && t('common.problem.not-signed-in')}
            {sentence === null ? '' : sentence === 'other' ? problemText(error, t) : t(sentence)}
          </p>
          <Button type="submit" size="md" fullWidth disabled={busy}>
            {t('signIn.submit')}
          </Button>
        </form>
        <DemoAccounts enter={(username) => void enter('/demo/session', { username })} busy={busy} />
      </div>
    </main>
  )
}

function signInProblem(error: unknown): 'signIn.wrong' | 'signIn.slow' | 'other' {
  if (error instanceof Problem && error.status === 401) return 'signIn.wrong'
  return error instanceof Problem && error.status === 429 ? 'signIn.slow' : 'other'
}
