/** The machine's clocks, and the ACD's. */
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

/** Rate by which the ACD's time runs faster or slower until it equals the machine's again. */
const catchUp = 0.1
/** A larger difference means that the clock had not been set at all: the new time is taken at once. */
const followAtOnceMs = 86_400_000

/**
 * The ACD's time: begins with the wall clock and advances by the monotonic clock. A correction of the wall clock is
 * followed slowly, so that it neither lengthens nor shortens waits and rests, and never changes the order of callers.
 * Until then recorded times stay wrong, for ten times as long as the correction.
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
