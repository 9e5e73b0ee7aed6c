/** Reads the state of a process (proc_pid_stat(5)). */
import { readFileSync } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'

/** The fields from the third on; the second, the name, can hold any character and ends at the last bracket. Null: ended. */
export function stateOf(pid: number, thread = pid): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** The session id, which is the pid of its first process. Null: ended. */
export function sessionOf(pid: number): number | null {
  const state = stateOf(pid)
  return state === null ? null : Number(state[3])
}

/** Whether a process, of those that this user may look at, runs a program or library below the folder. */
export async function isMapped(folder: string): Promise<boolean> {
  const below = `${await realpath(folder)}/`
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  // Closed, or ended meanwhile.
  const maps = pids.map((pid) => readFile(`/proc/${pid}/maps`, 'utf8').catch(() => ''))
  return (await Promise.all(maps)).some((text) => text.includes(below))
}
