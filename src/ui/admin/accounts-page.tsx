import { Button, Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { heldBySecret } from '../shared/unsaved/shown-once.ts'
import { useTitle } from '../shared/use-title.ts'
import { AccountForm } from './account-form.tsx'
import { AccountTable } from './account-table.tsx'
import { CodePanel } from './code-panel.tsx'
import { useIssuedCode } from './issued-code.ts'
import { ImportPage } from './people-import/import-page.tsx'
import { useImportedCodes } from './people-import/imported-codes.ts'
import { NewAccountForm } from './new-account/new-account-form.tsx'
import { useAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

/** All accounts with their roles and employers: the list left, one account right. */
export function AccountsPage() {
  const { t } = useTranslation()
  const { data: accounts, error, refetch } = useAccounts()
  const [chosen, setChosen] = useState<string | null>(null)
  const [withClosed, setWithClosed] = useState(false)
  const issued = useIssuedCode()
  const imported = useImportedCodes()
  const [isImporting, setImporting] = useState(false)
  /** Of the last account that was opened: the next one is likely to have the same. */
  const [employer, setEmployer] = useState('')
  useTitle(`${t('admin.accounts.title')} · ${t('common.product')}`)
  if (accounts === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (isImporting || imported !== null) return <ImportPage leave={() => setImporting(false)} />
  const closed = accounts.filter(({ closedAt }) => closedAt !== null).length
  const shown = accounts.filter(({ closedAt }) => withClosed || closedAt === null)
  const proposed = accounts.filter(({ proposal }) => proposal !== null)
  const account = shown.find(({ id }) => id === chosen)
  const choose = (id: string | null): void => {
    if (!heldBySecret()) setChosen(id)
  }
  return (
    <div className={styles['halves']}>
      <div className={styles['list']}>
        <div className={styles['head']}>
          <h1>{t('admin.accounts.title')}</h1>
          <span className={styles['quiet']}>
            {t('admin.accounts.open', { count: accounts.length - closed })}
          </span>
          {proposed.length > 0 && (
            <strong className={styles['missing']}>
              {t('admin.accounts.toConfirm', { count: proposed.length })}
            </strong>
          )}
          {closed > 0 && (
            <Switch
              size="sm"
              label={t('admin.accounts.withClosed', { count: closed })}
              checked={withClosed}
              onChange={(event) => setWithClosed(event.currentTarget.checked)}
            />
          )}
          <Button
            variant="default"
            onClick={() => {
              if (!heldBySecret()) setImporting(true)
            }}
            data-action="import-people"
          >
            {t('peopleImport.open')}
          </Button>
          <Button variant={account === undefined ? 'light' : 'default'} onClick={() => choose(null)}>
            {t('admin.accounts.add')}
          </Button>
        </div>
        <AccountTable accounts={shown} chosen={account?.id ?? null} choose={choose} />
        {!accounts.some(({ closedAt, roles }) => closedAt === null && roles.includes('agent')) && (
          <p className={styles['next']} data-no-agent>
            {t('admin.accounts.noAgent')}
          </p>
        )}
      </div>
      <aside className={styles['one']} aria-label={t('admin.accounts.one')}>
        {issued !== null ? (
          <CodePanel key={issued.activation.code} issued={issued} />
        ) : account === undefined ? (
          <NewAccountForm employer={employer} opened={setEmployer} />
        ) : (
          <AccountForm key={`${account.id} ${account.closedAt ?? ''}`} account={account} />
        )}
      </aside>
    </div>
  )
}
