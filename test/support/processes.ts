/** Facts about processes from /proc: family, status, listening addresses. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface ProcessFacts {
  readonly pid: number
  readonly command: string
  /** Fields of `/proc/<pid>/status`, such as `Uid` and `CapEff`, as text. */
  readonly status: ReadonlyMap<string, string>
}

/** A process and all its descendants. */
export function familyOf(pid: number): readonly ProcessFacts[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (factsOf(Number(name)) ?? []) : [],
  )
  const family = new Set([pid])
  for (let before = 0; before !== family.size;) {
    before = family.size
    for (const one of all) if (family.has(Number(one.status.get('PPid')))) family.add(one.pid)
  }
  return all.filter((one) => family.has(one.pid))
}

function factsOf(pid: number): ProcessFacts | null {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n')
    const status = new Map(lines.map((line) => [line.split(':')[0] ?? '', line.split(/:\s*/)[1] ?? '']))
    return { pid, status, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }
  } catch {
    // It has ended meanwhile.
    return null
  }
}

/**
 * Local addresses on which it waits for connections, as the kernel writes them (`0100007F` is 127.0.0.1). UDP
 * is left out: a program's DNS questions leave from a socket that looks like one that waits.
 */
export function listeningAddresses(pid: number): readonly string[] {
  try {
    return addressesOf(pid)
  } catch (error) {
    // It has ended since it was listed.
    if (!existsSync(`/proc/${pid}`)) return []
    throw error
  }
}

function addressesOf(pid: number): readonly string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        // Closed meanwhile.
        return []
      }
    }),
  )
  return ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => own.has(inode ?? '') && state === '0A')
      .map(([, local]) => local?.split(':')[0] ?? ''),
  )
}
