/** Of its own, so that it can go before all others: notes when the processors were slow, and tells when asked. */
import { PaceMeter, type Slow } from './pace-meter.ts'

const everyMs = 4

const meter = new PaceMeter()
const slow: Slow[] = []
setInterval(() => {
  const stretch = meter.sample()
  if (stretch === null) return
  const [from, to] = [stretch.from, stretch.to].map((at) => performance.timeOrigin + at) as [number, number]
  if (slow.at(-1)?.from === from) slow.pop()
  slow.push({ from, to })
}, everyMs)

process.on('message', () => process.send?.(slow))
process.on('disconnect', () => process.exit())
