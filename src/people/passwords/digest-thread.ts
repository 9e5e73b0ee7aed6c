/** The thread that derives the digests of passwords, at a low priority: strangers ask for them, and calls go first. */
import { argon2Sync, type Argon2Parameters } from 'node:crypto'
import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'

// On Linux, of this thread alone. A lower one needs no permission, a higher one does.
if (getPriority() < Number(workerData)) setPriority(Number(workerData))
parentPort?.on('message', (parameters: Argon2Parameters) => {
  parentPort?.postMessage(argon2Sync('argon2id', parameters))
})
