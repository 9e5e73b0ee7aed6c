import { useEffect, type ReactNode } from 'react'
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary'
import { useTranslation } from 'react-i18next'
import { Notice } from './notice.tsx'
import { reloadOnceAnswered } from '../server/reload.ts'

interface BoundaryProps {
  /**
   * `part` is remounted in place; `page` is reloaded, since its scripts may be missing; `wall` has no one in
   * front of it and reloads by itself.
   */
  readonly of: keyof typeof broken
  /** A new value resets the error. */
  readonly place?: string
  readonly children: ReactNode
}

const broken = { part: BrokenPart, page: BrokenPage, wall: BrokenWall }
const wallAgainAfterMs = 30_000

/** Contains errors of its children; everything around it continues. */
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
