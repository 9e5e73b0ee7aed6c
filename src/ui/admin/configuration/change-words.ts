/** Differences of two configurations in words. */
import type { TFunction } from 'i18next'
import type { Words as OwnWords } from '../../../core/announcements/own-words.ts'
import { changesOf, type ConfigurationChange } from '../../../core/configuration/changes.ts'
import { codePath } from '../../../core/configuration/codes.ts'
import { menuKeys, type MenuKey } from '../../../core/configuration/menu.ts'
import { overflowWays } from '../../../core/configuration/overflow.ts'
import type {
  AnnouncementSetting,
  AnswerAt,
  CallbackSetting,
  Configuration,
  DatedHours,
  HoursSetting,
  KeyTarget,
  MenuSetting,
  NumberSetting,
  OverflowSetting,
  PauseSetting,
  QueueSetting,
  SurveySetting,
  TargetSetting,
  WhenClosed,
  WrapUpCodeSetting,
} from '../../../core/configuration/schema.ts'
import { isDate } from '../../../core/local-time.ts'
import { longDay } from '../../shared/time/time.ts'
import { dayIn, isAlways, weekIn, weekText } from './hours-text.ts'
import { lists, type List, type Named } from './lists.ts'
import { outboundChange } from './outbound/outbound-words.ts'
import { textsIn } from './words/languages.ts'
import { saidField, saidText, textsText, wordsText } from './words/said.ts'

export interface ChangeWords {
  readonly at: string
  readonly what: string
  /** Null: it was not there. */
  readonly before: string | null
  /** Null: it will not be there. */
  readonly after: string | null
}

const fields = [
  'number',
  'also',
  'name',
  'nameEn',
  'queue',
  'menu',
  'hours',
  'closed',
  'answer',
  'closingGraceMinutes',
  'says',
  'skill',
  'levelMin',
  'priority',
  'ageingSeconds',
  'wrapUpSeconds',
  'weekly',
  'holidays',
  'reason',
  'repeats',
  'announce',
  'position',
  'estimate',
  'firstAfterSeconds',
  'everySeconds',
  'texts',
  'callback',
  'overflow',
  'afterSeconds',
  'standingMax',
  'survey',
  'talkedSeconds',
  'under',
  'queues',
  'expectedMinutes',
  'target',
  'percent',
  'withinSeconds',
] as const
const queueParts = ['announce', 'callback', 'survey', 'target']
const overflowBounds = ['whenNobodySignedIn', 'whenWaiting', 'afterSeconds'] as const
const overflowParts = ['to', ...overflowWays, ...overflowBounds] as const
/** Exceptions of new hours that are named; the others are counted. */
const datesMax = 6

export function changeWords(
  before: Configuration,
  after: Configuration,
  t: TFunction,
  language: string,
): readonly ChangeWords[] {
  // A list that is not there yet is an empty one: each menu and each code is told by itself.
  const [old, now] = [withLists(before), withLists(after)]
  const words = new Words(old, now, t, language)
  const told = changesOf(old, now).map((change) => words.ofChange(change))
  // A key that leads elsewhere may be two differences: the queue that is gone, the menu that has come.
  return told.filter(({ at }, index) => told.findIndex((one) => one.at === at) === index)
}

type WithLists = Required<Omit<Configuration, 'outbound'>> & Pick<Configuration, 'outbound'>
const withLists = (document: Configuration): WithLists => ({
  ...document,
  menus: document.menus ?? [],
  codes: document.codes ?? [],
  pauses: document.pauses ?? [],
})

/** Not of the whole list, which is told when two codes have one id. */
const isOrderOfCodes = ({ at, before, after }: ConfigurationChange): boolean =>
  at === 'codes' &&
  [before, after].every((side) => Array.isArray(side) && side.every((one) => typeof one === 'string'))

class Words {
  readonly #before: WithLists
  readonly #after: WithLists
  readonly #t: TFunction
  readonly #language: string
  /** Names of queues, hours, menus and others by list and id; of a renamed one its new name. */
  readonly #names: ReadonlyMap<string, string>

  constructor(before: WithLists, after: WithLists, t: TFunction, language: string) {
    this.#before = before
    this.#after = after
    this.#t = t
    this.#language = language
    this.#names = new Map(
      [before, after].flatMap((document) => [
        ...(['queues', 'hours', 'menus', 'pauses'] as const).flatMap((list) =>
          document[list].map(({ id, name }) => [`${list}.${id}`, name] as const),
        ),
        ...document.codes.map(({ id }) => [`codes.${id}`, codePath(document.codes, id)] as const),
      ]),
    )
  }

  ofChange(change: ConfigurationChange): ChangeWords {
    if (/^outbound\b/.test(change.at)) return outboundChange(change, this.#t)
    const [list = '', id = '', field = '', date = '', part = ''] = change.at.split('.')
    const known = lists.find((one) => one === list)
    if (known === 'menus' && field === 'keys' && date !== '') return this.#ofKey(id, date)
    const { at, before, after } = change
    const isDated = known === 'hours' && field === 'dates' && date !== ''
    const isText = known === 'menus' && field === 'says'
    const isPart = known === 'queues' && queueParts.includes(field) && date !== ''
    const ofOverflow =
      known === 'queues' && field === 'overflow' ? overflowParts.find((one) => one === date) : undefined
    const say = (value: unknown): string | null => {
      if (value === undefined)
        return known === 'codes' && (field === 'under' || field === 'queues') ? this.#ofEvery(field) : null
      if (known === 'queues' && field === 'announce' && date === '')
        return this.#announced(value as AnnouncementSetting)
      if (known === 'queues' && field === 'announce' && date === 'texts')
        return textsText(value as readonly OwnWords[], this.#t)
      if (known === 'queues' && field === 'callback' && date === '')
        return this.#asked(value as CallbackSetting)
      if (known === 'queues' && field === 'overflow' && date === '')
        return this.#overflow(value as OverflowSetting)
      if (known === 'queues' && field === 'survey' && date === '')
        return this.#surveyed(value as SurveySetting)
      if (known === 'queues' && field === 'target' && date === '') return this.#level(value as TargetSetting)
      if (known === 'numbers' && field === 'says' && part === '')
        return date === ''
          ? saidText(value as NonNullable<NumberSetting['says']>, this.#t)
          : wordsText(value as OwnWords, this.#t)
      if (ofOverflow === 'to') return this.#name('queues', value as string)
      return this.#value(value, list, isDated ? part : field, isDated)
    }
    if (at === 'pauses' || isOrderOfCodes(change)) return this.#order(change)
    const sides = { at, before: say(before), after: say(after) }
    if (known === undefined) return { ...sides, what: at }
    if (id === '') return { ...sides, what: this.#t(`configuration.lists.${known}`) }
    const label = isDated
      ? this.#dated(date, part)
      : ofOverflow !== undefined
        ? `${this.#label(field)}, ${this.#t(`configuration.overflow.${ofOverflow}`)}`
        : known === 'numbers' && date !== ''
          ? (saidField(at, this.#t) ?? field)
          : isText
            ? this.#t('configuration.menu.says', { language: date })
            : isPart
              ? `${this.#label(field)}, ${this.#label(date)}`
              : this.#label(field)
    const item = this.#item(known, id)
    return { ...sides, what: label === '' ? item : `${item}: ${label}` }
  }

  /** The order of the reasons for pauses, or of codes. */
  #order({ at, before, after }: ConfigurationChange): ChangeWords {
    const list = at === 'codes' ? 'codes' : 'pauses'
    const say = (ids: unknown): string => {
      const names = (ids as readonly unknown[]).map((id) =>
        typeof id === 'string' ? this.#name(list, id) : id,
      )
      return this.#several(names)
    }
    return { at, what: this.#t(`configuration.${list}.order`), before: say(before), after: say(after) }
  }

  /** Without the field, which has a meaning. */
  #ofEvery(field: 'under' | 'queues'): string {
    return this.#t(field === 'under' ? 'configuration.codes.firstLevel' : 'configuration.codes.everyQueue')
  }

  /** A key of a menu: where it led, where it leads. */
  #ofKey(id: string, key: string): ChangeWords {
    const side = ({ menus }: WithLists): string | null => {
      const target = menus.find((menu) => menu.id === id)?.keys[key as MenuKey]
      return target === undefined ? null : this.#target(target)
    }
    return {
      at: `menus.${id}.keys.${key}`,
      what: `${this.#item('menus', id)}: ${this.#t('configuration.menu.key', { key })}`,
      before: side(this.#before),
      after: side(this.#after),
    }
  }

  #target(target: KeyTarget): string {
    return targetWords(target, (list, id) => this.#name(list, id), this.#t)
  }

  #item(list: List, id: string): string {
    return this.#t(`configuration.of.${list}`, { name: list === 'numbers' ? id : this.#name(list, id) })
  }

  #dated(date: string, part: string): string {
    const day = this.#day(date)
    return part === 'reason' ? `${day}, ${this.#label(part)}` : day
  }

  #label(field: string): string {
    const known = fields.find((one) => one === field)
    return known === undefined ? field : this.#t(`configuration.fields.${known}`)
  }

  #value(value: unknown, list: string, field: string, isDated: boolean): string {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return this.#whole(value, list, isDated)
    if (list === 'codes' && field === 'queues') return this.#queues(value as readonly string[])
    if (Array.isArray(value)) return this.#several(value)
    if (typeof value === 'boolean') return this.#t(value ? 'configuration.yes' : 'configuration.no')
    const text = String(value)
    if (field === 'expectedMinutes') return this.#minutes(text)
    if (isDated && field === 'hours') return this.dayHours(text)
    if (list === 'numbers' && field === 'queue') return this.#name('queues', text)
    if (list === 'numbers' && field === 'hours') return this.#name('hours', text)
    if (list === 'numbers' && field === 'menu') return this.#name('menus', text)
    if (list === 'codes' && field === 'under') return this.#name('codes', text)
    if (list === 'numbers' && field === 'closed')
      return this.#t(`configuration.whenClosed.${text as WhenClosed}`)
    if (list === 'numbers' && field === 'answer') return this.#answered(text as AnswerAt)
    if (field === 'weekly') return this.week(text)
    if (field === 'holidays')
      return this.#t(value === 'open' ? 'configuration.holidays.open' : 'configuration.holidays.closed')
    return text === '' ? '–' : text
  }

  /** Texts, or the items of a list that has two of one name. */
  #several(values: readonly unknown[]): string {
    const texts = values.map((one) => {
      const { name, number } = Object(one) as { readonly name?: unknown; readonly number?: unknown }
      const text = [one, number, name].find((part) => typeof part === 'string')
      return typeof text === 'string' ? text : JSON.stringify(one)
    })
    return texts.join(', ') || '–'
  }

  /** A whole item, added or removed. */
  #whole(value: object, list: string, isDated: boolean): string {
    if (isDated) return this.dayHours((value as DatedHours).hours)
    if (list === 'queues') {
      const {
        skill,
        levelMin: level,
        priority,
        ageingSeconds,
        announce,
        callback,
        overflow,
        survey,
        target,
        wrapUpSeconds,
      } = value as QueueSetting
      return [
        this.#t('configuration.item.queues', { skill, level, priority }),
        ...(ageingSeconds === undefined ? [] : [this.#t('configuration.ageing', { seconds: ageingSeconds })]),
        ...(announce === undefined ? [] : [this.#announced(announce)]),
        ...(callback === undefined ? [] : [this.#asked(callback)]),
        ...(overflow === undefined ? [] : [this.#overflow(overflow)]),
        ...(survey === undefined ? [] : [this.#surveyed(survey)]),
        ...(target === undefined ? [] : [this.#level(target)]),
        ...(wrapUpSeconds === undefined ? [] : [this.#t('configuration.wrapUp', { seconds: wrapUpSeconds })]),
      ].join('; ')
    }
    if (list === 'numbers') {
      const {
        queue,
        hours,
        menu,
        closed,
        answer,
        closingGraceMinutes: minutes,
        says,
      } = value as NumberSetting
      const hoursName = hours === undefined ? this.#t('configuration.usualHours') : this.#name('hours', hours)
      const whole = this.#t('configuration.item.numbers', {
        queue: this.#name('queues', queue),
        hours: hoursName,
      })
      return [
        whole,
        ...(menu === undefined ? [] : [this.#item('menus', menu)]),
        ...(closed === undefined || closed === 'message'
          ? []
          : [this.#t(`configuration.whenClosed.${closed}`)]),
        ...(answer === undefined ? [] : [`${this.#label('answer')}: ${this.#answered(answer)}`]),
        ...(minutes === undefined ? [] : [this.#t('configuration.closingGrace', { minutes })]),
        ...(says === undefined ? [] : [saidText(says, this.#t)]),
      ].join('; ')
    }
    if (list === 'menus') return this.#menu(value as MenuSetting)
    if (list === 'codes') return this.#code(value as WrapUpCodeSetting)
    if (list === 'pauses') return this.#pause(value as PauseSetting)
    return list === 'hours' ? this.#hours(value as HoursSetting) : JSON.stringify(value)
  }

  #answered(answer: AnswerAt): string {
    return this.#t(answer === 'agent' ? 'configuration.answered.agent' : 'configuration.answered.queue')
  }

  #announced({ position, estimate, firstAfterSeconds, everySeconds, texts }: AnnouncementSetting): string {
    const what = [...(position ? ['position'] : []), ...(estimate ? ['estimate'] : [])]
    const parts = what.map((part) => this.#label(part))
    const times = { first: firstAfterSeconds, every: everySeconds }
    const told = [...parts, this.#t('configuration.announcedTimes', times)].join(', ')
    return texts === undefined ? told : `${told}; ${this.#label('texts')}: ${textsText(texts, this.#t)}`
  }

  #asked({ afterSeconds, standingMax }: CallbackSetting): string {
    return this.#t('configuration.asked', { after: afterSeconds, max: standingMax })
  }

  #surveyed({ talkedSeconds }: SurveySetting): string {
    return this.#t('configuration.surveyed', { seconds: talkedSeconds })
  }

  #level({ percent, withinSeconds: seconds }: TargetSetting): string {
    return this.#t('configuration.level', { percent, seconds })
  }

  #overflow(setting: OverflowSetting): string {
    return overflowWords(setting, this.#name('queues', setting.to ?? ''), this.#t)
  }

  #menu({ says, keys, repeats }: MenuSetting): string {
    const texts = textsIn(says, this.#t)
    const leads = menuKeys.flatMap((key) => {
      const target = keys[key]
      return target === undefined
        ? []
        : [`${this.#t('configuration.menu.key', { key })}: ${this.#target(target)}`]
    })
    const again = repeats === 0 ? [] : [this.#t('configuration.menu.repeats', { count: repeats })]
    return [...texts, ...leads, ...again].join('; ')
  }

  #code({ nameEn, queues }: WrapUpCodeSetting): string {
    const named = nameEn === undefined ? [] : [nameEn]
    return [...named, queues === undefined ? this.#ofEvery('queues') : this.#queues(queues)].join('; ')
  }

  #pause({ nameEn, expectedMinutes }: PauseSetting): string {
    const bound = expectedMinutes === undefined ? [] : [this.#minutes(String(expectedMinutes))]
    return [...(nameEn === undefined ? [] : [nameEn]), ...bound].join('; ') || '–'
  }

  #minutes(minutes: string): string {
    return this.#t('configuration.pauses.minutes', { minutes })
  }

  #queues(ids: readonly string[]): string {
    return ids.map((id) => this.#name('queues', id)).join(', ')
  }

  #hours({ weekly, dates }: HoursSetting): string {
    const days = dates
      .slice(0, datesMax)
      .map(({ date, hours }) => `${this.#day(date)}: ${this.dayHours(hours)}`)
    const more = dates.length > datesMax ? [`+${dates.length - datesMax}`] : []
    return [this.week(weekly), ...days, ...more].join('; ')
  }

  #name(list: Named, id: string): string {
    return this.#names.get(`${list}.${id}`) || id || '–'
  }

  #day(date: string): string {
    return isDate(date) ? longDay(date, this.#language) : date
  }

  week(weekly: string): string {
    return weekWords(weekly, this.#t)
  }

  dayHours(hours: string): string {
    return dayWords(hours, this.#t)
  }
}

/** Where callers overflow to, and when; `name`: of that queue, if it is one. */
export function overflowWords(setting: OverflowSetting, name: string, t: TFunction): string {
  const way = overflowWays.find((one) => setting[one] === true)
  const bounds = overflowBounds.flatMap((part) => {
    const value = setting[part]
    if (value === undefined || value === false) return []
    return [t(`configuration.overflow.told.${part}`, { value: String(value) })]
  })
  return `${t(`configuration.overflow.told.${way ?? 'to'}`, { name })}: ${bounds.join(t('configuration.overflow.told.or'))}`
}

/** Where a key leads. */
export function targetWords(
  target: KeyTarget,
  nameOf: (list: 'queues' | 'menus', id: string) => string,
  t: TFunction,
): string {
  if ('queue' in target) return t('configuration.menu.toQueue', { name: nameOf('queues', target.queue) })
  if ('voicemail' in target)
    return t('configuration.menu.toVoicemail', { name: nameOf('queues', target.voicemail) })
  if ('menu' in target) return t('configuration.menu.toMenu', { name: nameOf('menus', target.menu) })
  if ('language' in target) return t('configuration.menu.language', { language: target.language })
  return t('back' in target ? 'configuration.menu.back' : 'configuration.menu.again')
}

/** The name of what an id leads to. */
export function nameIn(document: Configuration, list: Named, id: string, t: TFunction): string {
  const name = document[list]?.find((one) => one.id === id)?.name ?? id
  return name.trim() === '' ? t('configuration.nameless') : name
}

/** `luni–vineri 08:00–22:00, sâmbătă 09:00–13:00` */
export function weekWords(weekly: string, t: TFunction): string {
  if (isAlways(weekly)) return t('configuration.always')
  const week = weekIn(weekly)
  if (week === null) return weekly
  const text = weekText(week)
  if (text === '') return t('configuration.neverOpen')
  return text
    .replaceAll(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, (day) => t(`configuration.days.${day as 'Mon'}`))
    .replaceAll('-', '–')
}

/** `închis`, or `08:00–12:00` */
export function dayWords(hours: string, t: TFunction): string {
  const windows = dayIn(hours)
  if (windows === null) return hours
  if (windows.length === 0) return t('configuration.closed')
  return windows.map(({ from, to }) => `${from}–${to}`).join(', ')
}
