/** Processor time used by processes, from /proc. */
import { readdir, readFile } from 'node:fs/promises'

const ticksPerSecond = 100

interface Usage {
  readonly parent: number
  readonly seconds: number
  /** Of children that have ended. */
  readonly endedSeconds: number
}

async function usageOf(pid: number): Promise<Usage | null> {
  // The process may have ended since its folder was listed.
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map(
    (at) => fields[at] ?? 0,
  )
  const endedSeconds = (childUser + childSystem) / ticksPerSecond
  return { parent, seconds: (user + system) / ticksPerSecond, endedSeconds }
}

/** Children of a server are recording encoders. They are reported separately: no call waits for them. */
const startedBy = (name: string): string => (name.startsWith('server') ? 'encoding' : name)

/** Processor seconds of each named process, its descendants included. */
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
  const add = (name: string, seconds: number): void => void sums.set(name, (sums.get(name) ?? 0) + seconds)
  for (const [pid, { seconds, endedSeconds }] of usages) {
    const name = rootOf(pid)
    if (name === null) continue
    add(named.get(name) === pid ? name : startedBy(name), seconds)
    add(startedBy(name), endedSeconds)
  }
  return sums
}
