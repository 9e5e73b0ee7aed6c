/** Asterisk's record as one run of bytes, over rotations: the file that is written now and its older names. */
import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { unlessMissing } from '../../missing-file.ts'

/** A place in the record: a file by its inode (its name changes when it is rotated) and a byte in it. */
export interface CelPlace {
  readonly file: string
  readonly position: number
}

/** Read in one go, some 300 rows: calls wait meanwhile. */
const chunkBytes = 64 * 1024

/** The bytes after a place, and where they begin; null when there is nothing more now. */
export async function readCel(
  currentFile: string,
  place: CelPlace | null,
): Promise<{ readonly at: CelPlace; readonly bytes: Buffer; readonly mayGrow: boolean } | null> {
  const files = await recordFiles(currentFile)
  const known = files.findIndex((file) => file.inode === place?.file)
  // A place in a file that is gone: everything that is left was written after it.
  for (const [index, file] of files.slice(Math.max(known, 0)).entries()) {
    const from = index === 0 && known !== -1 && place !== null ? place.position : 0
    // A file shorter than what was read of it was emptied and begun anew.
    const position = from > file.bytes ? 0 : from
    if (position === file.bytes) continue
    await using handle = await open(file.path, 'r')
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position)
    if (bytesRead === 0) continue
    return {
      at: { file: file.inode, position },
      bytes: buffer.subarray(0, bytesRead),
      // A row at the end may be unfinished; what fills the piece without an end is none.
      mayGrow: file.path === currentFile && bytesRead < chunkBytes,
    }
  }
  return null
}

/** `cel.csv` and what it was renamed to (`cel.csv.1`, `cel.csv-20261124`), oldest first. */
async function recordFiles(currentFile: string) {
  const folder = path.dirname(currentFile)
  const names = await readdir(folder).catch(unlessMissing)
  const found = await Promise.all(
    (names ?? [])
      .filter((name) => name.startsWith(path.basename(currentFile)) && !/\.(gz|xz|zst|bz2)$/.test(name))
      .map(async (name) => {
        const file = path.join(folder, name)
        const facts = await stat(file).catch(unlessMissing)
        if (facts === undefined || !facts.isFile()) return null
        return { path: file, inode: String(facts.ino), bytes: facts.size, changedAt: facts.mtimeMs }
      }),
  )
  return found
    .filter((file) => file !== null)
    .sort(
      (a, b) => Number(a.path === currentFile) - Number(b.path === currentFile) || a.changedAt - b.changedAt,
    )
}
