/** Manifest of a backup: every file with its checksum, and the ledger's inventory. Written last. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { unlessMissing } from '../../missing-file.ts'
import { writePrivate } from '../files.ts'
import { UserError } from '../terminal.ts'
import { writeFrom } from './encryption.ts'

const Whole = Type.Integer({ minimum: 0 })

const KeptFile = Type.Object({
  /** Path relative to the backup's folder, with `/`. */
  path: Type.String({ pattern: '^(?!/)(?!(.*/)?\\.\\.(/|$)).+$' }),
  bytes: Whole,
  /** SHA-256, hex. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
})
export type KeptFile = Static<typeof KeptFile>

const Manifest = Type.Object({
  /** 1: before volumes had marks. */
  format: Type.Union([Type.Literal(1), Type.Literal(2)]),
  madeAt: Type.String({ format: 'date-time' }),
  /** Major version of the dump; an older one cannot restore it. */
  postgresql: Whole,
  /** Prefix of the database's roles. */
  rolePrefix: Type.String(),
  migrations: Type.Array(Type.String()),
  /** At the moment of the dump. */
  calls: Whole,
  recordings: Whole,
  /** Files that the ledger names and the backup lacks. With any the backup is incomplete. */
  missing: Type.Array(Type.String()),
  /** Marks of the volumes, by name. */
  volumes: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** Whether the dump and the CEL are encrypted. */
  encrypted: Type.Optional(Type.Boolean()),
  /** The settings in the environment, without secrets, to be set again by hand. */
  settings: Type.Record(Type.String(), Type.String()),
  files: Type.Array(KeptFile),
})
export type Manifest = Static<typeof Manifest>

/** Manifest of a copy of keys. */
const KeysManifest = Type.Object({
  format: Type.Literal(1),
  madeAt: Type.String({ format: 'date-time' }),
  /** Mark of the volume that was copied. */
  mark: Type.String(),
  /** Keys that the ledger names and the copy lacks, by their path. With any the copy is incomplete. */
  missing: Type.Array(Type.String()),
  files: Type.Array(KeptFile),
})
export type KeysManifest = Static<typeof KeysManifest>

export const manifestName = 'manifest.json'
export const dumpName = 'database.dump'

/** Returns the manifest's own checksum. Kept elsewhere, it proves that the backup was not changed. */
export async function writeManifest(folder: string, manifest: Manifest | KeysManifest): Promise<string> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  await writePrivate(join(folder, manifestName), text)
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/**
 * `digest`: the manifest's checksum that the backup has printed.
 * @throws {UserError} when there is no such manifest or this version cannot read it.
 */
export async function readManifest(folder: string, digest: string): Promise<Manifest> {
  const bytes = await readFile(join(folder, manifestName)).catch(unlessMissing)
  if (bytes === undefined)
    throw new UserError(
      `${folder} holds no finished backup: there is no ${manifestName}, which is written last.`,
    )
  if (createHash('sha256').update(bytes).digest('hex') !== digest)
    throw new UserError(
      `${join(folder, manifestName)} has another SHA-256 than --digest: the backup is damaged, was changed, or is another one. Nothing was restored.`,
    )
  try {
    return Value.Parse(Manifest, JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    throw new UserError(`${join(folder, manifestName)} is damaged, or of another version of Linia.`, {
      cause: error,
    })
  }
}

/** Null: the copy was not finished, or its manifest is damaged. */
export async function readKeysManifest(folder: string): Promise<KeysManifest | null> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(unlessMissing)
  if (text === undefined) return null
  try {
    return Value.Parse(KeysManifest, JSON.parse(text))
  } catch {
    return null
  }
}

/** @throws {UserError} naming the first file that differs from its checksum. */
export async function checkFiles(folder: string, { files }: Pick<Manifest, 'files'>): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const file = join(folder, path)
    const found = await stat(file).catch(() => null)
    if (found === null) throw new UserError(`The backup lacks ${path}. Nothing was restored.`)
    const now = found.size === bytes ? await digestOf(file) : null
    if (now !== sha256) throw new UserError(`In the backup ${path} is damaged. Nothing was restored.`)
  }
}

/** Size and checksum are of the copied bytes, because the source file may be growing. */
export async function copyFile(
  from: string,
  to: string,
  recipient: string | null = null,
): Promise<Omit<KeptFile, 'path'>> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const { atime, mtime } = await stat(from)
  const written = await writeFrom(createReadStream(from), to, recipient)
  await utimes(to, atime, mtime)
  return written
}

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
