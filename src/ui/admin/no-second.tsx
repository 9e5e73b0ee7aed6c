import { useTranslation } from 'react-i18next'
import { useMe } from '../shared/server/me.ts'
import { useAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

/** Where no other administrator can confirm a proposal: the way that is left. */
export function NoSecond({ username }: { readonly username: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const { data: accounts } = useAccounts()
  const second = accounts?.some(
    ({ id, roles, closedAt, passwordAt }) =>
      id !== me.id && roles.includes('administrator') && closedAt === null && passwordAt !== null,
  )
  if (second !== false) return null
  return (
    <p className={styles['hint']} data-no-second>
      {t('admin.accounts.noSecond', { username: username === '' ? '…' : username })}
    </p>
  )
}
