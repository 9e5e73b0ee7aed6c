/**
 * Of its own for each processor, where it goes before all others: tells when that processor was slow or stood still, a
 * stretch a line, by the wall clock.
 *
 * Two threads look in turns. Where a processor stands still just after the interrupt of a timer, it looks to the thread that is
 * woken by it as if others had kept it waiting; the other one's timer was not reached.
 */
import { once } from 'node:events'
import { openSync, readSync, writeSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'
import { PaceMeter, StillMeter, type Slow } from './pace-meter.ts'

const everyMs = 4
/** The arithmetic is for the first thread alone. */
const meter = isMainThread ? new PaceMeter() : null
const parent = process.ppid
const never = new Int32Array(new SharedArrayBuffer(4))
const statistics = openSync('/proc/thread-self/schedstat', 'r')
const line = Buffer.alloc(100)

/** This thread, by the kernel's record: the second figure, in nanoseconds. */
function waitedMs(): number {
  const length = readSync(statistics, line, 0, line.length, 0)
  return Number(line.toString('latin1', 0, length).split(' ')[1]) / 1e6
}

/** By the wall clock as it is now: it may have been set since the start. */
function tell(slow: Slow | null): void {
  if (slow === null) return
  const wall = (at: number): number => Date.now() - (performance.now() - at)
  writeSync(1, `${JSON.stringify({ from: wall(slow.from), to: wall(slow.to) })}\n`)
}

/** Until whoever started this is gone. Never gives the thread back: nothing else may take its time. */
function watch(phaseMs: number): void {
  // Both threads count from the same moment.
  const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now()
  const still = new StillMeter(waitedMs())
  while (process.ppid === parent) {
    const before = performance.now()
    const sleepMs = everyMs - ((origin + before - phaseMs) % everyMs)
    Atomics.wait(never, 0, 0, sleepMs)
    tell(still.woke({ due: before + sleepMs, now: performance.now(), waitedMs: waitedMs() }))
    if (meter !== null) tell(meter.sample())
  }
}

if (isMainThread) {
  const other = new Worker(new URL(import.meta.url))
  await once(other, 'online')
  writeSync(1, 'ready\n')
  watch(0)
  process.exit()
} else watch(everyMs / 2)
