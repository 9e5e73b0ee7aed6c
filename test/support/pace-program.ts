/** Of its own, so that it can go before all others: notes when the processors were slow, and tells when asked. */
import { PaceMeter, type Slow } from './pace-meter.ts'

const everyMs = 4

const meter = new PaceMeter()
const slow: Slow[] = []
let began = 0
setInterval(() => {
  const stretch = meter.sample()
  if (stretch === null) return
  // By the wall clock as it is now: it may have been set since the start.
  const wall = (at: number): number => Date.now() - (performance.now() - at)
  const from = stretch.from === began ? (slow.pop()?.from ?? wall(stretch.from)) : wall(stretch.from)
  began = stretch.from
  slow.push({ from, to: wall(stretch.to) })
}, everyMs)

process.on('message', () => process.send?.(slow))
process.on('disconnect', () => process.exit())
