import type { ReactNode } from 'react'
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary'
import { useTranslation } from 'react-i18next'
import { Notice } from './notice.tsx'

interface BoundaryProps {
  /** A part is mounted anew in its place; a whole page is fetched anew, for its scripts may be missing. */
  readonly of: 'part' | 'page'
  /** Another one here is another try. */
  readonly place?: string
  readonly children: ReactNode
}

/** What breaks inside stays inside: everything around it goes on, the phone first of all. */
export function Boundary({ of, place, children }: BoundaryProps) {
  return (
    <ErrorBoundary resetKeys={[place]} FallbackComponent={of === 'part' ? BrokenPart : BrokenPage}>
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
