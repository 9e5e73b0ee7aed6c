/** The rules for calls to citizens in words, and what is typed of them. */
import type { TFunction } from 'i18next'
import type { ConfigurationChange } from '../../../../core/configuration/changes.ts'
import {
  callOutRules,
  outboundLists,
  settingOf,
  type AbroadBound,
} from '../../../../core/configuration/outbound.ts'
import type { OutboundSetting } from '../../../../core/configuration/schema.ts'
import { withoutSeparators } from '../../../../core/phone-number.ts'

export const outboundFields = [
  ...outboundLists,
  'agents',
  'supervisors',
  'perHour',
  'perHourAll',
] as const satisfies readonly (keyof OutboundSetting)[]
type OutboundField = (typeof outboundFields)[number]

/** The bound of the numbers abroad. */
export const boundOf = ({ allowed, allowedToSupervisors = [] }: OutboundSetting): AbroadBound => ({
  allowed,
  allowedToSupervisors,
})

/** Without the numbers that the settings of the server no longer allow. */
export const inForce = (setting: OutboundSetting, server: OutboundSetting): OutboundSetting =>
  settingOf(callOutRules(setting, { ...server, ...boundOf(server) }))

/** A space is typed within numbers, so that it parts none. */
export const numbersIn = (text: string): string[] =>
  text
    .split(/[,;\n]/)
    .map(withoutSeparators)
    .filter((one) => one !== '')

/** The text of their field: as typed while it says these numbers. */
export const numbersText = (typed: string, numbers: readonly string[]): string =>
  numbersIn(typed).join() === numbers.join() ? typed : numbers.join(', ')

/** A number as it is read: which numbers begin with it, or that it is a whole one. */
export const readAs = (one: string, t: TFunction): string =>
  one.startsWith('+')
    ? t('outboundRules.beginning', { number: one })
    : t('outboundRules.whole', { number: one })

/** The value of a field. */
export function outboundValue(setting: OutboundSetting, field: OutboundField, t: TFunction): string {
  switch (field) {
    case 'allowed':
    case 'allowedToSupervisors':
      return setting[field]?.join(', ') || t('outboundRules.none')
    case 'agents':
    case 'supervisors':
      return t(`outboundRules.rights.${setting[field]}`)
    case 'perHour':
    case 'perHourAll':
      return String(setting[field])
  }
}

export const outboundText = (setting: OutboundSetting, t: TFunction): string =>
  outboundFields
    .map((field) => `${t(`outboundRules.fields.${field}`)}: ${outboundValue(setting, field, t)}`)
    .join('; ')

/** A change, as the review and the history tell it. */
export function outboundChange(
  { at, before, after }: ConfigurationChange,
  t: TFunction,
): { readonly at: string; readonly what: string; readonly before: string; readonly after: string } {
  const field = outboundFields.find((one) => at === `outbound.${one}`)
  const side = (value: unknown): string => {
    if (field === undefined)
      return value === undefined ? t('outboundRules.ofServer') : outboundText(value as OutboundSetting, t)
    if (value === undefined) return t('outboundRules.none')
    return outboundValue({ [field]: value } as unknown as OutboundSetting, field, t)
  }
  const title = t('outboundRules.title')
  const what = field === undefined ? title : `${title}: ${t(`outboundRules.fields.${field}`)}`
  return { at, what, before: side(before), after: side(after) }
}
