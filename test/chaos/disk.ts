/** A small disk for the recordings, in memory: filled for a while, emptied again. Only root may mount one. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'

const sizeMb = 1024
const recordingsOf = (dir: string): string => join(dir, 'recordings')

/** Mounts it below a folder of a Linia that has not been started; nothing where this user may not. */
export function mountDisk(t: Pick<Test, 'teardown'>, dir: string): void {
  if (process.getuid?.() !== 0) return
  const place = recordingsOf(dir)
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=700`, 'tmpfs', place])
  if (mounted.status !== 0) return
  const unmount = () => void spawnSync('umount', ['-l', place])
  t.teardown(unmount)
  // Also when we are broken off; a second time changes nothing.
  process.once('exit', unmount)
}

export function hasDiskOfItsOwn(dir: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${recordingsOf(dir)} tmpfs `)
}

/** Fills it to the last byte; the answer makes room again. */
export function fillDisk(dir: string): Promise<() => Promise<void>> {
  const file = join(recordingsOf(dir), 'filler')
  // Ends with an error when the disk is full, as it should.
  spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', `count=${sizeMb}`])
  return Promise.resolve(() => rm(file, { force: true }))
}
