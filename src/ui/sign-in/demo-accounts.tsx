import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../http/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import styles from './sign-in.module.css'

interface DemoAccount {
  readonly username: string
  readonly name: string
  readonly role: Role
}

interface DemoAccountsProps {
  readonly enter: (username: string) => void
  readonly busy: boolean
}

/** One button for each role if the server runs the demonstration; otherwise nothing. */
export function DemoAccounts({ enter, busy }: DemoAccountsProps) {
  const { t } = useTranslation()
  const { data } = useQuery({ queryKey: ['demo'], queryFn: demoAccounts, staleTime: Infinity, retry: false })
  const perRole = firstPerRole(data ?? [])
  if (perRole.length === 0) return null
  return (
    <section className={styles.demo} aria-labelledby="demo">
      <h2 id="demo">{t('signIn.demo')}</h2>
      <div className={styles.roles}>
        {perRole.map(({ username, name, role }) => (
          <Button key={username} variant="default" disabled={busy} onClick={() => enter(username)} h={42}>
            <span className={styles.role}>
              <strong>{t(`common.roles.${role}`)}</strong>
              <span>{name}</span>
            </span>
          </Button>
        ))}
      </div>
      <p>{t('signIn.demoNote')}</p>
    </section>
  )
}

async function demoAccounts(): Promise<readonly DemoAccount[]> {
  try {
    return (await api<{ accounts: DemoAccount[] }>('GET', '/demo')).accounts
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return []
    throw error
  }
}

function firstPerRole(accounts: readonly DemoAccount[]): readonly DemoAccount[] {
  return accounts.filter(
    (account, index) => accounts.findIndex(({ role }) => role === account.role) === index,
  )
}
