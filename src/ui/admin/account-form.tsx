import { Button } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem } from '../../http/accounts/wire.ts'
import { api } from '../shared/server/api.ts'
import { useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { clock, longDate } from '../shared/time/time.ts'
import { AccountFields, type Fields } from './account-fields.tsx'
import { useRefreshAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

/** One account: its name, employer and roles, and the button that closes it. */
export function AccountForm({ account }: { readonly account: AccountItem }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const refreshAccounts = useRefreshAccounts()
  const [fields, setFields] = useState<Fields>(account)
  const [result, setResult] = useState('')
  const [error, setError] = useState<unknown>(null)
  const own = account.id === me.id
  const path = `/accounts/${encodeURIComponent(account.id)}`
  const { closedAt } = account

  async function change(work: () => Promise<unknown>): Promise<void> {
    setError(null)
    setResult('')
    try {
      await work()
      setResult(t('admin.accounts.saved'))
      await refreshAccounts()
    } catch (refused) {
      setError(refused)
    }
  }

  function save(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const { name, employer, roles } = fields
    void change(() => api('PUT', path, { name, employer, roles }))
  }

  if (closedAt !== null)
    return (
      <section className={styles['form']}>
        <h2>{account.name}</h2>
        <p>
          {t('admin.accounts.closedOn', {
            date: longDate(closedAt, i18n.language),
            time: clock(closedAt, i18n.language),
          })}
        </p>
      </section>
    )
  return (
    <div className={styles['form']}>
      <form className={styles['form']} onSubmit={save}>
        <h2>{account.name}</h2>
        <p className={styles['quiet']}>{account.username}</p>
        <AccountFields value={fields} change={setFields} own={own} />
        <output>{result}</output>
        <p className={styles['problem']} role="alert">
          {error === null ? '' : problemText(error, t)}
        </p>
        <Button type="submit" disabled={fields.roles.length === 0}>
          {t('admin.accounts.save')}
        </Button>
      </form>
      {own ? (
        <p className={styles['quiet']}>{t('admin.accounts.ownClose')}</p>
      ) : (
        <ConfirmButton
          label={t('admin.accounts.close')}
          question={t('admin.accounts.closeSure', { name: account.name })}
          yes={t('admin.accounts.closeYes')}
          act={() => void change(() => api('POST', `${path}/close`))}
        />
      )}
    </div>
  )
}
