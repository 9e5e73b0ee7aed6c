import type { TFunction } from 'i18next'
import { Problem } from './api.ts'

const known = [
  'network',
  'server',
  'no-reachable-phone',
  'not-signed-in',
  'not-in-a-call',
  'in-a-call',
  'not-in-wrap-up',
  'line-is-away',
  'unknown-agent',
] as const

/** The text for an error: ours for a known code, otherwise the server's. */
export function problemText(error: unknown, t: TFunction): string {
  if (!(error instanceof Problem)) return t('common.problem.server')
  const code = error.code.replaceAll(' ', '-')
  const ours = known.find((name) => name === code)
  if (ours !== undefined) return t(`common.problem.${ours}`)
  return error.detail === '' ? t('common.problem.server') : error.detail
}
