/** The release of the dialplan in this checkout, from which a running Asterisk reads it again at each of its starts. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const dialplanFolder = fileURLToPath(new URL('../../../dialplan', import.meta.url))

export async function dialplanDigest(folder = dialplanFolder): Promise<string> {
  const digest = createHash('sha256')
  for (const name of (await readdir(folder)).sort())
    digest.update(`${name}\0`).update(await readFile(join(folder, name)))
  return digest.digest('hex')
}
