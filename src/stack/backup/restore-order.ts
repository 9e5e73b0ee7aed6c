/** The arguments of `linia restore`. */
import { resolve } from 'node:path'
import { UserError } from '../terminal.ts'

export interface Order {
  readonly folder: string
  /** SHA-256 of the manifest, as the backup has printed it: what is restored is what was backed up. */
  readonly digest: string
  /** Data of another system at the target is put aside. */
  readonly replace: boolean
  /** The secrets of the system that was backed up; null: those at the target, or new ones. */
  readonly secrets: string | null
  /** The folder of the copies of the recordings' keys, or one copy; null: the keys at the target. */
  readonly keys: string | null
  /** There are no keys any more: nobody will hear the restored recordings. */
  readonly withoutKeys: boolean
  /** The private key of an encrypted backup. */
  readonly identity: string | null
  /** The public key of the journal's heads that the auditor keeps; null: the one of `secrets`, or beside the heads. */
  readonly journalKey: string | null
}

export const restoreUsage =
  'linia restore <backup> --digest <SHA-256 of its manifest> [--secrets <file>] [--keys <folder> | --without-keys] [--identity <file>] [--journal-key <key>] [--replace]'

export function orderOf(args: readonly string[]): Order {
  const rest = [...args]
  const replace = isGiven(rest, '--replace')
  const withoutKeys = isGiven(rest, '--without-keys')
  const secrets = valueOf(rest, '--secrets')
  const keys = valueOf(rest, '--keys')
  const identity = valueOf(rest, '--identity')
  const journalKey = valueOf(rest, '--journal-key')
  const digest = valueOf(rest, '--digest')?.toLowerCase() ?? null
  const [folder = '', ...more] = rest
  if (folder === '' || more.length > 0) throw new UserError(`Say from where: ${restoreUsage}`)
  if (digest === null)
    throw new UserError(
      'Say what you noted when the backup was made, the SHA-256 of its manifest: --digest <64 hexadecimal digits>.\n' +
        '  Without it nobody can tell whether the backup is the one that was made.',
    )
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw new UserError('--digest is a SHA-256: 64 hexadecimal digits, as `linia backup` has printed it.')
  if (withoutKeys && keys !== null) throw new UserError('Choose one of --keys and --without-keys.')
  return {
    folder: resolve(folder),
    digest,
    replace,
    secrets: file(secrets),
    keys: file(keys),
    withoutKeys,
    identity: file(identity),
    journalKey,
  }
}

const file = (name: string | null): string | null => (name === null ? null : resolve(name))

function isGiven(rest: string[], option: string): boolean {
  const at = rest.indexOf(option)
  if (at !== -1) rest.splice(at, 1)
  return at !== -1
}

function valueOf(rest: string[], option: string): string | null {
  const at = rest.indexOf(option)
  if (at === -1) return null
  const [, value = ''] = rest.splice(at, 2)
  if (value === '') throw new UserError(`Say what comes after ${option}.`)
  return value
}
