/** A folder in memory for the tests' databases. What the product's parts write is elsewhere: they may all reach `/dev/shm`. */
import { accessSync, constants, readFileSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'

export const sharedMemory = '/dev/shm'
const gibibyte = 2 ** 30
/** More than the databases of a whole run, and what its processes take beside them. */
const [roomMin, memoryMin] = [2 * gibibyte, 8 * gibibyte]

/** Null: there is none, or not enough of it. */
export function memoryFolder(): string | null {
  // proc_pid_mountinfo(5): the fifth field is the place, the one after the dash the kind.
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[4] === sharedMemory)
  if (mounted === undefined || mounted[mounted.indexOf('-') + 1] !== 'tmpfs') return null
  const { bavail, bsize } = statfsSync(sharedMemory)
  if (bavail * bsize < roomMin || freemem() < memoryMin) return null
  try {
    accessSync(sharedMemory, constants.W_OK)
  } catch {
    return null
  }
  return sharedMemory
}
