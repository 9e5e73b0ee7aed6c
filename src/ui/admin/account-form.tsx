import { Button } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem, AccountWithCode, ChangedAccount } from '../../http/accounts/wire.ts'
import { api } from '../shared/server/api.ts'
import { useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { KeptLine } from '../shared/unsaved/kept-line.tsx'
import { useKept } from '../shared/unsaved/use-kept.ts'
import { clock, longDate, shortDateTime } from '../shared/time/time.ts'
import { acceptFields, AccountFields, type Fields } from './account-fields.tsx'
import { showCode } from './issued-code.ts'
import { ProposalPanel } from './proposal-panel.tsx'
import { useRefreshAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

/** One account: its name, employer and roles, a proposal to decide, a new code, and the button that closes it. */
export function AccountForm({ account }: { readonly account: AccountItem }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const refreshAccounts = useRefreshAccounts()
  const initial: Fields = { name: account.name, employer: account.employer, roles: account.roles }
  const form = useKept({
    name: `account ${account.id}`,
    basis: JSON.stringify(initial),
    initial,
    accept: acceptFields,
    where: 'tab',
  })
  const fields = form.value
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

  // The refusal belongs to the discarded values.
  function discard(): void {
    setError(null)
    setResult('')
    form.discard()
  }

  function save(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const { name, employer, roles } = fields
    void change(async () => {
      const { code, ...changed } = await api<ChangedAccount>('PUT', path, { name, employer, roles })
      form.sent()
      if (code !== null) show({ account: changed, activation: code })
    })
  }

  function show(one: AccountWithCode): void {
    form.sent()
    showCode(one)
  }

  const reset = (query = '') =>
    void change(async () => showCode(await api<AccountWithCode>('POST', `${path}/activation${query}`)))

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
        <Access account={account} />
        {account.proposal !== null && (
          <ProposalPanel account={account} proposal={account.proposal} confirmed={show} change={change} />
        )}
        {(form.broughtBackAt !== null || form.bringBack !== null) && (
          <KeptLine
            form={{ ...form, discard }}
            basis={JSON.stringify(initial)}
            changedMeanwhile={t('admin.accounts.changedMeanwhile')}
          />
        )}
        <AccountFields value={fields} change={form.change} own={own} />
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
        <>
          {account.proposal === null && <ResetButtons rule={account.resetRule} reset={reset} />}
          <ConfirmButton
            label={t('admin.accounts.close')}
            question={t('admin.accounts.closeSure', { name: account.name })}
            yes={t('admin.accounts.closeYes')}
            act={() => void change(() => api('POST', `${path}/close`))}
          />
        </>
      )}
    </div>
  )
}

interface ResetButtonsProps {
  readonly rule: AccountItem['resetRule']
  readonly reset: (query?: string) => void
}

/** The server decides what a reset takes; each button says what it leads to. */
function ResetButtons({ rule, reset }: ResetButtonsProps) {
  const { t } = useTranslation()
  if (rule === 'two')
    return (
      <ConfirmButton
        label={t('admin.accounts.resetTwo')}
        question={t('admin.accounts.resetTwoSure')}
        yes={t('admin.accounts.resetTwoYes')}
        act={() => reset()}
      />
    )
  return (
    <>
      <ConfirmButton
        label={t('admin.accounts.reset')}
        question={t(rule === 'one' ? 'admin.accounts.resetNew' : 'admin.accounts.resetSure')}
        yes={t('admin.accounts.resetYes')}
        act={() => reset()}
      />
      {rule === 'factor' && (
        <ConfirmButton
          label={t('admin.accounts.resetFactor')}
          question={t('admin.accounts.resetFactorSure')}
          yes={t('admin.accounts.resetTwoYes')}
          act={() => reset('?factors=end')}
        />
      )}
    </>
  )
}

/** Since when the password is valid, and who issued the newest code. */
function Access({ account: { passwordAt, activation } }: { readonly account: AccountItem }) {
  const { t, i18n } = useTranslation()
  const parts = [
    ...(passwordAt === null
      ? []
      : [t('admin.accounts.activatedAt', { at: shortDateTime(passwordAt, i18n.language) })]),
    ...(activation === null
      ? []
      : [
          t('admin.accounts.issuedBy', {
            at: shortDateTime(activation.issuedAt, i18n.language),
            by: activation.by ?? t('admin.accounts.server'),
          }),
        ]),
  ]
  return parts.length === 0 ? null : <p className={styles['quiet']}>{parts.join(' ')}</p>
}
