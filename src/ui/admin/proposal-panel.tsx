import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AccountItem, AccountWithCode, Proposal } from '../../http/accounts/wire.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { api } from '../shared/server/api.ts'
import { useMe } from '../shared/server/me.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { NoSecond } from './no-second.tsx'
import styles from './admin.module.css'

interface ProposalPanelProps {
  readonly account: Pick<AccountItem, 'id' | 'username'>
  readonly proposal: Proposal
  readonly confirmed: (issued: AccountWithCode) => void
  /** Runs a request and shows its error. */
  readonly change: (work: () => Promise<unknown>) => Promise<void>
}

/** A proposal of an administrator for this account, with the decision. */
export function ProposalPanel({ account, proposal, confirmed, change }: ProposalPanelProps) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const path = `/account-proposals/${proposal.id}`
  const own = proposal.by.id === me.id
  const refuse = () => void change(() => api('POST', `${path}/refuse`))
  return (
    <section
      className={styles['proposal']}
      aria-label={t('admin.accounts.proposed')}
      data-proposal={proposal.id}
    >
      <strong>
        {proposal.reset
          ? t('admin.accounts.proposesReset', { name: proposal.by.name })
          : t('admin.accounts.proposes', {
              name: proposal.by.name,
              roles: proposal.roles.map((role) => t(`common.roles.${role}`)).join(', '),
            })}
      </strong>
      <span className={styles['quiet']}>
        {t('admin.accounts.proposedOn', {
          at: shortDateTime(proposal.at, i18n.language),
          until: shortDateTime(proposal.expiresAt, i18n.language),
        })}
      </span>
      {own || account.id === me.id ? (
        <>
          <span>{t('admin.accounts.waitsForOther')}</span>
          {!proposal.reset && <NoSecond username={account.username} />}
        </>
      ) : (
        <ConfirmButton
          label={t('admin.accounts.confirm')}
          question={t('admin.accounts.confirmSure')}
          yes={t('admin.accounts.confirmYes')}
          act={() =>
            void change(async () => confirmed(await api<AccountWithCode>('POST', `${path}/confirm`)))
          }
        />
      )}
      <Button variant="default" onClick={refuse}>
        {t(own ? 'admin.accounts.withdraw' : 'admin.accounts.refuse')}
      </Button>
    </section>
  )
}
