import { useEffect, type ReactNode } from 'react'
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary'
import { useTranslation } from 'react-i18next'
import { Notice } from './notice.tsx'
import { reloadOnceAnswered } from '../server/reload.ts'

interface BoundaryProps {
  /**
   * A part is mounted anew in its place; a whole page is fetched anew, for its scripts may be missing. A wall is a page
   * in front of which nobody stands: it comes by itself.
   */
  readonly of: keyof typeof broken
  /** Another one here is another try. */
  readonly place?: string
  readonly children: ReactNode
}

const broken = { part: BrokenPart, page: BrokenPage, wall: BrokenWall }
const wallAgainAfterMs = 30_000

/** What breaks inside stays inside: everything around it goes on. */
export function Boundary({ of, place, children }: BoundaryProps) {
  return (
    <ErrorBoundary resetKeys={[place]} FallbackComponent={broken[of]}>
      {children}
    </ErrorBoundary>
  )
}

function BrokenPart({ resetErrorBoundary }: FallbackProps) {
  const { t } = useTranslation()
  return (
    <div role="alert" data-broken="part">
      <Notice text={t('common.broken.part')} again={resetErrorBoundary} />
    </div>
  )
}

function BrokenPage() {
  const { t } = useTranslation()
  return (
    <div role="alert" data-broken="page">
      <Notice
        text={t('common.broken.page')}
        again={() => window.location.reload()}
        label={t('common.broken.reload')}
      />
    </div>
  )
}

function BrokenWall() {
  useEffect(() => {
    const over = new AbortController()
    void reloadOnceAnswered(wallAgainAfterMs, over.signal)
    return () => over.abort()
  }, [])
  return <BrokenPage />
}
