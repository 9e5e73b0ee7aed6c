import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountWithCode } from '../../http/accounts/wire.ts'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { AccountFields, type Fields } from './account-fields.tsx'
import { showCode } from './issued-code.ts'
import { useRefreshAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

const nothing: Fields = { name: '', employer: '', roles: ['agent'] }

/** Opens an account, which its owner activates with the code that is shown then. */
export function NewAccountForm() {
  const { t } = useTranslation()
  const refreshAccounts = useRefreshAccounts()
  const [fields, setFields] = useState<Fields>(nothing)
  const [username, setUsername] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function add(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const added = await api<AccountWithCode>('POST', '/accounts', { username, ...fields })
      // The next account is likely to belong to the same employer.
      setFields({ ...nothing, employer: fields.employer })
      setUsername('')
      showCode(added)
      await refreshAccounts()
    } catch (refused) {
      setError(refused)
    }
    setBusy(false)
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void add(event)} data-new-account>
      <h2>{t('admin.accounts.new')}</h2>
      <TextInput
        label={t('admin.accounts.username')}
        description={t('admin.accounts.usernameHint')}
        name="username"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        required
      />
      <AccountFields value={fields} change={setFields} own={false} />
      <p className={styles['problem']} role="alert">
        {error === null ? '' : problemText(error, t)}
      </p>
      <Button type="submit" disabled={busy || fields.roles.length === 0}>
        {t('admin.accounts.create')}
      </Button>
    </form>
  )
}
