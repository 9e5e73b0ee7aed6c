import { chmod, rename, writeFile } from 'node:fs/promises'

/** Writes a file that only its owner may read; a reader never sees half of it. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const half = `${path}.half`
  await writeFile(half, text, { mode: 0o600 })
  await chmod(half, 0o600)
  await rename(half, path)
}
