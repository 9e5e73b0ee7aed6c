/** Faults of a configuration: each with the place where it is and a code that screens and the command line put into words. */
import type { Words } from '../announcements/own-words.ts'
import { isDate } from '../local-time.ts'
import { overlaps, parseDayHours, parseLineHours } from '../opening-hours.ts'
import { codeLevelsMax, codesTo, queuesOfCode } from './codes.ts'
import { formsOf } from './line.ts'
import { languages, menuKeys, type Language } from './menu.ts'
import { faultsOfOutbound, nothingAbroad, outboundFaultCodes, type AbroadBound } from './outbound.ts'
import { isReservedPause } from './pauses.ts'
import {
  alsoMax,
  type Configuration,
  type HoursSetting,
  type MenuSetting,
  type NumberSetting,
  type PauseSetting,
  type QueueSetting,
  type WrapUpCodeSetting,
} from './schema.ts'
import { sentForms } from './sent-forms.ts'

export const configurationFaultCodes = [
  'no number',
  'no queue',
  'id not usable',
  'id twice',
  'name empty',
  'name twice',
  'number not usable',
  'number twice',
  'forms too many',
  'queue unknown',
  'hours unknown',
  'hours not readable',
  'hours overlap',
  'date not usable',
  'date twice',
  'menu unknown',
  'menu without keys',
  'menu leads to itself',
  'menu leads to nobody',
  'menu never heard',
  'text empty',
  'text not readable',
  'text missing',
  'nothing announced',
  'overflow without a bound',
  'overflow not to one',
  'overflow to itself',
  'overflow leads back',
  'code unknown',
  'codes too deep',
  'code for no queue',
  'pause reserved',
  ...outboundFaultCodes,
] as const
export type ConfigurationFaultCode = (typeof configurationFaultCodes)[number]

export interface ConfigurationFault {
  /** `numbers[0].queue`; empty: the whole. */
  readonly at: string
  readonly code: ConfigurationFaultCode
  /** The value that is wrong, as it was given. */
  readonly value: string
}

type Found = readonly ConfigurationFault[]
const usableId = /^[a-z][a-z0-9-]{0,39}$/
/** An emergency number is never ours. */
const usableNumber = /^(?!112$)\d{3,15}$/

/** Every fault; none: it may be published. `server`: its settings, which bound the numbers abroad. */
export function faultsOf(
  { numbers, queues, hours, menus = [], codes = [], pauses = [], outbound }: Configuration,
  server: AbroadBound = nothingAbroad,
): Found {
  return [
    ...(numbers.length === 0 ? [{ at: 'numbers', code: 'no number', value: '' } as const] : []),
    ...(queues.length === 0 ? [{ at: 'queues', code: 'no queue', value: '' } as const] : []),
    ...queues.flatMap((queue, index) => ofQueue(queue, queues, `queues[${index}]`)),
    ...hours.flatMap((one, index) => ofHours(one, `hours[${index}]`)),
    ...ofMenus(menus, queues),
    ...numbers.flatMap((number, index) => ofNumber(number, `numbers[${index}]`, { queues, hours, menus })),
    ...repeated(queues, 'queues', 'id', 'id twice'),
    ...repeated(queues, 'queues', 'name', 'name twice'),
    ...repeated(hours, 'hours', 'id', 'id twice'),
    ...repeated(menus, 'menus', 'id', 'id twice'),
    ...repeatedNumbers(numbers),
    ...ofCodes(codes, queues),
    ...ofPauses(pauses),
    ...faultsOfOutbound(outbound, { server, own: formsOf(numbers) }),
  ]
}

function ofQueue(queue: QueueSetting, queues: readonly QueueSetting[], at: string): Found {
  const { id, name, skill, announce } = queue
  const texts = announce?.texts ?? []
  const isSilent = announce !== undefined && !announce.position && !announce.estimate && texts.length === 0
  return [
    ...ofId(id, `${at}.id`),
    ...ofId(skill, `${at}.skill`),
    ...ofName(name, `${at}.name`),
    ...(isSilent ? [{ at: `${at}.announce`, code: 'nothing announced', value: '' } as const] : []),
    ...texts.flatMap((words, index) => ofWords(words, `${at}.announce.texts[${index}]`)),
    ...ofOverflow(queue, queues, `${at}.overflow`),
  ]
}

/** Callers overflow once, so that a way that leads back would leave them where they had to go from. */
function ofOverflow(queue: QueueSetting, queues: readonly QueueSetting[], at: string): Found {
  const { overflow } = queue
  if (overflow === undefined) return []
  const { whenWaiting, afterSeconds, whenNobodySignedIn, to, voicemail, callback } = overflow
  const targets = [to, voicemail, callback].filter((target) => target !== undefined)
  const isBounded = whenWaiting !== undefined || afterSeconds !== undefined || whenNobodySignedIn === true
  const next = (one: QueueSetting) => queues.filter(({ id }) => id === one.overflow?.to)
  const leadsBack = to !== undefined && to !== queue.id && reached([queue], next).has(queue)
  return [
    ...(isBounded ? [] : [{ at, code: 'overflow without a bound', value: '' } as const]),
    ...(targets.length === 1 ? [] : [{ at: `${at}.to`, code: 'overflow not to one', value: '' } as const]),
    ...ofReference(to, queues, `${at}.to`, 'queue unknown'),
    ...(to === queue.id ? [{ at: `${at}.to`, code: 'overflow to itself', value: to } as const] : []),
    ...(leadsBack ? [{ at: `${at}.to`, code: 'overflow leads back', value: to } as const] : []),
  ]
}

function ofHours({ id, name, weekly, dates }: HoursSetting, at: string): Found {
  const read = parseLineHours(weekly)
  const ofWeek: Found = !read.ok
    ? [{ at: `${at}.weekly`, code: 'hours not readable', value: weekly }]
    : read.hours.kind === 'weekly' && Object.values(read.hours.windows).some(overlaps)
      ? [{ at: `${at}.weekly`, code: 'hours overlap', value: weekly }]
      : []
  return [
    ...ofId(id, `${at}.id`),
    ...ofName(name, `${at}.name`),
    ...ofWeek,
    ...dates.flatMap(({ date, hours }, index): Found => {
      const where = `${at}.dates[${index}]`
      const windows = parseDayHours(hours)
      const ofDay: Found =
        windows === null
          ? [{ at: `${where}.hours`, code: 'hours not readable', value: hours }]
          : overlaps(windows)
            ? [{ at: `${where}.hours`, code: 'hours overlap', value: hours }]
            : []
      return isDate(date) ? ofDay : [{ at: `${where}.date`, code: 'date not usable', value: date }, ...ofDay]
    }),
    ...repeated(dates, `${at}.dates`, 'date', 'date twice'),
  ]
}

function ofNumber(
  { number, also, name, queue, hours, menu, answer, says = {} }: NumberSetting,
  at: string,
  known: Required<Pick<Configuration, 'queues' | 'hours' | 'menus'>>,
): Found {
  return [
    ...[number, ...also].flatMap((digits, index): Found =>
      usableNumber.test(digits)
        ? []
        : [
            {
              at: index === 0 ? `${at}.number` : `${at}.also[${index - 1}]`,
              code: 'number not usable',
              value: digits,
            },
          ],
    ),
    ...(also.length > alsoMax
      ? [{ at: `${at}.also`, code: 'forms too many', value: String(also.length) } as const]
      : []),
    ...ofName(name, `${at}.name`),
    ...ofReference(queue, known.queues, `${at}.queue`, 'queue unknown'),
    ...ofReference(hours, known.hours, `${at}.hours`, 'hours unknown'),
    ...ofReference(menu, known.menus, `${at}.menu`, 'menu unknown'),
    ...(menu !== undefined && answer === 'agent'
      ? [{ at: `${at}.menu`, code: 'menu never heard', value: menu } as const]
      : []),
    ...ofWords(says.greeting, `${at}.says.greeting`),
    ...ofWords(says.closed, `${at}.says.closed`),
  ]
}

function ofMenus(menus: readonly MenuSetting[], queues: readonly QueueSetting[]): Found {
  const heard = new Map(languages.map((language) => [language, heardIn(language, menus)]))
  return menus.flatMap((menu, index): Found => {
    const at = `menus[${index}]`
    return [
      ...ofId(menu.id, `${at}.id`),
      ...ofName(menu.name, `${at}.name`),
      ...languages.flatMap((language): Found => {
        const text = menu.says[language]
        const where = `${at}.says.${language}`
        if (text === undefined)
          return heard.get(language)?.has(menu) === true
            ? [{ at: where, code: 'text missing', value: '' }]
            : []
        return ofText(text, where)
      }),
      ...targetsOf(menu).flatMap(([key, target]): Found => {
        const where = `${at}.keys.${key}`
        if ('queue' in target) return ofReference(target.queue, queues, `${where}.queue`, 'queue unknown')
        if ('voicemail' in target)
          return ofReference(target.voicemail, queues, `${where}.voicemail`, 'queue unknown')
        if ('menu' in target) return ofReference(target.menu, menus, `${where}.menu`, 'menu unknown')
        return []
      }),
      ...ofTree(menu, `${at}.keys`, menus),
    ]
  })
}

/** A person is reached by keys, not only by pressing none: a caller who chooses must get somewhere. */
function ofTree(menu: MenuSetting, at: string, menus: readonly MenuSetting[]): Found {
  const value = menu.id
  if (targetsOf(menu).length === 0) return [{ at, code: 'menu without keys', value }]
  const further = reached([menu], (one) => nextOf(one, menus))
  if (further.has(menu)) return [{ at, code: 'menu leads to itself', value }]
  const leadsToQueue = [menu, ...further].some((one) =>
    targetsOf(one).some(([, target]) => 'queue' in target),
  )
  return leadsToQueue ? [] : [{ at, code: 'menu leads to nobody', value }]
}

function ofCodes(codes: readonly WrapUpCodeSetting[], queues: readonly QueueSetting[]): Found {
  return [
    ...codes.flatMap(({ id, name, under, queues: own = [] }, index): Found => {
      const at = `codes[${index}]`
      const path = codesTo(codes, id)
      return [
        ...ofId(id, `${at}.id`),
        ...ofName(name, `${at}.name`),
        ...ofReference(under, codes, `${at}.under`, 'code unknown'),
        ...(path.length === 0 || path.length > codeLevelsMax
          ? [{ at: `${at}.under`, code: 'codes too deep', value: under ?? '' } as const]
          : []),
        // The codes above it are for other queues alone: no agent would be offered it.
        ...(own.length > 0 && queuesOfCode(codes, id)?.length === 0
          ? [{ at: `${at}.queues`, code: 'code for no queue', value: own.join(', ') } as const]
          : []),
        ...own.flatMap((queue, place) =>
          ofReference(queue, queues, `${at}.queues[${place}]`, 'queue unknown'),
        ),
      ]
    }),
    ...repeated(codes, 'codes', 'id', 'id twice'),
    ...repeatedNames(codes),
  ]
}

function ofPauses(pauses: readonly PauseSetting[]): Found {
  return [
    ...pauses.flatMap(({ id, name }, index): Found => {
      const at = `pauses[${index}]`
      return [
        ...ofId(id, `${at}.id`),
        ...(isReservedPause(id) ? [{ at: `${at}.id`, code: 'pause reserved', value: id } as const] : []),
        ...ofName(name, `${at}.name`),
      ]
    }),
    ...repeated(pauses, 'pauses', 'id', 'id twice'),
    ...repeated(pauses, 'pauses', 'name', 'name twice'),
  ]
}

/** Codes of one name are told apart by the one that they are under. */
function repeatedNames(codes: readonly WrapUpCodeSetting[]): Found {
  const known = new Set<string>()
  return codes.flatMap(({ name, under }, index): Found => {
    const value = JSON.stringify([under ?? null, name.trim().toLocaleLowerCase('ro')])
    const isKnown = known.has(value)
    known.add(value)
    return isKnown && name.trim() !== ''
      ? [{ at: `codes[${index}].name`, code: 'name twice', value: name }]
      : []
  })
}

const targetsOf = ({ keys }: MenuSetting) =>
  menuKeys.flatMap((key) => {
    const target = keys[key]
    return target === undefined ? [] : ([[key, target]] as const)
  })

/** The menus to which its keys lead. */
const nextOf = (menu: MenuSetting, menus: readonly MenuSetting[]): readonly MenuSetting[] =>
  targetsOf(menu).flatMap(([, target]) =>
    'menu' in target ? menus.filter(({ id }) => id === target.menu) : [],
  )

/** The menus to which a caller who has chosen the language may come, onwards or back. */
function heardIn(language: Language, menus: readonly MenuSetting[]): ReadonlySet<MenuSetting> {
  if (language === 'ro') return new Set(menus)
  const choices = menus.filter((menu) =>
    targetsOf(menu).some(([, target]) => 'language' in target && target.language === language),
  )
  const further = reached(choices, (menu) => [
    ...nextOf(menu, menus),
    ...(targetsOf(menu).some(([, target]) => 'back' in target)
      ? menus.filter((other) => nextOf(other, menus).includes(menu))
      : []),
  ])
  return new Set([...choices, ...further])
}

/** Everything to which `next` leads, again and again. */
function reached<Item>(from: readonly Item[], next: (one: Item) => readonly Item[]): ReadonlySet<Item> {
  const found = new Set<Item>()
  const look = (one: Item): void => {
    for (const other of next(one)) {
      if (found.has(other)) continue
      found.add(other)
      look(other)
    }
  }
  from.forEach(look)
  return found
}

const ofReference = (
  id: string | undefined,
  known: readonly { readonly id: string }[],
  at: string,
  code: ConfigurationFaultCode,
): Found => (id === undefined || known.some((one) => one.id === id) ? [] : [{ at, code, value: id }])

const ofWords = (words: Words | undefined, at: string): Found =>
  languages.flatMap((language) => {
    const text = words?.[language]
    return text === undefined ? [] : ofText(text, `${at}.${language}`)
  })

/** Signs alone would be read as silence. */
function ofText(text: string, at: string): Found {
  if (text.trim() === '') return [{ at, code: 'text empty', value: text }]
  return /[\p{Letter}\p{Number}]/u.test(text) ? [] : [{ at, code: 'text not readable', value: text }]
}

const ofId = (id: string, at: string): Found =>
  usableId.test(id) ? [] : [{ at, code: 'id not usable', value: id }]

const ofName = (name: string, at: string): Found =>
  name.trim() === '' ? [{ at, code: 'name empty', value: name }] : []

/** The second of two with the same value, and each further one. Letter case makes no difference. */
function repeated<Key extends string>(
  items: readonly Readonly<Record<Key, string>>[],
  at: string,
  key: Key,
  code: ConfigurationFaultCode,
): Found {
  const known = new Set<string>()
  return items.flatMap((item, index): Found => {
    const value = item[key].trim().toLocaleLowerCase('ro')
    const isKnown = known.has(value)
    known.add(value)
    return isKnown ? [{ at: `${at}[${index}].${key}`, code, value: item[key] }] : []
  })
}

/** A form in which a number is sent leads to one place. */
function repeatedNumbers(numbers: readonly NumberSetting[]): Found {
  const written = numbers.flatMap(({ number, also }, index) => [
    { at: `numbers[${index}].number`, digits: number },
    ...also.map((digits, form) => ({ at: `numbers[${index}].also[${form}]`, digits })),
  ])
  const known = new Set<string>()
  return written.flatMap(({ at, digits }): Found => {
    const forms = sentForms(digits)
    const isKnown = forms.some((form) => known.has(form))
    forms.forEach((form) => known.add(form))
    return isKnown ? [{ at, code: 'number twice', value: digits }] : []
  })
}
