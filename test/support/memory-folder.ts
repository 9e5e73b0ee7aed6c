/** Whether the tests' databases can be in memory. What the product's parts write is elsewhere: they may all reach `/dev/shm`. */
import { accessSync, constants, statfsSync } from 'node:fs'
import { freemem } from 'node:os'

export const sharedMemory = '/dev/shm'
/** TMPFS_MAGIC of statfs(2). */
const tmpfs = 0x01021994
const gibibyte = 2 ** 30
/** More than the databases of a whole run, and what its processes take beside them. */
const [roomMin, memoryMin] = [2 * gibibyte, 8 * gibibyte]

export function hasRoomInMemory(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(sharedMemory)
    accessSync(sharedMemory, constants.W_OK)
    return type === tmpfs && bavail * bsize >= roomMin && freemem() >= memoryMin
  } catch {
    // Absent, or not for this user.
    return false
  }
}
