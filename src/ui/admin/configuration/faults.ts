/** Faults of the draft at their fields. */
import type { TFunction } from 'i18next'
import type { ConfigurationFault } from '../../../core/configuration/check.ts'
import type { Configuration } from '../../../core/configuration/schema.ts'
import { lists, type List } from './lists.ts'
import { saidField } from './words/said.ts'

export interface Faults {
  /** The sentence for a field; null: it has no fault, or is empty and nobody has asked to publish yet. */
  readonly of: (at: string) => string | null
  /** Whether an item has one that is shown. */
  readonly in: (at: string) => boolean
}

export function shownFaults(faults: readonly ConfigurationFault[], isChecked: boolean, t: TFunction): Faults {
  const shown = faults.filter(({ value }) => isChecked || value.trim() !== '')
  return {
    of: (place) => {
      const fault = shown.find(({ at }) => at === place)
      return fault === undefined ? null : t(`configuration.faults.${fault.code}`)
    },
    in: (place) => shown.some(({ at }) => at === place || at.startsWith(`${place}.`)),
  }
}

/** The list and the item of a fault: `queues[2].name` → queues, 2. Null: of no item. */
export function placeOf(at: string): { readonly list: List; readonly index: number } | null {
  const [, named, index] = /^([a-z]+)(?:\[(\d+)\])?/.exec(at) ?? []
  const list = lists.find((one) => one === named)
  return list === undefined ? null : { list, index: Number(index ?? 0) }
}

export const isOfOutbound = (at: string): boolean => /^outbound\b/.test(at)

export interface FaultWords {
  /** The item that has the fault. */
  readonly item: string
  readonly sentence: string
}

/** A fault as the review tells it. */
export function faultWords(
  { at, code, value }: ConfigurationFault,
  document: Configuration,
  t: TFunction,
): FaultWords {
  const place = placeOf(at)
  // A typed value helps to find the fault; that of a menu as a whole is its id, which nobody has typed.
  const given = value.trim() === '' || at.endsWith('.keys') ? '' : ` (${value})`
  const sentence = `${t(`configuration.faults.${code}`)}${given}`
  if (place === null) return { item: isOfOutbound(at) ? t('outboundRules.title') : at, sentence }
  const { list, index } = place
  const item = document[list]?.[index]
  const name = item === undefined ? '' : 'number' in item ? item.number : item.name
  const known = name.trim() === '' ? t('configuration.nameless') : name
  const said = saidField(at, t)
  if (said !== null) return { item: `${t(`configuration.of.${list}`, { name: known })}, ${said}`, sentence }
  if (list !== 'menus') return { item: known, sentence }
  const [, key] = /\.keys\.(.)/.exec(at) ?? []
  const [, language] = /\.says\.([a-z]{2})/.exec(at) ?? []
  const part =
    key !== undefined
      ? `, ${t('configuration.menu.key', { key })}`
      : language !== undefined
        ? `, ${t('configuration.menu.says', { language })}`
        : ''
  return { item: `${t('configuration.of.menus', { name: known })}${part}`, sentence }
}
