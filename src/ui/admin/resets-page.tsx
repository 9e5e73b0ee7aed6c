import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountWithCode, OpenProposals } from '../../http/accounts/wire.ts'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { CodePanel } from './code-panel.tsx'
import { showCode, useIssuedCode } from './issued-code.ts'
import { ProposalPanel } from './proposal-panel.tsx'
import { resetsQuery } from './use-resets.ts'
import admin from './admin.module.css'
import styles from './resets.module.css'

/** Resets that wait for a supervisor, the second of the two persons. */
export function ResetsPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { data: resets, error, refetch } = useQuery(resetsQuery)
  const issued = useIssuedCode()
  const [problem, setProblem] = useState<unknown>(null)
  useTitle(`${t('admin.resets.title')} · ${t('common.product')}`)

  async function change(work: () => Promise<unknown>): Promise<void> {
    setProblem(null)
    try {
      await work()
    } catch (refused) {
      setProblem(refused)
    }
    await queries.invalidateQueries(resetsQuery)
  }

  if (resets === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return (
    <div className={styles['page']}>
      <h1>{t('admin.resets.title')}</h1>
      <p className={admin['lead']}>{t('admin.resets.lead')}</p>
      <p className={admin['problem']} role="alert">
        {problem === null ? '' : problemText(problem, t)}
      </p>
      {issued !== null && <CodePanel issued={issued} />}
      {issued === null && resets.length === 0 && <p>{t('admin.resets.none')}</p>}
      {issued === null && (
        <ul className={styles['list']}>
          {resets.map((reset) => (
            <Reset key={reset.id} reset={reset} confirmed={showCode} change={change} />
          ))}
        </ul>
      )}
    </div>
  )
}

interface ResetProps {
  readonly reset: OpenProposals['items'][number]
  readonly confirmed: (issued: AccountWithCode) => void
  readonly change: (work: () => Promise<unknown>) => Promise<void>
}

function Reset({ reset, confirmed, change }: ResetProps) {
  const { account, ...proposal } = reset
  return (
    <li>
      <h2>
        {account.name}{' '}
        <span className={admin['quiet']}>
          · {account.username} · {account.employer}
        </span>
      </h2>
      <ProposalPanel account={account} proposal={proposal} confirmed={confirmed} change={change} />
    </li>
  )
}
