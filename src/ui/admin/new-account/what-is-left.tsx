import { useTranslation } from 'react-i18next'
import type { AccountItem } from '../../../http/accounts/wire.ts'
import styles from './new-account.module.css'

/** After an account was opened: what is missing until its owner takes calls. Nothing for an account that was entered before. */
export function WhatIsLeft({ account }: { readonly account: AccountItem }) {
  const { t } = useTranslation()
  const roles = account.proposal?.roles ?? account.roles
  if (account.passwordAt !== null || !roles.includes('agent')) return null
  return (
    <section aria-labelledby="what-is-left" data-what-is-left>
      <h3 id="what-is-left" className={styles['title']}>
        {t('admin.accounts.left.title')}
      </h3>
      <ol className={styles['left']}>
        {account.proposal !== null && <li>{t('admin.accounts.left.confirm')}</li>}
        <li>{t('admin.accounts.left.enter')}</li>
        <li>{t('admin.accounts.left.agreement')}</li>
        <li>{t('admin.accounts.left.phone')}</li>
      </ol>
    </section>
  )
}
