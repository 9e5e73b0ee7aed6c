/** A caller goes on waiting in another queue, by the place that their arrival gives them there, or is offered something else. */
import { busyPrompts } from '../announcements/voicemail.ts'
import type { CallEventOf } from '../call-event.ts'
import type { Waiting } from '../call.ts'
import { lineLanguageOf } from '../configuration/menu.ts'
import { mayOverflow } from '../configuration/overflow.ts'
import type { Millis } from '../ids.ts'
import { asked } from './callback-question.ts'
import { becomes, type Next } from './next.ts'
import { askForMessage } from './voicemail.ts'

export function overflowed(call: Waiting, event: CallEventOf<'CallOverflowed'>, now: Millis): Next {
  if (!mayOverflow(call)) return becomes(call)
  const { queue, priority, way } = event
  const left = { ...call, queue, priority, overflowedFrom: call.queue }
  if (way === undefined) return becomes(left)
  if (way === 'callback') return asked(left, now)
  return askForMessage(
    left,
    { say: 'leave a message', sound: busyPrompts[lineLanguageOf(call.language)] },
    'abandoned',
    now,
  )
}
