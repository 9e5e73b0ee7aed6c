/** Files that only we may read, and that are never seen half written. */
import { access, chmod, constants, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Trouble } from './screen.ts'

export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const half = `${path}.${process.pid}.half`
  const file = await open(half, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  // An existing half-written file may have been readable.
  await chmod(half, 0o600)
  await rename(half, path)
}

/** Makes the folder. @throws {Trouble} when it cannot be written to. */
export async function writableFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK)
  } catch (error) {
    throw new Trouble(`This user may not write to ${path}, where Linia keeps its data.`, { cause: error })
  }
}
