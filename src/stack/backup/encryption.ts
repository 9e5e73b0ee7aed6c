/**
 * Encryption of what a backup holds in plain, to a public key (age). The private key stays with the city, on no machine
 * that makes backups: a stolen backup disk, or this machine in a thief's hands, opens no earlier backup.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { isAbsolute } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findProgram } from '../command.ts'
import { UserError } from '../terminal.ts'
import { allDone, startPiped, type Piped } from './piped.ts'

/** Ending of encrypted files. */
export const encryptedEnd = '.age'

export interface Written {
  readonly bytes: number
  /** SHA-256 of the file as it was written, hex. */
  readonly sha256: string
}

/**
 * Writes `source` to a file, synced to the disk. With a `recipient` it is encrypted on the way: nothing reaches the disk
 * in plain.
 */
export async function writeFrom(source: Readable, to: string, recipient: string | null): Promise<Written> {
  const hash = createHash('sha256')
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  const target = createWriteStream(to, { mode: 0o600, flush: true })
  if (recipient === null) await pipeline(source, counted, target)
  else {
    const age = startAge('Encrypting', [isAbsolute(recipient) ? '-R' : '-r', recipient])
    await allDone([pipeline(source, age.stdin), pipeline(age.stdout, counted, target), age.succeeded])
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Reads a file of a backup, decrypted where there is an `identity`, and passes it to `work`. */
export async function readPlain(
  file: string,
  identity: string | null,
  work: (plain: Readable) => Promise<void>,
): Promise<void> {
  const stored = createReadStream(file)
  if (identity === null) return work(stored)
  const age = startAge('Decrypting', ['-d', '-i', identity])
  await allDone([pipeline(stored, age.stdin), work(age.stdout), age.succeeded])
}

/** @throws {UserError} when age is missing. */
export function requireAge(): string {
  const program = findProgram('age')
  if (program === null)
    throw new UserError('age is missing, which encrypts backups. Run: sudo apt-get install age')
  return program
}

function startAge(what: string, args: readonly string[]): Piped {
  return startPiped(what, requireAge(), args)
}
