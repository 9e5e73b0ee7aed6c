/**
 * File system sandbox of each part, enforced by the kernel (Landlock, through `setpriv`): programs and libraries are
 * readable, its own folders writable. It needs no root. A part can neither read another part's files nor its memory or
 * environment, although all run as one user.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface LandlockRules {
  /** Readable folders and files beside the system's. */
  readonly reads: readonly string[]
  /** Writable existing folders; nothing in them can be executed. */
  readonly writes: readonly string[]
}

/** Linia's programs and Node; not the whole checkout, which may hold `var/`. */
export const ownPrograms = [
  'src',
  'tools',
  'node_modules',
  'asterisk-conf',
  'dialplan',
  'migrations',
  'package.json',
].map((name) => fileURLToPath(new URL(`../../../${name}`, import.meta.url)))

const system = ['/usr', '/lib', '/lib64', '/bin', '/sbin', '/etc', '/opt', '/proc', '/sys', '/run']
const devices = '/dev'
const sharedMemory = '/dev/shm'

const readable = 'read-file,read-dir,execute'
const writable =
  'read-file,read-dir,write-file,truncate,refer,make-reg,make-dir,make-sock,make-fifo,make-sym,remove-file,remove-dir'

/** Options of `setpriv`; empty without kernel support, which `linia doctor` reports. */
export function confinement(reach: LandlockRules, program: string): readonly string[] {
  if (!confines()) return []
  const reads = [...system, program, ...reach.reads]
  const writes = [...reach.writes, sharedMemory]
  const rules = [
    ...reads.flatMap((path) => (existsSync(path) ? [readRule(path)] : [])),
    `path-beneath:read-file,write-file,read-dir:${devices}`,
    ...writes.flatMap((path) => (existsSync(path) ? [`path-beneath:${writable}:${path}`] : [])),
  ]
  return ['--landlock-access', 'fs', ...rules.flatMap((rule) => ['--landlock-rule', rule])]
}

let known: boolean | null = null

/** Whether the kernel and `setpriv` support Landlock; checked once. */
export function confines(): boolean {
  known ??=
    spawnSync('setpriv', ['--landlock-access', 'fs', '--landlock-rule', `path-beneath:${readable}:/`, 'true'])
      .status === 0
  return known
}

function readRule(path: string): string {
  return `path-beneath:${statSync(path).isDirectory() ? readable : 'read-file,execute'}:${path}`
}
