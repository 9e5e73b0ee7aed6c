/** Which screen stands at which address, and who may see it. */
import { useQuery } from '@tanstack/react-query'
import { lazy, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, usePathname } from 'wouter/use-browser-location'
import type { Me } from '../http/session/wire.ts'
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
  readsPapers,
} from './shared/me.ts'
import { Notice } from './shared/notice.tsx'
import { problemText } from './shared/problem-text.ts'
import { Waiting } from './shared/waiting.tsx'
import { Shell } from './shell/shell.tsx'
import { SignInPage } from './sign-in/sign-in-page.tsx'

const DeskPage = lazy(() => import('./agent/desk-page.tsx').then((file) => ({ default: file.DeskPage })))
const BoardPage = lazy(() =>
  import('./supervisor/board-page.tsx').then((file) => ({ default: file.BoardPage })),
)
const IdentityPage = lazy(() =>
  import('./supervisor/identity/identity-page.tsx').then((file) => ({ default: file.IdentityPage })),
)
const WallPage = lazy(() =>
  import('./supervisor/wall/wall-page.tsx').then((file) => ({ default: file.WallPage })),
)
const CallsPage = lazy(() => import('./calls/calls-page.tsx').then((file) => ({ default: file.CallsPage })))
const UndeliveredPage = lazy(() =>
  import('./documents/undelivered-page.tsx').then((file) => ({ default: file.UndeliveredPage })),
)
const PapersPage = lazy(() =>
  import('./knowledge/knowledge-page.tsx').then((file) => ({ default: file.PapersPage })),
)
const PaperPage = lazy(() =>
  import('./knowledge/article-page.tsx').then((file) => ({ default: file.PaperPage })),
)
const PaperEditor = lazy(() =>
  import('./knowledge/article-editor.tsx').then((file) => ({ default: file.PaperEditor })),
)
const AgreementPage = lazy(() =>
  import('./agreement/agreement-page.tsx').then((file) => ({ default: file.AgreementPage })),
)
const AccountsPage = lazy(() =>
  import('./admin/accounts-page.tsx').then((file) => ({ default: file.AccountsPage })),
)
const EmployersPage = lazy(() =>
  import('./admin/employers-page.tsx').then((file) => ({ default: file.EmployersPage })),
)
const AgreementTextPage = lazy(() =>
  import('./admin/agreement-text-page.tsx').then((file) => ({ default: file.AgreementTextPage })),
)
const RequestsPage = lazy(() =>
  import('./supervisor/requests/requests-page.tsx').then((file) => ({ default: file.RequestsPage })),
)
const TrackingPage = lazy(() =>
  import('./public/tracking-page.tsx').then((file) => ({ default: file.TrackingPage })),
)
const CallPage = lazy(() => import('./calls/call-page.tsx').then((file) => ({ default: file.CallPage })))
const JournalPage = lazy(() =>
  import('./journal/journal-page.tsx').then((file) => ({ default: file.JournalPage })),
)

/** What anybody may open stands before the question who it is. */
export function Rooms() {
  return usePathname() === '/urmarire' ? <TrackingPage /> : <StaffRooms />
}

function StaffRooms() {
  const { t } = useTranslation()
  const path = usePathname()
  const { data: me, error, isPending, refetch } = useQuery(meQuery)
  const elsewhere = isPending || error !== null ? null : redirect(path, me)
  useEffect(() => {
    if (elsewhere !== null) navigate(elsewhere, { replace: true })
  }, [elsewhere])

  if (isPending || elsewhere !== null) return <Waiting />
  if (me === undefined) return <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (me === null) return <SignInPage />
  return (
    <Shell me={me} bare={path === '/board/wall'}>
      {roomFor(path, me) ?? <Notice text={t('common.notFound')} />}
    </Shell>
  )
}

function redirect(path: string, me: Me | null): string | null {
  if (me === null) return path === '/sign-in' ? null : '/sign-in'
  return path === '/' || path === '/sign-in' ? homeOf(me) : null
}

function roomFor(path: string, me: Me): ReactNode {
  if (path === '/desk') return isAgent(me) ? <DeskPage /> : null
  if (path === '/board') return isSupervisor(me) ? <BoardPage /> : null
  if (path === '/board/wall') return isSupervisor(me) ? <WallPage /> : null
  if (path === '/identity') return isSupervisor(me) ? cityRoom(<IdentityPage />) : null
  if (path === '/documents') return keepsDocuments(me) ? <UndeliveredPage /> : null
  if (isAdministrator(me)) return administratorsRoom(path)
  if (path === '/agreement') return <AgreementPage />
  if (path === '/journal') return isAuditor(me) ? cityRoom(<JournalPage />) : null
  return callRoom(path, me) ?? cityRoom(paperRoom(path, me))
}

function callRoom(path: string, me: Me): ReactNode {
  if (!readsCalls(me)) return null
  if (path === '/calls') return <CallsPage />
  if (path === '/requests') return isSupervisor(me) ? cityRoom(<RequestsPage />) : null
  const call = /^\/calls\/([^/]+)$/.exec(path)?.[1]
  return call === undefined ? null : <CallPage id={decodeURIComponent(call)} key={call} />
}

/** Whose data are the city's: signed for before they are shown. */
function cityRoom(room: ReactNode): ReactNode {
  return room === null ? null : <CityGate>{room}</CityGate>
}

function paperRoom(path: string, me: Me): ReactNode {
  if (!readsPapers(me)) return null
  if (path === '/papers') return <PapersPage />
  const [, name, edit] = /^\/papers\/([^/]+)(\/edit)?$/.exec(path) ?? []
  if (name === undefined) return null
  const id = decodeURIComponent(name)
  if (edit === undefined) return <PaperPage id={id} key={id} />
  return isEditor(me) ? <PaperEditor id={id} key={id} /> : null
}

/** He sees no city data and no calls. */
function administratorsRoom(path: string): ReactNode {
  if (path === '/accounts') return <AccountsPage />
  if (path === '/employers') return <EmployersPage />
  return path === '/agreement/text' ? <AgreementTextPage /> : null
}
