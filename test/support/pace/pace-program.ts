/**
 * Runs on one processor with the highest priority and prints each period in which that processor was slow or stalled:
 * one JSON line a period, in wall-clock time.
 *
 * Two threads measure in turns. When a processor stalls just after a timer's interrupt, the thread that it wakes
 * appears to wait for the processor; the other thread's timer shows the stall.
 */
import { once } from 'node:events'
import { openSync, readSync, writeSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'
import { PaceMeter, StillMeter, type Slow } from './pace-meter.ts'

const everyMs = 4
/** Only the main thread does the arithmetic. */
const meter = isMainThread ? new PaceMeter() : null
const parent = process.ppid
const never = new Int32Array(new SharedArrayBuffer(4))
const statistics = openSync('/proc/thread-self/schedstat', 'r')
const line = Buffer.alloc(100)

/** Time that this thread has waited for the processor: the second field of schedstat, in nanoseconds. */
function waitedMs(): number {
  const length = readSync(statistics, line, 0, line.length, 0)
  return Number(line.toString('latin1', 0, length).split(' ')[1]) / 1e6
}

/** The conversion uses the present wall clock, which may have been set since the start. */
function report(slow: Slow | null): void {
  if (slow === null) return
  const wall = (at: number): number => Date.now() - (performance.now() - at)
  writeSync(1, `${JSON.stringify({ from: wall(slow.from), to: wall(slow.to) })}\n`)
}

/** Runs until the parent process has ended. It blocks the thread, so that no other work delays a measurement. */
function watch(phaseMs: number): void {
  // A common origin for both threads.
  const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now()
  const still = new StillMeter(waitedMs())
  while (process.ppid === parent) {
    const before = performance.now()
    const sleepMs = everyMs - ((origin + before - phaseMs) % everyMs)
    Atomics.wait(never, 0, 0, sleepMs)
    report(still.woke({ due: before + sleepMs, now: performance.now(), waitedMs: waitedMs() }))
    if (meter !== null) report(meter.sample())
  }
}

if (isMainThread) {
  const other = new Worker(new URL(import.meta.url))
  await once(other, 'online')
  writeSync(1, 'ready\n')
  watch(0)
  process.exit()
} else watch(everyMs / 2)
