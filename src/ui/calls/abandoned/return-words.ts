/** By whom and when somebody was called back, and what became of it. */
import type { TFunction } from 'i18next'
import type { ReturnCall } from '../../../http/calls/wire.ts'
import { shortDateTime } from '../../shared/time/time.ts'

export function returnWords({ by, at, outcome }: ReturnCall, t: TFunction, language: string): string {
  const facts = { name: by?.name ?? t('common.none'), at: shortDateTime(at, language) }
  if (by === null && outcome !== null)
    return t('calls.abandoned.asPromised', { ...facts, outcome: t(`common.outcome.${outcome}`) })
  return outcome === null
    ? t('calls.abandoned.calling', facts)
    : t('calls.abandoned.called', { ...facts, outcome: t(`common.outcome.${outcome}`) })
}
