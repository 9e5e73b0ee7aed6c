/** A caller who waits hears an announcement, and then music again. */
import type { Announced, Announcement } from '../announcements/announcement.ts'
import type { Ringing, Waiting } from '../call.ts'
import type { CallEventOf } from '../call-event.ts'
import { announcementOf, type Millis } from '../ids.ts'
import { bounds } from '../rules.ts'
import { becomes, type Next } from './next.ts'
import { afterReading } from './callback-question.ts'

export function announced(call: Waiting, event: CallEventOf<'AnnouncementMade'>, now: Millis): Next {
  const { estimate, notice, sounds } = event.announcement
  const count = call.announced.count + 1
  return becomes({
    ...call,
    announced: {
      ...afterTurn(call.announced, event.announcement),
      count,
      at: notice === null ? now : call.announced.at,
      estimate: estimate ?? call.announced.estimate,
      notices: notice === null ? call.announced.notices : [...call.announced.notices, notice],
    },
    announcement: { playback: announcementOf(call.id, count), sounds, until: now + bounds.promptMs },
  })
}

/** A notice takes nobody's turn. */
function afterTurn(announced: Announced, { notice, text }: Announcement): Announced {
  if (notice !== null) return announced
  return text === null
    ? { ...announced, isPlaceNext: false }
    : { ...announced, isPlaceNext: true, nextText: text + 1 }
}

/** The end of an earlier one changes nothing. */
export const readingEnded = (
  call: Waiting | Ringing,
  { playback }: CallEventOf<'PlaybackEnded'>,
  now: Millis,
): Next => becomes(call.announcement?.playback === playback ? withMusic(call, now) : call)

/** Its end was not reported. */
export const readingOver = (call: Waiting | Ringing, now: Millis): Next =>
  becomes(call.announcement !== null && now >= call.announcement.until ? withMusic(call, now) : call)

const withMusic = (call: Waiting | Ringing, now: Millis): Waiting | Ringing =>
  call.phase === 'ringing'
    ? { ...call, announcement: null }
    : { ...call, announcement: null, question: afterReading(call.question, now) }
