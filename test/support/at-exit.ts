/**
 * A test that is cut short leaves no process behind: those that still run are killed at its end, also when it is
 * told to end by a signal (Ctrl-C, or tap's own bound for a file).
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

/** Once more without this listener, so that the signal does what it would have done: tap tells where it was. */
function endBy(signal: NodeJS.Signals): void {
  killAll()
  for (const one of signals) process.off(one, endBy)
  process.kill(process.pid, signal)
}
