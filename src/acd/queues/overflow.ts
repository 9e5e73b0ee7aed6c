/** Decides each second which waiting callers overflow: to another queue, a message, or the question whether they want to be called back. */
import { busyPrompts } from '../../core/announcements/voicemail.ts'
import { lineLanguageOf } from '../../core/configuration/menu.ts'
import { hasRoomForVoicemail } from '../../core/call-arrival.ts'
import type { Waiting } from '../../core/call.ts'
import { mayHear } from '../../core/announcements/next-announcement.ts'
import {
  mayOverflow,
  overflowOf,
  type Openness,
  type OverflowWay,
} from '../../core/configuration/overflow.ts'
import type { Millis } from '../../core/ids.ts'
import type { Queue } from '../../core/queue.ts'
import { callbacksLeft, isAsked, type QuestionDeps } from '../callbacks/by-key.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock } from '../ports.ts'

export interface OverflowDeps extends QuestionDeps {
  readonly conductor: Pick<Conductor, 'apply'>
  readonly clock: Clock
  /** Not while the callers are not served: Redis is away, or they may be with the fallback queue. */
  readonly takesCalls: () => boolean
}

/** Each one is a commit; the others follow a second later. */
const perSecondMax = 50

export function overflow(deps: OverflowDeps): void {
  const { acdState, conductor, directory, clock, takesCalls } = deps
  // Without people, who could not be read, nobody would seem to be signed in.
  if (!takesCalls() || directory.agents().length === 0) return
  const lines = [...acdState.lines()]
  if (lines.every(({ queue }) => queue.overflow === undefined)) return
  const now = clock.now()
  const queues = new Map(
    lines.map((line) => [line.queue.id, { ...line, signedIn: acdState.signedInFor(line.queue) }]),
  )
  let left = perSecondMax
  for (const { queue, waiting } of lines) {
    if (queue.overflow === undefined) continue
    let before = 0
    // `waiting` changes with each one who goes.
    const callers = [...waiting]
    for (const call of callers) {
      const isFree = call.phase === 'waiting' && mayOverflow(call)
      const may = (way: OverflowWay) => (isFree ? openness(way, call, queue, now, deps) : 'no')
      const there = isFree ? overflowOf(call, before, queues, now, may) : null
      if (there === null) {
        // Of citizens who are to be called back there may be a whole night's: they are no queue on the line.
        if (call.phase === 'waiting') before += 1
        continue
      }
      // One who is asked stays before the others until they are called back.
      if (there.way === 'callback') before += 1
      if (left === 0) return
      left -= 1
      void conductor.apply(call.id, { type: 'CallOverflowed', ...there })
    }
  }
}

/** Whatever the queue says of those who wait for long. */
const atOnce = { afterSeconds: 0, standingMax: 1 }

/** Nobody is taken out of a question that they are about to answer, or out of what they hear. */
function openness(way: OverflowWay, call: Waiting, queue: Queue, now: Millis, deps: OverflowDeps): Openness {
  const { acdState, rules, hasSound } = deps
  if (!mayHear(call)) return 'later'
  const isOpen =
    way === 'voicemail'
      ? hasRoomForVoicemail(acdState.crowd(), rules) && hasSound(busyPrompts[lineLanguageOf(call.language)])
      : isAsked(call, { callback: atOnce }, now, deps) && callbacksLeft(queue, acdState) > 0
  return isOpen ? 'now' : 'no'
}
