/** A caller who waits is asked whether they want to be called back, and answers by key. */
import type { CallbackQuestion } from '../announcements/announcement.ts'
import { isInterest, questionSounds, readBackSounds } from '../announcements/callback-question.ts'
import type { Waiting } from '../call.ts'
import type { CallEventOf } from '../call-event.ts'
import { announcementOf, type Millis } from '../ids.ts'
import { bounds } from '../rules.ts'
import { becomes, type Next } from './next.ts'

export function asked(call: Waiting, now: Millis): Next {
  const announced = { ...call.announced, askedAt: now }
  return becomes(asking({ ...call, announced }, 'interest', questionSounds(call.language), now))
}

/** A confirmation is a promise (`CallbackPromised`); any key without a meaning leaves the caller where they were. */
export function answeredByKey(call: Waiting, { key }: CallEventOf<'KeyPressed'>, now: Millis): Next {
  const { caller, language, question } = call
  if (question === null) return becomes(call)
  return becomes(
    isInterest(question.awaits, key) && caller.number !== null
      ? asking(call, 'confirmation', readBackSounds(language, caller.number), now)
      : { ...call, question: null, announcement: null },
  )
}

/** The time for a key begins when it has been read. */
export const afterReading = (question: CallbackQuestion | null, now: Millis): CallbackQuestion | null =>
  question === null ? null : { ...question, until: now + bounds.menuKeyMs }

function asking(
  call: Waiting,
  awaits: CallbackQuestion['awaits'],
  sounds: readonly string[],
  now: Millis,
): Waiting {
  const count = call.announced.count + 1
  const until = now + bounds.promptMs
  return {
    ...call,
    announced: { ...call.announced, count },
    announcement: { playback: announcementOf(call.id, count), sounds, until },
    question: { awaits, until: until + bounds.menuKeyMs },
  }
}
