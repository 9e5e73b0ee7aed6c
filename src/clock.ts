/** The machine's clocks, and the ACD's. */
import type { Clock } from './acd/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  wall: () => Date.now(),
  advanceTo: () => undefined,
  monotonic: () => performance.now(),
  after(waitMs, wake) {
    const timer = setTimeout(wake, waitMs)
    return () => clearTimeout(timer)
  },
}

/** Rate by which the ACD's time runs faster or slower until it equals the machine's again. */
const catchUp = 0.1
/**
 * A larger difference means that the clock was or is not set at all: the machine's time is taken at once, but never
 * while there are calls. A waiting caller would have waited for a year.
 */
const followAtOnceMs = 86_400_000

const neverBusy = (): boolean => false

export interface AcdClock extends Clock {
  /** Whether there are calls now. */
  heldWhile(busy: () => boolean): void
}

/**
 * The ACD's time: begins with the wall clock and advances by the monotonic clock. A correction of the wall clock is
 * followed slowly, so that it neither lengthens nor shortens waits and rests, and never changes the order of callers.
 * Until then recorded times stay wrong, for ten times as long as the correction.
 */
export function acdClock(machine: Clock): AcdClock {
  let isBusy = neverBusy
  let at = machine.wall()
  let readAt = machine.monotonic()
  const read = (): number => {
    const monotonic = machine.monotonic()
    const passed = monotonic - readAt
    readAt = monotonic
    const wall = machine.wall()
    const behind = wall - (at + passed)
    const most = passed * catchUp
    const jumps = Math.abs(behind) > followAtOnceMs && !isBusy()
    at = jumps ? wall : at + passed + Math.min(most, Math.max(-most, behind))
    return at
  }
  return {
    ...machine,
    now: () => Math.floor(read()),
    advanceTo(saved, isOfCall = false) {
      if (saved > read() && (isOfCall || saved - at <= followAtOnceMs)) at = saved
    },
    heldWhile(busy) {
      isBusy = busy
    },
  }
}
