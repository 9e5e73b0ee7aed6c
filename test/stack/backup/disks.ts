/** Small file systems of their own, for tests that root runs. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { bound } from '../programs.ts'

/** Mounts an empty disk, which goes with the test; false where this user may not. */
export function mountDisk(t: Test, place: string): boolean {
  mkdirSync(place, { recursive: true })
  const mounted = mount(place)
  if (mounted) t.teardown(() => unmount(place))
  return mounted
}

const mount = (place: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', place]).status === 0

export const unmount = (place: string): void => void spawnSync('umount', ['-l', place])

export const mayMount = tryMount()

function tryMount(): boolean {
  const tried = mkdtempSync(join(tmpdir(), 'linia-disk-'))
  try {
    const mounted = mount(tried)
    if (mounted) unmount(tried)
    return mounted
  } finally {
    rmdirSync(tried)
  }
}

export const withDisks = {
  ...bound,
  skip: mayMount ? false : 'only root may mount the small disks of this test',
}
