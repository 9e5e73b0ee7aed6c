import { AppShell } from '@mantine/core'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePathname } from 'wouter/use-browser-location'
import type { Me } from '../../http/session/wire.ts'
import { useFormKeys } from '../agent/keys/use-keys.ts'
import { openFeed } from '../live/live-feed.ts'
import { Boundary } from '../shared/components/boundary.tsx'
import { isAgent, isSupervisor } from '../shared/server/me.ts'
import { Waiting } from '../shared/components/waiting.tsx'
import { FeedBar } from './feed-bar.tsx'
import { Header } from './header.tsx'
import { useClaim } from './use-claim.ts'
import { useSessionWatch } from './use-session-watch.ts'
import styles from './shell.module.css'

/** Only agents have a phone; other accounts do not load its code. */
const AgentSession = lazy(() =>
  import('../agent/agent-screens.ts').then((file) => ({ default: file.AgentSession })),
)

/** Only supervisors are in calls without a desk. */
const SupervisionBar = lazy(() =>
  import('../supervisor/supervision/supervision-bar.tsx').then((file) => ({ default: file.SupervisionBar })),
)

interface ShellProps {
  readonly me: Me
  /** Without the header, for the wallboard. */
  readonly bare: boolean
  readonly children: ReactNode
}

export function Shell({ me, bare, children }: ShellProps) {
  const { t } = useTranslation()
  const path = usePathname()
  const claimed = useClaim(path, isAgent(me))
  useSessionWatch()
  useFormKeys(!claimed)
  useEffect(() => {
    // The page that carries the phone opens the feed after registering: see agent/phone/phone-claim.ts.
    if (!claimed) openFeed('watch')
  }, [claimed])
  const screen = (
    <Boundary of={bare ? 'wall' : 'page'} place={path}>
      {children}
    </Boundary>
  )
  return (
    <AppShell header={{ height: bare ? 0 : 40 }} padding={0}>
      <a className="skip-link" href="#work">
        {t('common.skipToWork')}
      </a>
      {!bare && <Header me={me} />}
      <AppShell.Main id="work" className={styles.main} tabIndex={-1}>
        {bare && (
          <div className={styles['onWall']}>
            <FeedBar />
          </div>
        )}
        {claimed ? (
          <Suspense fallback={<Waiting />}>
            <AgentSession>{screen}</AgentSession>
          </Suspense>
        ) : (
          screen
        )}
        {isSupervisor(me) && !bare && (
          <Suspense fallback={null}>
            <SupervisionBar claimed={claimed} />
          </Suspense>
        )}
      </AppShell.Main>
    </AppShell>
  )
}
