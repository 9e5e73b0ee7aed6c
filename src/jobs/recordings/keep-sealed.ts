/** Puts a finished file into the folder of its day, sealed with a key of its own. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { CallId } from '../../core/ids.ts'
import { destroyKey, makeKey } from '../../ledger/recordings/keys.ts'
import { sealedEnd, sealFile } from '../../ledger/recordings/sealed-file.ts'
import { doneFolder } from './folder-name.ts'

export interface Place {
  /** Folder with one subfolder per call from Asterisk, and the finished files below `done/`. */
  readonly recordings: string
  /** Folder of the keys, one for each finished file. */
  readonly recordingKeys: string
}

export interface Kept {
  /** As the ledger names it. */
  readonly file: string
  /** Of the audio before it was sealed. */
  readonly bytes: number
  readonly sha256: string
}

/** `day`: the call's, as 2026-11-25. `end`: of the name, which gives the encoding. */
export async function keepSealed(
  place: Place,
  { call, day, end }: { readonly call: CallId; readonly day: string; readonly end: string },
  unfinished: string,
): Promise<Kept> {
  const { recordings, recordingKeys } = place
  // The name belongs to this try alone: a node that hung and was taken for dead may still work on the same call, and a
  // key must never seal two files.
  const file = path.join(doneFolder, day, `${call}.${randomUUID()}${end}${sealedEnd}`)
  const target = path.join(recordings, file)
  await mkdir(path.dirname(target), { recursive: true, mode: 0o750 })
  try {
    await sealFile(unfinished, target, await makeKey(recordingKeys, file))
  } catch (error) {
    // No partial files on a full disk.
    await removeSealed(place, file)
    throw error
  }
  // The directory entries are synced before the source is removed, or a power cut could lose both.
  for (let folder = path.dirname(target); folder !== recordings; folder = path.dirname(folder)) {
    await toDisk(folder)
  }
  return { file, bytes: (await stat(unfinished)).size, sha256: await sha256(unfinished) }
}

export async function removeSealed({ recordings, recordingKeys }: Place, file: string): Promise<void> {
  await rm(path.join(recordings, file), { force: true })
  await destroyKey(recordingKeys, file)
}

async function toDisk(file: string): Promise<void> {
  await using handle = await open(file, 'r')
  await handle.sync()
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
