/** A small disk for the recordings, in memory: filled for a while, emptied again. Only root may mount one. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
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

const fillers = ['filler', 'last-filler'] as const
const leftMb = 48

/** Leaves little room: what follows is quick. */
export async function nearlyFillDisk(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(recordingsOf(dir))
  await fill(dir, fillers[0], Math.floor((bavail * bsize) / 1024 / 1024) - leftMb)
}

/** Fills it to the last byte; the answer makes room again. */
export async function fillDisk(dir: string): Promise<() => Promise<void>> {
  await fill(dir, fillers[1], sizeMb)
  return async () => {
    for (const name of fillers) await rm(join(recordingsOf(dir), name), { force: true })
  }
}

/** Not by ourselves: the nodes' cables go through this process. */
async function fill(dir: string, name: string, megabytes: number): Promise<void> {
  const file = join(recordingsOf(dir), name)
  const writer = spawn('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', `count=${megabytes}`], {
    stdio: 'ignore',
  })
  // Ends with an error where the disk is full, as it should.
  await once(writer, 'exit')
}
