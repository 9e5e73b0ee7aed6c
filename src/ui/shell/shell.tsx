import { AppShell } from '@mantine/core'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../http/wire.ts'
import { openFeed } from '../live/live-feed.ts'
import { isAgent } from '../shared/me.ts'
import { FeedBar } from './feed-bar.tsx'
import { Header } from './header.tsx'
import styles from './shell.module.css'

/** Only agents carry a phone; the others need not load one. */
const AgentSession = lazy(() =>
  import('../agent/agent-session.tsx').then((file) => ({ default: file.AgentSession })),
)

interface ShellProps {
  readonly me: Me
  /** No header: the wallboard on a television. */
  readonly bare: boolean
  readonly children: ReactNode
}

export function Shell({ me, bare, children }: ShellProps) {
  const { t } = useTranslation()
  const carriesPhone = isAgent(me)
  useEffect(() => {
    // An agent's page opens the feed after its phone: see agent/arrival.ts.
    if (!carriesPhone) openFeed()
  }, [carriesPhone])
  return (
    <AppShell header={{ height: bare ? 0 : 40 }} padding={0}>
      <a className="skip-link" href="#work">
        {t('common.skipToWork')}
      </a>
      {!bare && <Header me={me} />}
      {carriesPhone && (
        <Suspense fallback={null}>
          <AgentSession />
        </Suspense>
      )}
      <AppShell.Main id="work" className={styles.main} tabIndex={-1}>
        {bare && <FeedBar />}
        {children}
      </AppShell.Main>
    </AppShell>
  )
}
