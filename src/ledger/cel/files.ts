/** The CEL files as one stream of bytes across rotations: the current file and its older names. */
import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'

/** A position in the stream: a file by its inode, because rotation renames it, and a byte offset. */
export interface CelPlace {
  readonly file: string
  readonly position: number
}

interface CelFile {
  readonly path: string
  readonly inode: string
  readonly bytes: number
}

/** Some 300 rows: parsing a chunk blocks the event loop, and with it calls. */
const chunkBytes = 64 * 1024

/** The next bytes after a position, and where they begin; null when there are none yet. */
export async function readCel(
  currentFile: string,
  place: CelPlace | null,
  /** For a reader of many chunks, which lists the files once. */
  listed: readonly CelFile[] | null = null,
): Promise<{ readonly at: CelPlace; readonly bytes: Buffer; readonly mayGrow: boolean } | null> {
  const files = listed ?? (await celFiles(currentFile))
  const known = files.findIndex((file) => file.inode === place?.file)
  // When the position's file is gone, all remaining files are newer.
  for (const [index, file] of files.slice(Math.max(known, 0)).entries()) {
    const from = index === 0 && known !== -1 && place !== null ? place.position : 0
    // A file shorter than the position was truncated and begun again.
    const position = from > file.bytes ? 0 : from
    if (position === file.bytes) continue
    await using handle = await open(file.path, 'r')
    if (String((await handle.stat()).ino) !== file.inode) throw new Error('The CEL was rotated meanwhile.')
    // Not beyond the size that was listed: the next position would look like a truncation.
    const length = Math.min(chunkBytes, file.bytes - position)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
    if (bytesRead === 0) continue
    return {
      at: { file: file.inode, position },
      bytes: buffer.subarray(0, bytesRead),
      // The last row may be incomplete; a row that fills the whole chunk without an end is invalid.
      mayGrow: file.path === currentFile && bytesRead < chunkBytes,
    }
  }
  return null
}

/** The name of a rotated file ends with the day on which it was closed; of others the last change counts. */
export function closedAt(name: string, changedAt: Millis): Millis {
  const [, year, month, day] = /-(\d{4})(\d\d)(\d\d)$/.exec(name) ?? []
  const at = Date.parse(`${year}-${month}-${day}T23:59:59Z`)
  return Number.isNaN(at) ? changedAt : at
}

/** `cel.csv` and its rotated names (`cel.csv.1`, `cel.csv-20261124`), oldest first. */
export async function celFiles(currentFile: string): Promise<readonly CelFile[]> {
  const folder = path.dirname(currentFile)
  const names = await readdir(folder).catch(unlessMissing)
  const found = await Promise.all(
    (names ?? [])
      .filter((name) => name.startsWith(path.basename(currentFile)) && !/\.(gz|xz|zst|bz2)$/.test(name))
      .map(async (name) => {
        const file = path.join(folder, name)
        const facts = await stat(file).catch(unlessMissing)
        if (facts === undefined || !facts.isFile()) return null
        return {
          path: file,
          inode: String(facts.ino),
          bytes: facts.size,
          closedAt: closedAt(name, facts.mtimeMs),
        }
      }),
  )
  return found
    .filter((file) => file !== null)
    .sort(
      (a, b) => Number(a.path === currentFile) - Number(b.path === currentFile) || a.closedAt - b.closedAt,
    )
}
