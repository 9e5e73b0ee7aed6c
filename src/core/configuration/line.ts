/** A published configuration, as the ACD and Asterisk use it. */
import { closedQuestionTexts, questionTexts } from '../announcements/callback-question.ts'
import {
  soundsOfWords,
  textsOfNumber,
  textsOfWords,
  wordsOfNumber,
  type NumberWords,
} from '../announcements/own-words.ts'
import { sentencesIn } from '../announcements/sentences.ts'
import { surveyTexts } from '../announcements/survey.ts'
import { busyTexts, voicemailPrompts, voicemailTexts } from '../announcements/voicemail.ts'
import { QueueId, type Millis } from '../ids.ts'
import { parseDayHours, parseLineHours, type LineHours } from '../opening-hours.ts'
import { newQueue, type Queue } from '../queue.ts'
import {
  lineLanguages,
  menuKeys,
  type Menu,
  type MenuKey,
  type MenuTarget,
  type MenuTree,
  type SpokenText,
} from './menu.ts'
import type {
  AnswerAt,
  Configuration,
  HoursSetting,
  KeyTarget,
  MenuSetting,
  QueueSetting,
  WhenClosed,
} from './schema.ts'

export interface CityNumber {
  /** As citizens dial it. */
  readonly number: string
  /** The other forms in which the provider sends it. */
  readonly also: readonly string[]
  readonly queue: QueueId
  /** Null: those of the setting `LINE_HOURS`. */
  readonly hours: LineHours | null
  /** Its callers hear it before the queue. */
  readonly menu: MenuTree | null
  /** The choice that callers have while it is closed. */
  readonly closed: WhenClosed
  /** When its calls are answered; null: as the setting `ANSWER` says. */
  readonly answer: AnswerAt | null
  /** How long its callers who wait at closing time are still served; null: as the setting `CLOSING_GRACE_MS` says. */
  readonly closingGraceMs: Millis | null
  /** Its own in place of the fixed prompts. */
  readonly words: NumberWords
}

/** Every form in which the numbers are dialled or sent. */
export const formsOf = (numbers: readonly Pick<CityNumber, 'number' | 'also'>[]): readonly string[] =>
  numbers.flatMap(({ number, also }) => [number, ...also])

/** Calls are taken even before anybody has configured a queue. */
const lastResort = {
  ...newQueue(QueueId('general'), 'Informații generale'),
  nameEn: 'General information',
  // Queues that are added take it over, so that a new installation lets nobody wait for ever.
  ageingSeconds: 30,
}

/** Where a fresh installation begins, and what is left when neither the database nor a copy of it can be read. */
export const firstConfiguration: Configuration = {
  numbers: [{ number: '969', also: ['0256969'], name: 'Linia cetățeanului', queue: lastResort.id }],
  queues: [
    {
      id: lastResort.id,
      name: lastResort.name,
      nameEn: lastResort.nameEn,
      skill: lastResort.skill,
      levelMin: lastResort.levelMin,
      priority: lastResort.priority,
      ageingSeconds: lastResort.ageingSeconds,
    },
  ],
  hours: [],
}

export interface Line {
  readonly numbers: readonly CityNumber[]
  /** In the order in which they are served; at least one. */
  readonly queues: readonly Queue[]
  /** Everything that callers may hear of the numbers' own words, in menus and while they wait, each once. */
  readonly texts: readonly SpokenText[]
}

export function lineOf({ numbers, queues, hours, menus = [] }: Configuration): Line {
  const known = new Map(hours.map((one) => [one.id, lineHoursOf(one)]))
  const served = queues
    .map(({ id, nameEn, ...queue }) => ({ ...queue, id: QueueId(id), nameEn: nameEn ?? null }))
    .toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
  return {
    numbers: numbers.map((setting) => {
      const { number, also, queue, hours: id, menu, closed, answer, closingGraceMinutes } = setting
      return {
        number,
        also,
        queue: QueueId(queue),
        hours: (id === undefined ? undefined : known.get(id)) ?? null,
        menu: menu === undefined ? null : treeFrom(menu, menus, served),
        closed: closed ?? 'message',
        answer: answer ?? null,
        closingGraceMs: closingGraceMinutes === undefined ? null : closingGraceMinutes * 60_000,
        words: wordsOfNumber(setting),
      }
    }),
    queues: served.length === 0 ? [lastResort] : served,
    texts: onceEach([
      ...numbers.flatMap(textsOfNumber),
      ...menus.flatMap(({ says }) => textsOfWords(says, 'menu')),
      ...queues
        .flatMap(({ announce }) => announce?.texts ?? [])
        .flatMap((words) => textsOfWords(words, 'waiting')),
      ...announcedTexts(queues, menus),
      ...(numbers.some(({ closed }) => closed === 'callback') ? closedQuestionTexts() : []),
    ]),
  }
}

/** The queue that a number leads to; of one that has been removed meanwhile, the general one or the first. */
export function queueOf({ numbers, queues }: Pick<Line, 'numbers' | 'queues'>, number: string): Queue {
  const id = numbers.find((one) => one.number === number)?.queue ?? lastResort.id
  return queues.find((queue) => queue.id === id) ?? queues[0] ?? lastResort
}

/** Null: not readable, which a published configuration never is. */
export function lineHoursOf({ weekly, holidays, dates }: HoursSetting): LineHours | null {
  const read = parseLineHours(weekly)
  if (!read.ok) return null
  const dated = new Map(dates.map(({ date, hours }) => [date, parseDayHours(hours) ?? []]))
  const isOpenOnHolidays = holidays === 'open'
  if (read.hours.kind === 'weekly') return { ...read.hours, dated, isOpenOnHolidays }
  if (dated.size === 0) return read.hours
  const wholeDay = [{ from: 0, to: 24 * 60 }]
  const windows = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, wholeDay]))
  return { kind: 'weekly', windows, dated, isOpenOnHolidays: true }
}

/** Null: one of the menus, or of the queues to which they lead, is not there, which a published configuration never has. */
function treeFrom(
  first: string,
  settings: readonly MenuSetting[],
  queues: readonly Queue[],
): MenuTree | null {
  const menus = new Map<string, Menu>()
  const isWhole = (id: string): boolean => {
    const setting = settings.find((one) => one.id === id)
    if (setting === undefined || menus.has(id)) return menus.has(id)
    const keys: Partial<Record<MenuKey, MenuTarget>> = {}
    menus.set(id, { sounds: soundsOfWords(setting.says, 'menu'), keys, repeats: setting.repeats })
    return menuKeys.every((key) => {
      const set = setting.keys[key]
      if (set === undefined) return true
      const target = targetOf(set, queues)
      if (target === null) return false
      keys[key] = target
      return !('menu' in target) || isWhole(target.menu)
    })
  }
  return isWhole(first) ? { first, menus: Object.fromEntries(menus) } : null
}

const onceEach = (texts: readonly SpokenText[]): readonly SpokenText[] => [
  ...new Map(texts.map((one) => [one.sound, one])).values(),
]

/** The line's own sentences, in each of its languages that a caller of a queue with announcements, callbacks by key, or a survey may hear. */
function announcedTexts(
  queues: readonly QueueSetting[],
  menus: readonly MenuSetting[],
): readonly SpokenText[] {
  const heard = lineLanguages.filter(
    (language) => language === 'ro' || menus.some(({ says }) => says[language] !== undefined),
  )
  return [
    ...(queues.some(({ announce }) => announce?.position === true || announce?.estimate === true)
      ? heard.flatMap(sentencesIn)
      : []),
    ...(queues.some(asksToCallBack) ? heard.flatMap(questionTexts) : []),
    ...(queues.some(({ overflow }) => overflow?.voicemail === true)
      ? busyTexts.filter(({ language }) => heard.some((one) => one === language))
      : []),
    ...(queues.some(({ survey }) => survey !== undefined) ? heard.flatMap(surveyTexts) : []),
    ...(menus.some(leadsToVoicemail) ? voicemailTexts : []),
  ]
}

const asksToCallBack = ({ callback, overflow }: QueueSetting): boolean =>
  callback !== undefined || overflow?.callback === true

const leadsToVoicemail = ({ keys }: MenuSetting): boolean =>
  Object.values(keys).some((target) => 'voicemail' in target)

function targetOf(target: KeyTarget, queues: readonly Queue[]): MenuTarget | null {
  if ('voicemail' in target) {
    const queue = queues.find(({ id }) => id === target.voicemail)
    return queue === undefined ? null : { voicemail: queue.id, sounds: voicemailPrompts }
  }
  if (!('queue' in target)) return target
  const queue = queues.find(({ id }) => id === target.queue)
  return queue === undefined ? null : { queue: queue.id, priority: queue.priority }
}
