/** Where a key leads, as the options of its field. */
import type { TFunction } from 'i18next'
import { languages, lineLanguages, type FurtherLanguage } from '../../../../core/configuration/menu.ts'
import type { Configuration, KeyTarget, MenuSetting } from '../../../../core/configuration/schema.ts'
import { optionsOf, type Option } from '../options.ts'

/** Empty: the key leads nowhere. */
export function optionOf(target: KeyTarget | undefined): string {
  if (target === undefined) return ''
  if ('queue' in target) return `queue:${target.queue}`
  if ('voicemail' in target) return `voicemail:${target.voicemail}`
  if ('menu' in target) return `menu:${target.menu}`
  if ('language' in target) return `language:${target.language}`
  return 'back' in target ? 'back' : 'again'
}

export function targetIn(option: string): KeyTarget | undefined {
  const [kind = '', id = ''] = option.split(':')
  switch (kind) {
    case 'queue':
      return { queue: id }
    case 'voicemail':
      return { voicemail: id }
    case 'menu':
      return { menu: id }
    case 'language':
      return { language: languages.find((language) => language === id) ?? 'ro' }
    case 'back':
      return { back: true }
    case 'again':
      return { again: true }
    default:
      return undefined
  }
}

type Options = (Option | { readonly group: string; readonly items: Option[] })[]

const as = (kind: string, items: readonly Option[]): Option[] =>
  items.map(({ value, label }) => ({ value: `${kind}:${value}`, label }))

interface KeyFieldOf {
  readonly menu: MenuSetting
  readonly document: Configuration
  /** The languages beside Romanian and English to which a key may lead. */
  readonly further: readonly FurtherLanguage[]
}

/** A menu does not lead to itself; one that does so in the document stays, so that the field shows it. */
export function targetOptions(
  target: KeyTarget | undefined,
  { menu, document: { queues, menus = [] }, further }: KeyFieldOf,
  t: TFunction,
): Options {
  const nameless = t('configuration.nameless')
  const [queue, voicemail, furtherMenu] = [
    target !== undefined && 'queue' in target ? target.queue : undefined,
    target !== undefined && 'voicemail' in target ? target.voicemail : undefined,
    target !== undefined && 'menu' in target ? target.menu : undefined,
  ]
  const others = menus.filter(({ id }) => id !== menu.id || id === furtherMenu)
  const menuOptions = as('menu', optionsOf(others, furtherMenu, nameless))
  return [
    { value: '', label: t('configuration.menu.nowhere') },
    { group: t('configuration.tabs.queues'), items: as('queue', optionsOf(queues, queue, nameless)) },
    {
      group: t('configuration.menu.voicemails'),
      items: as('voicemail', optionsOf(queues, voicemail, nameless)),
    },
    ...(menuOptions.length === 0 ? [] : [{ group: t('configuration.tabs.menus'), items: menuOptions }]),
    {
      group: t('configuration.menu.other'),
      items: [
        ...[...lineLanguages, ...further].map((language) => ({
          value: `language:${language}`,
          label: t('configuration.menu.language', { language }),
        })),
        { value: 'back', label: t('configuration.menu.back') },
        { value: 'again', label: t('configuration.menu.again') },
      ],
    },
  ]
}
