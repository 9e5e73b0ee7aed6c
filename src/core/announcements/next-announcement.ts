/** When a caller who waits hears the next announcement, and which one. */
import type { Waiting } from '../call.ts'
import { soundOf, type Language } from '../configuration/menu.ts'
import type { AnnouncementSetting } from '../configuration/schema.ts'
import type { Millis } from '../ids.ts'
import type { Announcement } from './announcement.ts'
import { isForQueue, noticeSound, type CallerNotice } from './caller-notice.ts'
import { estimateFor, isLonger, type ServiceRate } from './estimate.ts'
import { estimateSound, positionSound } from './sentences.ts'

/** Whether the caller hears music, is not asked anything, and waits for whoever is free: one who is kept for one agent has no place among the others. */
export const mayHear = ({ announcement, question, reservedFor }: Waiting): boolean =>
  announcement === null && question === null && reservedFor === null

/**
 * The first notice that the caller has not heard. Each is an announcement of its own, so that two long ones do not reach the bound
 * of a reading together. Null: there is none, or none has a sound. `notices`: those that are heard now.
 */
export function noticeFor(
  { queue, announced }: Pick<Waiting, 'queue' | 'announced'>,
  notices: readonly CallerNotice[],
  hasSound: (sound: string) => boolean,
): Announcement | null {
  const notice = notices.find(
    (one) => !announced.notices.includes(one.id) && isForQueue(one, queue) && hasSound(noticeSound(one)),
  )
  if (notice === undefined) return null
  return { notice: notice.id, position: null, estimate: null, text: null, sounds: [noticeSound(notice)] }
}

/** Whether the caller has heard music for as long as the queue's setting says. An offer that failed counts as a beginning. */
export function isAnnouncementDue(call: Waiting, setting: AnnouncementSetting, now: Millis): boolean {
  const { announced, since } = call
  const next = announced.at === null ? 0 : announced.at + setting.everySeconds * 1_000
  return now >= Math.max(since + setting.firstAfterSeconds * 1_000, next)
}

interface Place {
  readonly position: number
  /** Null while it is not known how fast callers are served. */
  readonly rate: ServiceRate | null
}

type Hearer = Pick<Waiting, 'announced' | 'language'>

/**
 * The caller's place and estimate, or the next of the queue's own texts, in turn; what has nothing to say gives its turn to the
 * other. Null: there is nothing to say.
 */
export function announcementFor(
  caller: Hearer,
  setting: AnnouncementSetting,
  place: Place,
  hasSound: (sound: string) => boolean,
): Announcement | null {
  const ofPlace = () => placeFor(caller, setting, place, hasSound)
  const ofText = () => textFor(caller, setting, hasSound)
  return caller.announced.isPlaceNext ? (ofPlace() ?? ofText()) : (ofText() ?? ofPlace())
}

/** A sentence without a sound is left out. */
function placeFor(
  { announced, language }: Hearer,
  setting: AnnouncementSetting,
  { position, rate }: Place,
  hasSound: (sound: string) => boolean,
): Announcement | null {
  const said = <Value>(
    value: Value | null,
    soundFor: (language: Language, value: Value) => string,
  ): { readonly value: Value; readonly sound: string } | null => {
    if (value === null) return null
    const sound = soundFor(language, value)
    return hasSound(sound) ? { value, sound } : null
  }
  const estimated = setting.estimate && rate !== null ? estimateFor(position, rate) : null
  const grows = estimated !== null && announced.estimate !== null && isLonger(estimated, announced.estimate)
  const place = said(setting.position ? position : null, positionSound)
  const wait = said(grows ? null : estimated, estimateSound)
  const sounds = [place, wait].flatMap((one) => (one === null ? [] : [one.sound]))
  if (sounds.length === 0) return null
  return { notice: null, position: place?.value ?? null, estimate: wait?.value ?? null, text: null, sounds }
}

/** One without a text in the caller's language, or without a sound, is left out. */
function textFor(
  { announced, language }: Hearer,
  { texts = [] }: AnnouncementSetting,
  hasSound: (sound: string) => boolean,
): Announcement | null {
  for (const nth of texts.keys()) {
    const text = (announced.nextText + nth) % texts.length
    const words = texts[text]?.[language]
    const sound = words === undefined ? null : soundOf(language, words, 'waiting')
    if (sound !== null && hasSound(sound))
      return { notice: null, position: null, estimate: null, text, sounds: [sound] }
  }
  return null
}
