/** Small file systems of their own, for tests that root runs. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
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

export function setReadOnly(place: string, readOnly: boolean): void {
  spawnSync('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, place])
}

const filler = (place: string, count: number): string => join(place, `filler-${count}`)
const fillersMax = 1_000

/** Until nothing more can be written. */
export function fillDisk(place: string): void {
  for (let count = 0; count < fillersMax; count += 1)
    try {
      writeFileSync(filler(place, count), Buffer.alloc(4_096))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return
      throw error
    }
  throw new Error(`${place} is no small disk`)
}

export function emptyDisk(place: string): void {
  for (let count = 0; count < fillersMax; count += 1) rmSync(filler(place, count), { force: true })
}

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
