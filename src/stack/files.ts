/** Files that only we may read, and that are never seen half written. */
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from './terminal.ts'

export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const half = `${path}.${process.pid}.half`
  const file = await open(half, 'w', 0o600)
  try {
    await file.writeFile(text)
    // Root at the command line must not take a file away from the user that Linia runs as.
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(dirname(path))
      await file.chown(uid, gid)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  // An existing half-written file may have been readable.
  await chmod(half, 0o600)
  await rename(half, path)
}

/** Empty where there is no such file yet. @throws {UserError} where it is not for this user to read. */
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

/** Makes the folder; `purpose` ends the sentence. @throws {UserError} when it cannot be written to. */
export async function writableFolder(path: string, purpose = 'where Linia keeps its data'): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    // access(2) leaves capabilities out: only trying tells.
    const tried = join(path, `.tried.${process.pid}`)
    await writeFile(tried, '')
    await rm(tried)
  } catch (error) {
    throw new UserError(`This user may not write to ${path}, ${purpose}.`, { cause: error })
  }
}
