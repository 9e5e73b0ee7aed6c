/**
 * A caller of a closed number hears so and when it opens, and may choose by key to be called back then. As in a queue two keys are
 * needed: after the question, and after the number that will be dialled. Nobody who has not pressed both is called.
 */
import { isInterest, readBackSounds } from '../announcements/callback-question.ts'
import type { Closed, Greeting } from '../call.ts'
import type { Prompt } from '../effect.ts'
import { closedReadingOf, type Millis } from '../ids.ts'
import { bounds } from '../rules.ts'
import { promisedWhenOpen } from './callback.ts'
import {
  becomes,
  dismiss,
  end,
  enterLine,
  factsOf,
  leftBy,
  outcomeOf,
  queuedSince,
  type Handlers,
  type Leaving,
  type Next,
} from './next.ts'

/** A network lets no keys through before it is told of an answer. */
export const askWhileClosed = (
  call: Greeting,
  told: Pick<Closed, 'opensAt' | 'words'>,
  now: Millis,
): Next<Closed> =>
  becomes({
    ...factsOf(call),
    phase: 'closed',
    lineAnswered: true,
    ...told,
    ...reading(call, 'interest', { say: 'callback question', ...heard(told) }, now),
    since: now,
  })

const heard = ({ opensAt, words }: Pick<Closed, 'opensAt' | 'words'>) =>
  words === null ? { opensAt } : { opensAt, words }

export const closed: Handlers<'closed'> = {
  PlaybackEnded(call, { playback, queuedAt }, now) {
    if (playback !== call.playback) return becomes(call)
    // Back from the fallback queue, where they have waited.
    if (queuedAt !== undefined) return enterLine(queuedSince(call, queuedAt, now), now)
    return call.isReading ? awaitsKey(call, now) : becomes(call)
  },
  KeyPressed(call, { key }, now) {
    const { caller, language, awaits } = call
    if (isInterest(awaits, key) && caller.number !== null) {
      const sounds = readBackSounds(language, caller.number, 'whileClosed')
      return becomes({ ...call, ...reading(call, 'confirmation', { say: 'announcement', sounds }, now) })
    }
    // No confirmation, or one that cannot be kept any more: the caller hears once more that nobody calls before the opening.
    return awaits === 'confirmation'
      ? dismiss(call, 'closed', { say: 'closed', ...heard(call) }, now)
      : becomes(call)
  },
  CallbackPromised: promisedWhenOpen,
  DeadlinePassed(call, _event, now) {
    if (now < call.until) return becomes(call)
    return call.isReading ? awaitsKey(call, now) : end(call, 'closed', 'system', now)
  },
  CallEndedBySupervisor: (call, _event, now) => end(call, 'closed', 'supervisor', now),
  CallerHungUp: left,
  CallerLost: left,
}

const awaitsKey = (call: Closed, now: Millis): Next =>
  becomes({ ...call, isReading: false, until: now + bounds.menuKeyMs })

function left(call: Closed, event: Leaving, now: Millis): Next {
  return end(call, outcomeOf(event) === 'failed' ? 'failed' : 'closed', leftBy(event), now)
}

const reading = (
  { id }: Greeting | Closed,
  awaits: Closed['awaits'],
  prompt: Prompt,
  now: Millis,
): Pick<Closed, 'awaits' | 'playback' | 'prompt' | 'isReading' | 'until'> => ({
  awaits,
  playback: closedReadingOf(id, awaits === 'interest' ? 1 : 2),
  prompt,
  isReading: true,
  until: now + bounds.promptMs,
})
