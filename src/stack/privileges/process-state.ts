/** What the kernel says of a process (proc_pid_stat(5)). */
import { readFileSync } from 'node:fs'

/** Its fields from the third on: the second, its name, may contain anything but ends at the last bracket. Null: it is gone. */
export function stateOf(pid: number, thread = pid): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** The session's first process has its number. Null: the process is gone. */
export function sessionOf(pid: number): number | null {
  const state = stateOf(pid)
  return state === null ? null : Number(state[3])
}
