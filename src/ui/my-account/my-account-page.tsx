import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Notice } from '../shared/components/notice.tsx'
import { isAgent, useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { AccessHistory } from './access-history.tsx'
import { accessQuery } from './access-query.ts'
import { DeskPhoneSection } from './desk-phone-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { myProgramsQuery, ProgramsSection } from './programs-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import styles from './my-account.module.css'

/** The own account: password, sessions, desk phone, and how it was used. */
export function MyAccountPage() {
  const { t } = useTranslation()
  const me = useMe()
  const queries = useQueryClient()
  const { data: access, error, refetch } = useQuery(accessQuery)
  useTitle(`${t('myAccount.title')} · ${t('common.product')}`)
  if (access === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const again = () => void refetch()
  const ended = () => {
    again()
    void queries.invalidateQueries(myProgramsQuery)
  }
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <h1>{t('myAccount.title')}</h1>
        <span className={styles['quiet']}>
          {me.name} · {me.username}
        </span>
      </header>
      <div className={styles['halves']}>
        <div className={styles['column']}>
          <PasswordSection passwordAt={access.passwordAt} changed={again} />
          <SessionsSection open={access.sessions} ended={ended} />
          {isAgent(me) && <DeskPhoneSection />}
        </div>
        <AccessHistory access={access} />
      </div>
      <ProgramsSection />
    </div>
  )
}
