import { Button, PasswordInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { passwordLengthMin } from '../../http/my-account/wire.ts'
import { api } from '../shared/server/api.ts'
import { useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { shortDateTime } from '../shared/time/time.ts'
import styles from './my-account.module.css'

interface PasswordSectionProps {
  readonly passwordAt: string | null
  readonly changed: () => void
}

export function PasswordSection({ passwordAt, changed }: PasswordSectionProps) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const [problem, setProblem] = useState('')
  const [result, setResult] = useState('')
  const [busy, setBusy] = useState(false)

  async function change(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const password = form.get('password')
    setResult('')
    if (password !== form.get('again')) return setProblem(t('myAccount.activate.differ'))
    setBusy(true)
    setProblem('')
    try {
      await api('PUT', '/me/password', { current: form.get('current'), password })
      element.reset()
      setResult(t('myAccount.password.changed'))
      changed()
    } catch (refused) {
      setProblem(problemText(refused, t))
    }
    setBusy(false)
  }

  return (
    <section className={styles['section']} aria-labelledby="password" data-section="password">
      <h2 id="password">{t('myAccount.password.title')}</h2>
      {passwordAt !== null && (
        <p className={styles['quiet']}>
          {t('myAccount.password.since', { at: shortDateTime(passwordAt, i18n.language) })}
        </p>
      )}
      <form className={styles['form']} onSubmit={(event) => void change(event)}>
        <input type="hidden" name="username" autoComplete="username" value={me.username} />
        <PasswordInput
          label={t('myAccount.password.current')}
          name="current"
          autoComplete="current-password"
          required
        />
        <PasswordInput
          label={t('myAccount.activate.password')}
          description={t('myAccount.activate.rules')}
          name="password"
          autoComplete="new-password"
          minLength={passwordLengthMin}
          required
        />
        <PasswordInput
          label={t('myAccount.activate.again')}
          name="again"
          autoComplete="new-password"
          required
        />
        <output>{result}</output>
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
        <Button type="submit" disabled={busy}>
          {t('myAccount.password.change')}
        </Button>
      </form>
    </section>
  )
}
