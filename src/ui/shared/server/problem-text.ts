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

/** Refusals that a form shows at the field that they are about. */
const fieldCodes = [
  'reversed-times',
  'wrong-number',
  'no-identifier',
  'name-differs',
  'agreement-without-name',
  'agreement-without-employer',
  'agreement-unknown-placeholder',
] as const
type FieldCode = (typeof fieldCodes)[number]

export const isOfField = (error: unknown): boolean =>
  error instanceof Problem && fieldCodes.some((code) => code === error.code)

/** The sentence for a field, if the error has this code. */
export const problemOf = (error: unknown, code: FieldCode, t: TFunction): string | null =>
  error instanceof Problem && error.code === code ? problemText(error, t) : null
