/**
 * A caller of a closed number, one who has chosen so by key, or one whom their queue has no agent for, leaves a message. Asterisk records it, so that it is kept whatever becomes of the server; by its
 * sound it is judged afterwards whether anybody has spoken (`jobs/recordings/voicemail.ts`).
 */
import type { Greeting, InMenu, Outcome, Voicemail, Waiting } from '../call.ts'
import type { MenuKey } from '../configuration/menu.ts'
import type { Prompt } from '../effect.ts'
import { toneUntil } from '../deadline.ts'
import { toneOf, voicemailPromptOf, type Millis } from '../ids.ts'
import { bounds, type Rules } from '../rules.ts'
import {
  becomes,
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

/** Ends a message as hanging up does. */
export const endKey: MenuKey = '#'

/** A network lets nobody be heard before it is told of an answer. */
export function askForMessage(
  call: Greeting | InMenu | Waiting,
  prompt: Prompt,
  without: Voicemail['without'],
  now: Millis,
): Next<Voicemail> {
  return {
    call: {
      ...factsOf(call),
      phase: 'voicemail',
      lineAnswered: true,
      playback: voicemailPromptOf(call.id),
      prompt,
      without,
      until: now + bounds.promptMs,
      since: now,
    },
    agents: [],
  }
}

/** Found speaking, without a state. */
export const speaksStill = (call: Greeting, now: Millis, { voicemailMaxMs }: Rules): Next<Voicemail> =>
  becomes({
    ...factsOf(call),
    phase: 'voicemail',
    lineAnswered: true,
    playback: toneOf(call.id),
    prompt: null,
    without: 'closed',
    until: now + voicemailMaxMs,
    since: now,
  })

export const voicemail: Handlers<'voicemail'> = {
  PlaybackEnded(call, { playback, queuedAt }, now, rules) {
    if (playback !== call.playback) return becomes(call)
    if (queuedAt !== undefined) return enterLine(queuedSince(call, queuedAt, now), now)
    return goesOn(call, now, rules)
  },
  // So ended it counts, however short it seems by a clock that was set back meanwhile.
  KeyPressed: (call, { key }, now) =>
    key === endKey && call.prompt === null ? end(call, 'voicemail', 'caller', now) : becomes(call),
  RecorderFailed: (call, _event, now) => end(call, 'failed', 'system', now),
  DeadlinePassed(call, _event, now, rules) {
    if (now < Math.min(call.until, toneUntil(call))) return becomes(call)
    return call.prompt === null ? end(call, leftWith(call, now), 'system', now) : goesOn(call, now, rules)
  },
  CallerHungUp: (call, _event, now) => end(call, leftWith(call, now), 'caller', now),
  CallerLost: lost,
}

/**
 * The announcement is followed by the tone, the tone by the message: from when the tone was over, however late that was noticed. The
 * caller has spoken since.
 */
function goesOn(call: Voicemail, now: Millis, { voicemailMaxMs }: Rules): Next {
  if (call.prompt === null) return becomes(call)
  const since = Math.min(now, toneUntil(call))
  const recorded = { ...call, until: since + voicemailMaxMs, since }
  return becomes(
    isRecorded(call)
      ? { ...recorded, prompt: null }
      : { ...recorded, playback: toneOf(call.id), prompt: { say: 'tone' } },
  )
}

const isRecorded = ({ prompt }: Voicemail): boolean => prompt === null || prompt.say === 'tone'

const leftWith = ({ prompt, since, without }: Voicemail, now: Millis): Outcome =>
  prompt === null && now - since >= bounds.voicemailMinMs ? 'voicemail' : without

/** While nobody looked the caller may have spoken for as long as they liked: the recording tells. */
function lost(call: Voicemail, event: Leaving, now: Millis): Next {
  if (isRecorded(call)) return end(call, 'voicemail', leftBy(event), now)
  return end(call, outcomeOf(event) === 'failed' ? 'failed' : call.without, leftBy(event), now)
}
