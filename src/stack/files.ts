/** Private files, written atomically. */
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from './terminal.ts'

export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const half = `${path}.${process.pid}.half`
  const file = await open(half, 'w', 0o600)
  try {
    await file.writeFile(text)
    // A command run by root keeps the file's owner, the user that Linia runs as.
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(dirname(path))
      await file.chown(uid, gid)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  // A half-written file of an earlier attempt may have had another mode.
  await chmod(half, 0o600)
  await rename(half, path)
}

/** Empty when the file does not exist. @throws {UserError} when this user may not read it. */
export async function textIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return ''
    if (code === 'EACCES')
      throw new UserError(`This user may not read ${path}. Use sudo, or be the user that started Linia.`, {
        cause: error,
      })
    throw error
  }
}

/** Creates the folder. @throws {UserError} when it is not writable; `purpose` ends the sentence. */
export async function writableFolder(path: string, purpose = 'where Linia keeps its data'): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    // access(2) ignores capabilities; only an actual write shows the result.
    const tried = join(path, `.tried.${process.pid}`)
    await writeFile(tried, '')
    await rm(tried)
  } catch (error) {
    throw new UserError(`This user may not write to ${path}, ${purpose}.`, { cause: error })
  }
}

/** Turns what a disk refuses into a sentence; `place` is where it was written to. */
export async function onDisk<Value>(place: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    const why = diskSentence(error, place)
    if (why === null) throw error
    throw new UserError(why, { cause: error })
  }
}

/** Null: not the disk's fault. */
function diskSentence(error: unknown, place: string): string | null {
  if (!(error instanceof Error && 'code' in error)) return null
  const at = 'path' in error && typeof error.path === 'string' ? error.path : place
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `No space is left at ${place}.`
    case 'ENOENT':
      // Node's answer to making folders on a disk that is mounted read-only.
      if (!('syscall' in error) || error.syscall !== 'mkdir') return null
      return `${at} cannot be made: is its disk mounted read-only?`
    case 'EROFS':
      return `${at} is on a disk that is mounted read-only.`
    case 'EACCES':
    case 'EPERM':
      return `This user may not use ${at}.`
    case 'EIO':
      return `The disk of ${at} does not work (input/output error).`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${at} is no folder.`
    default:
      return null
  }
}
