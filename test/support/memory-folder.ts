/** Where tests keep their files: in memory, when there is room. They make and delete files by the ten thousand. */
import { accessSync, constants, readFileSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'

export const sharedMemory = '/dev/shm'
const gibibyte = 2 ** 30
/** More than a whole run's files, and as much again for its processes. */
const [roomMin, memoryMin] = [4 * gibibyte, 8 * gibibyte]

/** Null: there is none in which programs may be started, or not enough of it. */
export function memoryFolder(): string | null {
  // proc_pid_mountinfo(5): the fifth field is the place, the sixth its options, the one after the dash the kind.
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[4] === sharedMemory)
  if (mounted === undefined || mounted[mounted.indexOf('-') + 1] !== 'tmpfs') return null
  if (mounted[5]?.split(',').includes('noexec') === true) return null
  const { bavail, bsize } = statfsSync(sharedMemory)
  if (bavail * bsize < roomMin || freemem() < memoryMin) return null
  try {
    accessSync(sharedMemory, constants.W_OK)
  } catch {
    return null
  }
  return sharedMemory
}

/** The folder of temporary files: in memory, else the machine's. */
export const folderOfTests = (): string => memoryFolder() ?? tmpdir()
