import { chmod, chown, rename, stat, writeFile } from 'node:fs/promises'
import { unlessMissing } from '../../missing-file.ts'

/**
 * Writes a file that only its owner may read, atomically. An existing file keeps its group and mode: the city's own
 * Asterisk may read it as another user of that group.
 */
export async function writeSecret(path: string, text: string): Promise<void> {
  const half = `${path}.half`
  await writeFile(half, text, { mode: 0o600 })
  const before = await stat(path).catch(unlessMissing)
  if (before !== undefined && before.gid !== process.getgid?.()) await chown(half, -1, before.gid)
  await chmod(half, before === undefined ? 0o600 : before.mode & 0o660)
  await rename(half, path)
}
