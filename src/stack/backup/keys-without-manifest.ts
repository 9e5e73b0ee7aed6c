/**
 * Copies of keys that earlier versions made have no manifest, so nothing in them tells a whole copy from a damaged one, or
 * this system's from another's. Each key is tried instead: it must open its recording in the backup.
 */
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { keyNameOf, keyOf } from '../../ledger/recordings/keys.ts'
import { opens, sealKeyBytes } from '../../ledger/recordings/sealed-file.ts'
import { UserError } from '../terminal.ts'
import { timeOfCopy, type Copy } from './keys.ts'
import { digestOf, manifestName, type KeptFile, type Manifest } from './manifest.ts'

/**
 * Null: `folder` is no such copy. Only keys that open a recording of the backup are taken from it.
 * @throws {UserError} when a key does not open its recording, or there is nothing to try.
 */
export async function copyWithoutManifest(
  folder: string,
  backup: { readonly folder: string; readonly manifest: Manifest },
): Promise<Copy | null> {
  const madeAt = timeOfCopy(folder)
  if (madeAt === null || !existsSync(folder) || existsSync(join(folder, manifestName))) return null
  const files: KeptFile[] = []
  const missing: string[] = []
  for (const { path } of backup.manifest.files) {
    const file = path.split('/').slice(1).join(sep)
    const name = path.startsWith('recordings/') ? keyNameOf(file) : null
    if (name === null) continue
    if (!existsSync(join(folder, name))) {
      missing.push(name)
      continue
    }
    const key = await keyOf(folder, file)
    if (key === null || !(await opens(join(backup.folder, path), key)))
      throw new UserError(
        `${join(folder, name)} does not open its recording of this backup: it is damaged, or of another system. Nothing was restored.`,
      )
    files.push({ path: name, bytes: sealKeyBytes, sha256: await digestOf(join(folder, name)) })
  }
  if (files.length === 0)
    throw new UserError(
      `${folder} has no manifest and opens none of the ${missing.length} recordings of this backup: nothing shows that its keys are this system’s.`,
    )
  const mark = backup.manifest.volumes?.['keys'] ?? ''
  return { folder, manifest: { format: 1, madeAt, mark, missing, files }, tried: true }
}
