import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { passwordLengthMin } from '../../http/my-account/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
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
  const change = useMutation({
    mutationFn: async (element: HTMLFormElement) => {
      const form = new FormData(element)
      const password = form.get('password')
      if (password !== form.get('again'))
        throw new Problem(0, 'passwords-differ', t('myAccount.activate.differ'))
      await api('PUT', '/me/password', { current: form.get('current'), password })
    },
    onSuccess: (_, element) => {
      element.reset()
      changed()
    },
  })

  return (
    <section className={styles['section']} aria-labelledby="password" data-section="password">
      <h2 id="password">{t('myAccount.password.title')}</h2>
      {passwordAt !== null && (
        <p className={styles['quiet']}>
          {t('myAccount.password.since', { at: shortDateTime(passwordAt, i18n.language) })}
        </p>
      )}
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(event.currentTarget)
        }}
      >
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
        <output>{change.isSuccess && t('myAccount.password.changed')}</output>
        <p className={styles['problem']} role="alert">
          {change.error !== null && problemText(change.error, t)}
        </p>
        <Button type="submit" disabled={change.isPending}>
          {t('myAccount.password.change')}
        </Button>
      </form>
    </section>
  )
}
