/** Checks whether this host can create machines. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, runCommand } from '../../src/stack/command.ts'

/** Base root, mirrored packages and machines. Safe to delete while no `make fresh` runs. */
export const cacheRoot = '/var/cache/linia969-fresh'

/** Null when it can; otherwise one sentence. */
export async function whyNotHere(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'it needs root, for mounts and namespaces.'
  const apart = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork']
  const tried = await runCommand('unshare', [...apart, 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  if (tried.code !== 0) return `this machine allows no namespaces (${tried.output.trim()}).`
  if (findProgram('ip') === null || findProgram('mmdebstrap') === null)
    return 'iproute2 or mmdebstrap is missing.'
  const overlay =
    'mkdir -p "$1/upper" "$1/work" "$1/root" && mount -t overlay overlay -o "lowerdir=/usr,upperdir=$1/upper,workdir=$1/work" "$1/root"'
  await mkdir(cacheRoot, { recursive: true })
  const dir = await mkdtemp(join(cacheRoot, 'try-'))
  try {
    const mounted = await runCommand('unshare', ['--mount', 'sh', '-c', overlay, 'sh', dir])
    return mounted.code === 0 ? null : `${cacheRoot} holds no overlay file system (${mounted.output.trim()}).`
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
