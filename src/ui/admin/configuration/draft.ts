/** The draft of a configuration, as the page changes it. */
import { changesOf } from '../../../core/configuration/changes.ts'
import type {
  AnnouncementSetting,
  CallbackSetting,
  Configuration,
  HoursSetting,
  MenuSetting,
  NumberSetting,
  PauseSetting,
  QueueSetting,
  SurveySetting,
  TargetSetting,
  WrapUpCodeSetting,
} from '../../../core/configuration/schema.ts'
import { usualPercent } from '../../../core/reports/target.ts'
import { folded } from '../../shared/folded.ts'
import { withoutCode } from './codes/code-tree.ts'
import { isAlways, usualWeek } from './hours-text.ts'
import type { List, Named } from './lists.ts'

/** Null: of another shape, such as that of an earlier release. */
export function acceptDraft(stored: unknown): Configuration | null {
  if (typeof stored !== 'object' || stored === null) return null
  const {
    numbers,
    queues,
    hours,
    menus = [],
    codes = [],
    pauses = [],
    outbound,
  } = stored as Record<string, unknown>
  const fits =
    hasTexts(numbers, ['number', 'name', 'queue']) &&
    hasTexts(queues, ['id', 'name', 'skill']) &&
    hasTexts(hours, ['id', 'name', 'weekly']) &&
    hasTexts(menus, ['id', 'name']) &&
    hasTexts(codes, ['id', 'name']) &&
    hasTexts(pauses, ['id', 'name']) &&
    (outbound === undefined || isOutbound(outbound)) &&
    (menus as readonly object[]).every((menu) =>
      ['says', 'keys'].every((part) => isObject(Reflect.get(menu, part))),
    )
  return fits ? (stored as Configuration) : null
}

const isOutbound = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const { allowed, allowedToSupervisors = [] } = value as Record<string, unknown>
  return [allowed, allowedToSupervisors].every(
    (list) => Array.isArray(list) && list.every((one) => typeof one === 'string'),
  )
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const hasTexts = (items: unknown, names: readonly string[]): boolean =>
  Array.isArray(items) &&
  items.every(
    (item: unknown) =>
      typeof item === 'object' &&
      item !== null &&
      names.every((name) => typeof Reflect.get(item, name) === 'string'),
  )

/** Of a draft to the version in force. */
export type Standing = 'of it' | 'late' | 'published'

interface StandingDraft {
  readonly hasKept: boolean
  readonly basis: string
  readonly value: Configuration
}

/**
 * `late`: another version has been published since the draft was begun. `published`: that version is the draft itself, as
 * after a publication whose answer was lost.
 */
export function standingOf(
  { hasKept, basis, value }: StandingDraft,
  inForce: { readonly id: number; readonly document: Configuration },
): Standing {
  if (!hasKept || basis === String(inForce.id)) return 'of it'
  return changesOf(inForce.document, value).length === 0 ? 'published' : 'late'
}

/** An id made of a name: `Taxe și impozite` → `taxe-si-impozite`, with a figure behind it when that is taken. */
export function idOf(name: string, taken: readonly string[], otherwise: string): string {
  const plain = folded(name)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 36)
  const stem = plain === '' ? otherwise : plain
  for (let figure = 1; ; figure += 1) {
    const id = figure === 1 ? stem : `${stem}-${figure}`
    if (!taken.includes(id)) return id
  }
}

export const idsIn = (document: Configuration, list: Named): readonly string[] =>
  (document[list] ?? []).map(({ id }) => id)

/** Agents who serve the first queue serve it too, until it is given a skill of its own; its callers come in the same order. */
export function newQueue(document: Configuration): QueueSetting {
  const { skill = 'general', priority = 100, ageingSeconds } = document.queues[0] ?? {}
  return {
    id: idOf('', idsIn(document, 'queues'), 'coada'),
    name: '',
    skill,
    levelMin: 1,
    priority,
    ...(ageingSeconds === undefined ? {} : { ageingSeconds }),
  }
}

/** Of a queue to which announcements are added: one of the two parts is ticked at once. */
export const newAnnouncements: AnnouncementSetting = {
  position: false,
  estimate: false,
  firstAfterSeconds: 20,
  everySeconds: 60,
}

/** A prank is over sooner. */
export const newSurvey: SurveySetting = { talkedSeconds: 30 }

export const newCallback: CallbackSetting = { afterSeconds: 60, standingMax: 20 }

/** The usual one, to begin with. */
export const newTarget: TargetSetting = { percent: usualPercent, withinSeconds: 20 }

export const newNumber = (document: Configuration): NumberSetting => ({
  number: '',
  also: [],
  name: '',
  queue: document.queues[0]?.id ?? '',
})

export const newHours = (document: Configuration): HoursSetting => ({
  id: idOf('', idsIn(document, 'hours'), 'program'),
  name: '',
  weekly: usualWeek,
  holidays: 'closed',
  dates: [],
})

/** Without a text, which nobody can write for the city; its key leads where calls go without a menu. */
export const newMenu = (document: Configuration): MenuSetting => ({
  id: idOf('', idsIn(document, 'menus'), 'meniu'),
  name: '',
  says: { ro: '' },
  keys: { '1': { queue: document.queues[0]?.id ?? '' } },
  repeats: 1,
})

/** On the first level, for calls of every queue. */
export const newCode = (document: Configuration): WrapUpCodeSetting => ({
  id: idOf('', idsIn(document, 'codes'), 'cod'),
  name: '',
})

export const newPause = (document: Configuration): PauseSetting => ({
  id: idOf('', idsIn(document, 'pauses'), 'pauza'),
  name: '',
})

export function withNew(list: List, document: Configuration): Configuration {
  switch (list) {
    case 'numbers':
      return { ...document, numbers: [...document.numbers, newNumber(document)] }
    case 'queues':
      return { ...document, queues: [...document.queues, newQueue(document)] }
    case 'hours':
      return { ...document, hours: [...document.hours, newHours(document)] }
    case 'menus':
      return { ...document, menus: [...(document.menus ?? []), newMenu(document)] }
    case 'codes':
      return { ...document, codes: [...(document.codes ?? []), newCode(document)] }
    case 'pauses':
      return { ...document, pauses: [...(document.pauses ?? []), newPause(document)] }
  }
}

/** A document without menus, codes or reasons for pauses has no list of them, and has none again once the last one is taken out. */
export function withoutItem(list: List, document: Configuration, index: number): Configuration {
  if (list === 'codes') {
    const { codes = [], ...withoutCodes } = document
    return codes.length === 1 ? withoutCodes : { ...document, codes: withoutCode(codes, index) }
  }
  if (list === 'pauses') {
    const { pauses = [], ...withoutPauses } = document
    return pauses.length === 1 ? withoutPauses : { ...document, pauses: without(pauses, index) }
  }
  const { menus = [], ...others } = document
  if (list !== 'menus') return { ...document, [list]: without<unknown>(document[list], index) }
  return menus.length === 1 ? others : { ...document, menus: without(menus, index) }
}

/** Weeks of hours that have been opened at all times since, by their id. */
export type TypedWeeks = Map<string, string>

/** Opens hours at all times, or by a week again: the one from before, else that of the version in force. */
export function openedAlways(
  hours: HoursSetting,
  isOpen: boolean,
  weeks: TypedWeeks,
  inForce: Configuration,
): HoursSetting {
  if (isOpen) {
    weeks.set(hours.id, hours.weekly)
    return { ...hours, weekly: 'always' }
  }
  const published = inForce.hours.find(({ id }) => id === hours.id)?.weekly ?? 'always'
  return { ...hours, weekly: weeks.get(hours.id) ?? (isAlways(published) ? usualWeek : published) }
}

/** The other forms of a number as they are typed. */
export const formsIn = (text: string): string[] => text.split(/[\s,;]+/).filter((form) => form !== '')

/** The text of their field: as typed while the number has these forms, such as with a comma at its end. */
export function formsText(typed: string, also: readonly string[]): string {
  const forms = also.join(', ')
  return formsIn(typed).join(', ') === forms ? typed : forms
}

const leadsBy = { queues: 'queue', hours: 'hours', menus: 'menu', codes: 'under', pauses: null } as const

/** The id of a queue, hours, a menu, a code or a reason changes with its name until it is published; what leads to it follows. */
export function withId(document: Configuration, list: Named, from: string, to: string): Configuration {
  if (from === to) return document
  const field = leadsBy[list]
  // A key leads to a queue, or to a message in one.
  const fields = field === null ? [] : list === 'queues' ? [field, 'voicemail'] : [field]
  const follows = <Item extends object>(item: Item): Item =>
    fields.reduce((one, name) => (Reflect.get(one, name) === from ? { ...one, [name]: to } : one), item)
  const named = <Item extends { readonly id: string }>(items: readonly Item[]): Item[] =>
    items.map((item) => (item.id === from ? { ...item, id: to } : item))
  const { numbers, queues, hours, menus, codes, pauses = [] } = document
  return {
    ...document,
    numbers: numbers.map(follows),
    ...(list === 'queues' ? { queues: named(queues).map((queue) => overflowingTo(queue, from, to)) } : {}),
    ...(list === 'hours' ? { hours: named(hours) } : {}),
    ...(list === 'pauses' ? { pauses: named(pauses) } : {}),
    ...(menus === undefined
      ? {}
      : { menus: (list === 'menus' ? named(menus) : menus).map((menu) => withKeys(menu, follows)) }),
    ...(codes === undefined
      ? {}
      : {
          codes: (list === 'codes' ? named(codes).map(follows) : codes).map((code) =>
            list === 'queues' ? ofQueue(code, from, to) : code,
          ),
        }),
  }
}

const overflowingTo = (queue: QueueSetting, from: string, to: string): QueueSetting =>
  queue.overflow?.to === from ? { ...queue, overflow: { ...queue.overflow, to } } : queue

const ofQueue = (code: WrapUpCodeSetting, from: string, to: string): WrapUpCodeSetting =>
  code.queues === undefined
    ? code
    : { ...code, queues: code.queues.map((queue) => (queue === from ? to : queue)) }

const withKeys = (
  menu: MenuSetting,
  follows: <Target extends object>(target: Target) => Target,
): MenuSetting => ({
  ...menu,
  keys: Object.fromEntries(Object.entries(menu.keys).map(([key, target]) => [key, follows(target)])),
})

export const replaced = <Item>(items: readonly Item[], index: number, item: Item): Item[] =>
  items.with(index, item)
export const without = <Item>(items: readonly Item[], index: number): Item[] => items.toSpliced(index, 1)
/** With one before the one above it, or before another that is above it. */
export function raised<Item>(items: readonly Item[], index: number, to = index - 1): Item[] {
  const one = items[index]
  return one === undefined || to < 0 ? [...items] : items.toSpliced(index, 1).toSpliced(to, 0, one)
}
