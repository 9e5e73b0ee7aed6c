/** A caller's way through the menus of the number that they have called, before a queue. */
import type { Greeting, InMenu } from '../call.ts'
import {
  entered,
  lineLanguageOf,
  pressed,
  repeated,
  type MenuNext,
  type MenuPlace,
} from '../configuration/menu.ts'
import { menuReadingOf, type Millis, type QueueId } from '../ids.ts'
import type { Prompt } from '../effect.ts'
import { bounds } from '../rules.ts'
import { askForMessage } from './voicemail.ts'
import { becomes, end, enterLine, factsOf, left, queuedSince, type Handlers, type Next } from './next.ts'

/** The greeting is over, or there is none. */
export function afterGreeting(call: Greeting, now: Millis): Next {
  if (call.menu === null) return enterLine(call, now)
  return becomes(
    reading(call, entered(call.menu), { readings: 0, since: now, leaveBy: now + bounds.menuMs }, now),
  )
}

export const menu: Handlers<'menu'> = {
  PlaybackEnded(call, event, now) {
    if (event.playback !== call.playback) return becomes(call)
    if (event.queuedAt !== undefined) return enterLine(queuedSince(call, event.queuedAt, now), now)
    return call.isReading ? awaitsKey(call, now) : becomes(call)
  },
  KeyPressed: (call, { key, instead }, now) => goesOn(call, instead ?? pressed(call.place, key), now),
  DeadlinePassed(call, _event, now) {
    if (now >= call.leaveBy) return leaves(call, now)
    if (now < call.until) return becomes(call)
    return call.isReading ? awaitsKey(call, now) : goesOn(call, repeated(call.place, false), now)
  },
  CallEndedBySupervisor: (call, _event, now) => end(call, 'rejected', 'supervisor', now),
  CallerHungUp: left,
  CallerLost: left,
}

const awaitsKey = (call: InMenu, now: Millis): Next =>
  becomes({ ...call, isReading: false, until: now + bounds.menuKeyMs })

function goesOn(call: InMenu, next: MenuNext, now: Millis): Next {
  if (next !== null && 'voicemail' in next) {
    const prompt: Prompt = { say: 'leave a message', sound: next.sounds[lineLanguageOf(call.language)] }
    return askForMessage({ ...call, queue: next.voicemail }, prompt, 'abandoned', now)
  }
  if (next === null || (!('queue' in next) && call.readings >= bounds.menuReadings)) return leaves(call, now)
  if ('queue' in next) return leaves({ ...call, queue: next.queue, priority: priorityIn(next, call) }, now)
  return becomes(reading(call, next, call, now))
}

/** A caller with the place of a callback that was moved to the front keeps the front of that queue. */
const priorityIn = (next: { readonly queue: QueueId; readonly priority: number }, call: InMenu): number =>
  next.queue === call.queue ? Math.min(call.priority, next.priority) : next.priority

/** Time in menus is not waiting: the bounds of the wait move by it. */
const leaves = (call: InMenu, now: Millis): Next =>
  enterLine({ ...call, waitUntil: call.waitUntil + now - call.since }, now)

function reading(
  call: Greeting | InMenu,
  place: MenuPlace,
  { readings, since, leaveBy }: Pick<InMenu, 'readings' | 'since' | 'leaveBy'>,
  now: Millis,
): InMenu {
  const nth = readings + 1
  return {
    ...factsOf(call),
    phase: 'menu',
    language: place.language,
    place,
    readings: nth,
    playback: menuReadingOf(call.id, nth),
    isReading: true,
    until: now + bounds.promptMs,
    leaveBy,
    since,
  }
}
