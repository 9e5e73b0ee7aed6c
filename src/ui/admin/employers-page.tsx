import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EmployerItem } from '../../http/accounts/wire.ts'
import { api } from '../shared/server/api.ts'
import { useMe } from '../shared/server/me.ts'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { useTitle } from '../shared/use-title.ts'
import { useEmployers, useRefreshAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

/** The employers, and the end of a firm's contract. */
export function EmployersPage() {
  const { t } = useTranslation()
  const { data: employers, error, refetch } = useEmployers()
  const [result, setResult] = useState('')
  useTitle(`${t('admin.employers.title')} · ${t('common.product')}`)
  if (employers === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <h1>{t('admin.employers.title')}</h1>
        <output className={styles['quiet']}>{result}</output>
      </div>
      <p className={styles['lead']}>{t('admin.employers.lead')}</p>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('admin.employers.name')}</th>
            <th scope="col">{t('admin.employers.accounts')}</th>
            <th scope="col">{t('admin.employers.contract')}</th>
          </tr>
        </thead>
        <tbody>
          {employers.map((employer) => (
            <EmployerRow key={employer.name} employer={employer} report={setResult} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface EmployerRowProps {
  readonly employer: EmployerItem
  readonly report: (text: string) => void
}

function EmployerRow({ employer: { name, accounts, ended }, report }: EmployerRowProps) {
  const { t } = useTranslation()
  const me = useMe()
  const refreshAccounts = useRefreshAccounts()

  async function change(work: () => Promise<string>): Promise<void> {
    try {
      report(await work())
      await refreshAccounts()
    } catch (refused) {
      report(problemText(refused, t))
    }
  }
  const end = async () => {
    const { closed } = await api<{ closed: number }>('POST', '/employers/end', { employer: name })
    return t('admin.employers.endedNow', { name, count: closed })
  }
  const renew = async () => {
    await api('POST', '/employers/renew', { employer: name })
    return t('admin.employers.renewedNow', { name })
  }

  return (
    <tr data-employer={name} data-ended={ended}>
      <td>{name}</td>
      <td className="tabular">{accounts}</td>
      <td className={styles['contract']}>
        {ended && (
          <>
            <span>{t('admin.employers.ended')}</span>
            <Button variant="default" onClick={() => void change(renew)}>
              {t('admin.employers.renew')}
            </Button>
          </>
        )}
        {!ended && name === me.employer && <span>{t('admin.employers.own')}</span>}
        {!ended && name !== me.employer && (
          <ConfirmButton
            label={t('admin.employers.end')}
            question={t('admin.employers.endSure', { count: accounts })}
            yes={t('admin.employers.endYes')}
            act={() => void change(end)}
          />
        )}
      </td>
    </tr>
  )
}
