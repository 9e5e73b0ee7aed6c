import { useTranslation } from 'react-i18next'
import type { AccountItem } from '../../http/accounts/wire.ts'
import { shortDateTime } from '../shared/time/time.ts'
import styles from './admin.module.css'

interface AccountTableProps {
  readonly accounts: readonly AccountItem[]
  readonly chosen: string | null
  readonly choose: (id: string) => void
}

/** The only button of a row is the name. */
export function AccountTable({ accounts, chosen, choose }: AccountTableProps) {
  const { t } = useTranslation()
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('admin.accounts.name')}</th>
          <th scope="col">{t('admin.accounts.username')}</th>
          <th scope="col">{t('admin.accounts.roles')}</th>
          <th scope="col">{t('admin.accounts.employer')}</th>
          <th scope="col">{t('admin.accounts.access')}</th>
          <th scope="col">{t('admin.accounts.agreement')}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <tr
            key={account.id}
            data-account={account.username}
            data-chosen={account.id === chosen}
            data-closed={account.closedAt !== null}
          >
            <td>
              <button type="button" aria-pressed={account.id === chosen} onClick={() => choose(account.id)}>
                {account.name}
              </button>
            </td>
            <td>{account.username}</td>
            <td>{account.roles.map((role) => t(`common.roles.${role}`)).join(', ')}</td>
            <td>{account.employer}</td>
            <td data-access>
              <Access account={account} />
            </td>
            <td>
              <Standing account={account} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Standing({ account }: { readonly account: AccountItem }) {
  const { t, i18n } = useTranslation()
  const { closedAt, signedAt, roles } = account
  if (closedAt !== null) return t('admin.accounts.closedAt', { at: shortDateTime(closedAt, i18n.language) })
  if (signedAt !== null) return t('admin.accounts.signedAt', { at: shortDateTime(signedAt, i18n.language) })
  if (roles.includes('administrator')) return t('admin.accounts.notAsked')
  return <strong className={styles['missing']}>{t('admin.accounts.unsigned')}</strong>
}

function Access({ account }: { readonly account: AccountItem }) {
  const { t, i18n } = useTranslation()
  const { closedAt, passwordAt, activation, proposal } = account
  if (closedAt !== null) return null
  if (proposal !== null) return <strong className={styles['missing']}>{t('admin.accounts.proposed')}</strong>
  if (activation === null || activation.usedAt !== null)
    return t(passwordAt === null ? 'admin.accounts.noAccess' : 'admin.accounts.active')
  if (activation.expired) return t('admin.accounts.expired')
  return activation.openedAt === null
    ? t('admin.accounts.awaits', { at: shortDateTime(activation.expiresAt, i18n.language) })
    : t('admin.accounts.opened', { at: shortDateTime(activation.openedAt, i18n.language) })
}
