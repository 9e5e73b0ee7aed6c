/** The machine's own clock. */
import type { Clock } from './voice/ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(waitMs, wake) {
    const timer = setTimeout(wake, waitMs)
    return () => clearTimeout(timer)
  },
}
