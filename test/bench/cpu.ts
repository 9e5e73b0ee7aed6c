/** How much processor time processes have used, from /proc. */
import { readdir, readFile } from 'node:fs/promises'

const ticksPerSecond = 100

interface Usage {
  readonly parent: number
  /** With the time of children that have ended. */
  readonly seconds: number
}

async function usageOf(pid: number): Promise<Usage | null> {
  // The process may end while we look.
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map(
    (at) => fields[at] ?? 0,
  )
  return { parent, seconds: (user + system + childUser + childSystem) / ticksPerSecond }
}

/** Processor seconds of each named process, with everything that it started. */
export async function processorSeconds(named: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const usages = new Map<number, Usage>()
  for (const pid of pids) {
    const usage = await usageOf(pid)
    if (usage !== null) usages.set(pid, usage)
  }
  const rootOf = (pid: number): string | null => {
    for (let at = pid; at > 1; at = usages.get(at)?.parent ?? 0) {
      for (const [name, root] of named) if (root === at) return name
    }
    return null
  }
  const sums = new Map([...named.keys()].map((name) => [name, 0]))
  for (const [pid, { seconds }] of usages) {
    const name = rootOf(pid)
    if (name !== null) sums.set(name, (sums.get(name) ?? 0) + seconds)
  }
  return sums
}
