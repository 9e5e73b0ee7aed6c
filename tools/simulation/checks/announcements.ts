/** Callers who wait hear announcements and then music again. The product's own functions are not asked. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { CallerNotice } from '../../../src/core/announcements/caller-notice.ts'
import type { LiveCall } from '../../../src/core/call.ts'
import type { Language } from '../../../src/core/configuration/menu.ts'
import type { AnnouncementSetting } from '../../../src/core/configuration/schema.ts'
import { callerLegOf, type CallId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Scenario } from '../scenario.ts'
import { must } from './violation.ts'

export type AnnouncementFlaw =
  | 'an announcement in a conversation'
  | 'an announcement that is not heard'
  | 'an announcement past its bound'
  | 'music during an announcement'
  | 'a waiting caller without an announcement'
  | 'a waiting caller without a notice'

const longest = ['1', '2', '3', '5', '10', '15', '20', '30', 'more']

/** From the decision to its event, while Redis is slow. */
const decidedWithinMs = 5_000

export class Announcements {
  /** The shortest wait that each caller was told. */
  readonly #told = new Map<CallId, number>()
  /** The notices that each caller has heard. */
  readonly #heard = new Map<CallId, readonly number[]>()
  /** What each caller has heard in turn: own texts by their place, and the caller's own place or estimate as null. */
  readonly #turns = new Map<CallId, readonly (number | null)[]>()

  checkEvent({ id, at, event, after }: AcdCallEvent, { faults, notices, queues }: Scenario): void {
    if (event.type !== 'AnnouncementMade') return
    const { estimate, notice, position, sounds, text: own } = event.announcement
    const text = () => JSON.stringify({ id, event })
    must(after.phase === 'waiting', 'an announcement to a caller who does not wait', text)
    const said = [estimate, position, notice, own].filter((part) => part !== null).length
    must(sounds.length === said, 'a silent sentence', text)
    // Redis may come back with an older state, in which less has been said.
    const mayForget = faults.some(({ fault }) => fault.startsWith('redis'))
    if (notice !== null) {
      const heard = this.#heard.get(id) ?? []
      must(mayForget || !heard.includes(notice), 'a notice was heard twice', text)
      this.#heard.set(id, [...heard, notice])
      const clockJumps = faults.some(({ fault }) => fault === 'clock jumped')
      const { from = Infinity, until = 0 } = notices.find((one) => one.id === notice) ?? {}
      must(clockJumps || at < until + decidedWithinMs, 'a notice was heard after its end', text)
      must(clockJumps || at >= from, 'a notice was heard before its beginning', text)
    }
    const announce = queues.find((queue) => queue.id === after.queue)?.announce
    if (notice === null && announce?.texts !== undefined) {
      const heard = this.#turns.get(id) ?? []
      this.#turns.set(id, [...heard, own])
      must(mayForget || isInTurn(own, heard, announce, after.language), 'an announcement out of turn', text)
    }
    if (notice === null) {
      // The line itself speaks Romanian and English.
      const spoken = own !== null || after.language === 'en' ? after.language : 'ro'
      const isUnderstood = sounds.every((sound) => sound.startsWith(`waiting-${spoken}-`))
      must(isUnderstood, 'an announcement in another language', text)
    }
    if (estimate === null) return
    const told = longest.indexOf(String(estimate))
    must(mayForget || told <= (this.#told.get(id) ?? Infinity), 'an estimate grew', text)
    this.#told.set(id, told)
  }
}

/** No text is heard twice before each of the others; where the place is told it is told between two of them, and never twice in a row. */
function isInTurn(
  own: number | null,
  heard: readonly (number | null)[],
  { position, texts = [] }: AnnouncementSetting,
  language: Language,
): boolean {
  const last = heard.at(-1)
  if (own === null) return last !== null
  if (position && last !== null) return false
  const known = [...texts.keys()].filter((index) => texts[index]?.[language] !== undefined)
  const before = heard.findLast((index) => index !== null) ?? -1
  return own === (known.find((index) => index > before) ?? known[0])
}

export const isSpokenTo = (call: LiveCall): boolean => 'announcement' in call && call.announcement !== null

export function announcementFlaws(
  call: LiveCall,
  { channels, playing }: FakeAsterisk,
  { queues, notices, faults }: Scenario,
  now: number,
): readonly { readonly flaw: AnnouncementFlaw; readonly subject: string }[] {
  const channel = channels.get(callerLegOf(call.id))
  if (channel?.here !== true) return []
  const heard = [...playing].flatMap(([reading, on]) =>
    on === channel.id && reading.startsWith('announcement') ? [reading] : [],
  )
  const isOver = call.phase !== 'waiting' && call.phase !== 'ringing'
  if (isOver) return heard.map(() => ({ flaw: 'an announcement in a conversation', subject: call.id }))
  const wanted = call.announcement?.playback
  if (wanted !== undefined)
    return [
      { flaw: 'an announcement past its bound', subject: wanted },
      // An end that was lost is known at its bound.
      ...(heard.includes(wanted) || faults.some(({ fault }) => fault === 'events lost')
        ? []
        : [{ flaw: 'an announcement that is not heard', subject: wanted } as const]),
      ...(channel.music ? [{ flaw: 'music during an announcement', subject: wanted } as const] : []),
    ]
  if (call.phase !== 'waiting' || call.reservedFor !== null || call.question !== null) return []
  const isUnheard = ({ id, queues: of, from, until }: CallerNotice) =>
    from <= now &&
    now < until &&
    (of.length === 0 || of.includes(call.queue)) &&
    !call.announced.notices.includes(id)
  if (notices.some(isUnheard)) return [{ flaw: 'a waiting caller without a notice', subject: call.id }]
  const announce = queues.find(({ id }) => id === call.queue)?.announce
  // A queue whose estimate alone is said may have nothing to say.
  if (announce === undefined || (!announce.position && announce.texts === undefined)) return []
  const last = call.announced.at === null ? 0 : call.announced.at + announce.everySeconds * 1_000
  const due = Math.max(call.since + announce.firstAfterSeconds * 1_000, last)
  return now > due ? [{ flaw: 'a waiting caller without an announcement', subject: call.id }] : []
}
