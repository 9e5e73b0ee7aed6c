/** Manifest of a backup: every file with its checksum, and the ledger's inventory. Written last. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { writePrivate } from '../files.ts'
import { UserError } from '../terminal.ts'

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
  format: Type.Literal(1),
  madeAt: Type.String({ format: 'date-time' }),
  /** Major version of the dump; an older one cannot restore it. */
  postgresql: Whole,
  /** Prefix of the database's roles. */
  rolePrefix: Type.String(),
  migrations: Type.Array(Type.String()),
  /** At the moment of the dump. */
  calls: Whole,
  recordings: Whole,
  /** Recordings in the ledger whose files were missing. */
  missing: Type.Array(Type.String()),
  /** The settings in the environment, without secrets, to be set again by hand. */
  settings: Type.Record(Type.String(), Type.String()),
  files: Type.Array(KeptFile),
})
export type Manifest = Static<typeof Manifest>

const name = 'manifest.json'
export const dumpName = 'database.dump'

/** Returns the manifest's own checksum. Kept elsewhere, it proves that the backup was not changed. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  await writePrivate(join(folder, name), text)
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** @throws {UserError} when there is no manifest or this version cannot read it. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => null)
  if (text === null)
    throw new UserError(`${folder} holds no finished backup: there is no ${name}, which is written last.`)
  try {
    return Value.Parse(Manifest, JSON.parse(text))
  } catch (error) {
    throw new UserError(`${join(folder, name)} is damaged, or of another version of Linia.`, { cause: error })
  }
}

/** @throws {UserError} naming the first file that differs from its checksum. */
export async function checkFiles(folder: string, { files }: Manifest): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const file = join(folder, path)
    const found = await stat(file).catch(() => null)
    if (found === null) throw new UserError(`The backup lacks ${path}. Nothing was restored.`)
    const now = found.size === bytes ? await digestOf(file) : null
    if (now !== sha256) throw new UserError(`In the backup ${path} is damaged. Nothing was restored.`)
  }
}

/** Size and checksum are of the copied bytes, because the source file may be growing. */
export async function copyFile(from: string, to: string): Promise<Omit<KeptFile, 'path'>> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  const { atime, mtime } = await stat(from)
  await pipeline(createReadStream(from), counted, createWriteStream(to, { mode: 0o600, flush: true }))
  await utimes(to, atime, mtime)
  return { bytes, sha256: hash.digest('hex') }
}

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
