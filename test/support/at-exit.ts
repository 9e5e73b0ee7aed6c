/**
 * Kills a test's child processes when the test process ends, also by a signal (Ctrl-C, or tap's time limit for a file),
 * so that an interrupted test leaves no process.
 */
import type { ChildProcess } from 'node:child_process'

const running = new Set<ChildProcess>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

process.once('exit', killAll)
for (const signal of signals) process.on(signal, endBy)

export function killAtExit(child: ChildProcess): void {
  running.add(child)
  child.once('exit', () => running.delete(child))
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Repeats the signal without this listener, so that it has its usual effect: tap reports the test in progress. */
function endBy(signal: NodeJS.Signals): void {
  killAll()
  for (const one of signals) process.off(one, endBy)
  process.kill(process.pid, signal)
}
