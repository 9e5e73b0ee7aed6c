/** Files that only we may read, and that are never seen half written. */
import { chmod, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

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
