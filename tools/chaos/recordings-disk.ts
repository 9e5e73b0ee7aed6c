/** A small tmpfs for the recordings, which a fault fills and empties. Mounting requires root. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'

const sizeMb = 1024
const recordingsOf = (dir: string): string => join(dir, 'recordings')

/** Mounts the tmpfs under the folder of a Linia before its start; does nothing without the rights. */
export function mountDisk(t: Pick<Test, 'teardown'>, dir: string): void {
  if (process.getuid?.() !== 0) return
  const place = recordingsOf(dir)
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=700`, 'tmpfs', place])
  if (mounted.status !== 0) return
  const unmount = () => void spawnSync('umount', ['-l', place])
  t.teardown(unmount)
  // Also on an aborted run; unmounting twice is harmless.
  process.once('exit', unmount)
}

export function hasDiskOfItsOwn(dir: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${recordingsOf(dir)} tmpfs `)
}

const fillers = ['filler', 'last-filler'] as const
const leftMb = 48

/** Leaves little room, so that `fillDisk` is quick. */
export async function nearlyFillDisk(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(recordingsOf(dir))
  await fill(dir, fillers[0], Math.floor((bavail * bsize) / 1024 / 1024) - leftMb)
}

/** Fills the disk completely; the returned function frees the space. */
export async function fillDisk(dir: string): Promise<() => Promise<void>> {
  await fill(dir, fillers[1], sizeMb)
  return async () => {
    for (const name of fillers) await rm(join(recordingsOf(dir), name), { force: true })
  }
}

/** Uses a child process: the nodes' connections pass through this one and must not stall. */
async function fill(dir: string, name: string, megabytes: number): Promise<void> {
  const file = join(recordingsOf(dir), name)
  const writer = spawn('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', `count=${megabytes}`], {
    stdio: 'ignore',
  })
  // dd fails when the disk is full, as intended.
  await once(writer, 'exit')
}
