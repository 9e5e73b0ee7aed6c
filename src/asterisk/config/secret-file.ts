import { chmod, chown, rename, stat, writeFile } from 'node:fs/promises'

/**
 * Writes a file that only its owner may read; a reader never sees half of it. One that is there keeps its
 * group and its mode: an Asterisk of the city's own may read it as another user of that group.
 */
export async function writeSecret(path: string, text: string): Promise<void> {
  const half = `${path}.half`
  await writeFile(half, text, { mode: 0o600 })
  const before = await stat(path).catch(missing)
  if (before !== null && before.gid !== process.getgid?.()) await chown(half, -1, before.gid)
  await chmod(half, before === null ? 0o600 : before.mode & 0o660)
  await rename(half, path)
}

function missing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
