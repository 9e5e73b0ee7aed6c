/** The machine's own clocks, and the line's. */
import type { Clock } from './acd/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  wall: () => Date.now(),
  goOnFrom: () => undefined,
  monotonic: () => performance.now(),
  after(waitMs, wake) {
    const timer = setTimeout(wake, waitMs)
    return () => clearTimeout(timer)
  },
}

/** So much faster or slower the line's time goes until it is the machine's again. */
const catchUp = 0.1
/** A clock that is wrong by more had no date at all, and is followed at once. */
const followAtOnceMs = 86_400_000

/**
 * The line's time: the machine's when the process began, from then on what has passed by the clock that
 * nobody sets. When the machine's clock is set right, no wait becomes longer or shorter by that, nobody is
 * overtaken and no rest lasts for an hour; what is written down is as wrong as the clock was, for ten times as
 * long as it was wrong by.
 */
export function acdClock(machine: Clock): Clock {
  let at = machine.wall()
  let readAt = machine.monotonic()
  const read = (): number => {
    const monotonic = machine.monotonic()
    const passed = monotonic - readAt
    readAt = monotonic
    const wall = machine.wall()
    const behind = wall - (at + passed)
    const most = passed * catchUp
    at = Math.abs(behind) > followAtOnceMs ? wall : at + passed + Math.min(most, Math.max(-most, behind))
    return at
  }
  return {
    ...machine,
    now: () => Math.floor(read()),
    goOnFrom(saved) {
      if (saved > read() && saved - at <= followAtOnceMs) at = saved
    },
  }
}
