import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { Waiting } from '../shared/components/waiting.tsx'
import { useAgreement } from './agreement-query.ts'
import { SignForm } from './sign-form.tsx'

/**
 * Wraps every screen with city data: a person who has not signed the agreement signs it here and then
 * continues. The server enforces the rule; this component only asks before a request is rejected.
 */
export function CityGate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const { data: agreement, error, refetch } = useAgreement()
  if (agreement === undefined)
    return error === null ? <Waiting /> : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return agreement.signedAt === null ? <SignForm agreement={agreement} /> : children
}
