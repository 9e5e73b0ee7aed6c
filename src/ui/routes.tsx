/** The staff's screen of each URL, and the roles that may see it. */
import { useQuery } from '@tanstack/react-query'
import { lazy, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, usePathname } from 'wouter/use-browser-location'
import type { Me } from '../http/session/wire.ts'
import { screenPattern, type ScreenPath } from '../http/shell/wire.ts'
import { CityGate } from './agreement/city-gate.tsx'
import { keepsDocuments } from './documents/undelivered-query.ts'
import {
  homeOf,
  isAdministrator,
  isAgent,
  isAuditor,
  isEditor,
  isSupervisor,
  meQuery,
  readsCalls,
  readsArticles,
} from './shared/server/me.ts'
import { Notice } from './shared/components/notice.tsx'
import { problemText } from './shared/server/problem-text.ts'
import { Waiting } from './shared/components/waiting.tsx'
import { Shell } from './shell/shell.tsx'
import { SignInPage } from './sign-in/sign-in-page.tsx'

const DeskPage = lazy(() => import('./agent/agent-screens.ts').then((file) => ({ default: file.DeskPage })))
const BoardPage = lazy(() =>
  import('./supervisor/board/board-page.tsx').then((file) => ({ default: file.BoardPage })),
)
const AgentPage = lazy(() =>
  import('./supervisor/agents/agent-page.tsx').then((file) => ({ default: file.AgentPage })),
)
const IdentityPage = lazy(() =>
  import('./supervisor/identity/identity-page.tsx').then((file) => ({ default: file.IdentityPage })),
)
const BlockedCallersPage = lazy(() =>
  import('./supervisor/blocked-callers/blocked-callers-page.tsx').then((file) => ({
    default: file.BlockedCallersPage,
  })),
)
const WebhooksPage = lazy(() =>
  import('./admin/webhooks/webhooks-page.tsx').then((file) => ({ default: file.WebhooksPage })),
)
const SkillsPage = lazy(() =>
  import('./supervisor/skills/skills-page.tsx').then((file) => ({ default: file.SkillsPage })),
)
const WallPage = lazy(() =>
  import('./supervisor/wall/wall-page.tsx').then((file) => ({ default: file.WallPage })),
)
const CallsPage = lazy(() => import('./calls/calls-page.tsx').then((file) => ({ default: file.CallsPage })))
const UndeliveredPage = lazy(() =>
  import('./documents/undelivered-page.tsx').then((file) => ({ default: file.UndeliveredPage })),
)
const KnowledgePage = lazy(() =>
  import('./knowledge/knowledge-page.tsx').then((file) => ({ default: file.KnowledgePage })),
)
const ArticlePage = lazy(() =>
  import('./knowledge/article-page.tsx').then((file) => ({ default: file.ArticlePage })),
)
const DraftPage = lazy(() =>
  import('./knowledge/drafts/draft-page.tsx').then((file) => ({ default: file.DraftPage })),
)
const ArticleEditor = lazy(() =>
  import('./knowledge/article-editor.tsx').then((file) => ({ default: file.ArticleEditor })),
)
const AgreementPage = lazy(() =>
  import('./agreement/agreement-page.tsx').then((file) => ({ default: file.AgreementPage })),
)
const AccountsPage = lazy(() =>
  import('./admin/accounts-page.tsx').then((file) => ({ default: file.AccountsPage })),
)
const ResetsPage = lazy(() =>
  import('./admin/resets-page.tsx').then((file) => ({ default: file.ResetsPage })),
)
const EmployersPage = lazy(() =>
  import('./admin/employers-page.tsx').then((file) => ({ default: file.EmployersPage })),
)
const ConfigurationPage = lazy(() =>
  import('./admin/configuration/configuration-page.tsx').then((file) => ({
    default: file.ConfigurationPage,
  })),
)
const ConnectionsPage = lazy(() =>
  import('./admin/connections/connections-page.tsx').then((file) => ({ default: file.ConnectionsPage })),
)
const ProgramsPage = lazy(() =>
  import('./admin/programs-page.tsx').then((file) => ({ default: file.ProgramsPage })),
)
const AgreementTextPage = lazy(() =>
  import('./admin/agreement-text-page.tsx').then((file) => ({ default: file.AgreementTextPage })),
)
const RequestsPage = lazy(() =>
  import('./supervisor/requests/requests-page.tsx').then((file) => ({ default: file.RequestsPage })),
)
const CallPage = lazy(() => import('./calls/call-page.tsx').then((file) => ({ default: file.CallPage })))
const EnrolPage = lazy(() => import('./sign-in/enrol-page.tsx').then((file) => ({ default: file.EnrolPage })))
const FactorsPage = lazy(() =>
  import('./sign-in/factors-page.tsx').then((file) => ({ default: file.FactorsPage })),
)
const MyAccountPage = lazy(() =>
  import('./my-account/my-account-page.tsx').then((file) => ({ default: file.MyAccountPage })),
)
const JournalPage = lazy(() =>
  import('./journal/journal-page.tsx').then((file) => ({ default: file.JournalPage })),
)

/** Every screen that needs a session, and the sign-in. */
export function StaffScreens() {
  const { t } = useTranslation()
  const path = usePathname() as ScreenPath
  const { data: me, error, isPending, refetch } = useQuery(meQuery)
  const elsewhere = isPending || error !== null ? null : redirect(path, me)
  useEffect(() => {
    if (elsewhere !== null) navigate(elsewhere, { replace: true })
  }, [elsewhere])

  if (isPending || elsewhere !== null) return <Waiting />
  if (me === undefined) return <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (me === null) return isScreen(path) ? <SignInPage /> : <Notice text={t('common.notFound')} />
  if (me.mustEnrol) return <EnrolPage me={me} />
  return (
    <Shell me={me} bare={path === '/board/wall'}>
      {screenFor(path, me) ?? <Notice text={t('common.notFound')} />}
    </Shell>
  )
}

const isScreen = (path: string): boolean => new RegExp(screenPattern).test(path)

function redirect(path: ScreenPath, me: Me | null): string | null {
  if (me === null) return path === '/sign-in' || !isScreen(path) ? null : '/sign-in'
  return path === '/' || path === '/sign-in' ? homeOf(me) : null
}

function screenFor(path: ScreenPath, me: Me): ReactNode {
  if (path === '/desk') return isAgent(me) ? <DeskPage /> : null
  if (path === '/board') return isSupervisor(me) ? <BoardPage /> : null
  if (path === '/board/wall') return isSupervisor(me) ? <WallPage /> : null
  const agent = /^\/board\/agents\/([^/]+)$/.exec(path)?.[1]
  if (agent !== undefined)
    return isSupervisor(me) ? <AgentPage id={decodeURIComponent(agent)} key={agent} /> : null
  if (path === '/skills') return isSupervisor(me) || isAdministrator(me) ? <SkillsPage /> : null
  if (path === '/configuration') return isSupervisor(me) || isAdministrator(me) ? <ConfigurationPage /> : null
  if (path === '/identity') return isSupervisor(me) ? cityScreen(<IdentityPage />) : null
  if (path === '/blocked-callers') return isSupervisor(me) ? cityScreen(<BlockedCallersPage />) : null
  if (path === '/resets') return isSupervisor(me) ? <ResetsPage /> : null
  if (path === '/documents') return keepsDocuments(me) ? <UndeliveredPage /> : null
  if (path === '/factors') return <FactorsPage />
  if (path === '/account') return <MyAccountPage />
  if (isAdministrator(me)) return administratorScreen(path)
  if (path === '/agreement') return <AgreementPage />
  if (path === '/journal') return isAuditor(me) ? cityScreen(<JournalPage />) : null
  return callScreen(path, me) ?? cityScreen(articleScreen(path, me))
}

function callScreen(path: ScreenPath, me: Me): ReactNode {
  if (!readsCalls(me)) return null
  if (path === '/calls') return cityScreen(<CallsPage />)
  if (path === '/requests') return isSupervisor(me) ? cityScreen(<RequestsPage />) : null
  const call = /^\/calls\/([^/]+)$/.exec(path)?.[1]
  return call === undefined ? null : cityScreen(<CallPage id={decodeURIComponent(call)} key={call} />)
}

/** Screens with city data require the signed agreement. */
function cityScreen(screen: ReactNode): ReactNode {
  return screen === null ? null : <CityGate>{screen}</CityGate>
}

function articleScreen(path: ScreenPath, me: Me): ReactNode {
  if (!readsArticles(me)) return null
  if (path === '/papers') return <KnowledgePage />
  const draft = /^\/papers\/drafts\/(\d{1,15})$/.exec(path)?.[1]
  if (draft !== undefined) return isEditor(me) ? <DraftPage draft={Number(draft)} key={draft} /> : null
  const [, name, edit] = /^\/papers\/([^/]+)(\/edit)?$/.exec(path) ?? []
  if (name === undefined) return null
  const id = decodeURIComponent(name)
  if (edit === undefined) return <ArticlePage id={id} key={id} />
  return isEditor(me) ? <ArticleEditor id={id} key={id} /> : null
}

/** Administrators see no city data and no calls. */
function administratorScreen(path: ScreenPath): ReactNode {
  if (path === '/accounts') return <AccountsPage />
  if (path === '/employers') return <EmployersPage />
  if (path === '/programs') return <ProgramsPage />
  if (path === '/programs/webhooks') return <WebhooksPage />
  if (path === '/connections') return <ConnectionsPage />
  return path === '/agreement/text' ? <AgreementTextPage /> : null
}
