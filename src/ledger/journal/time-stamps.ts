/**
 * Time stamps of signed heads (RFC 3161), in the anchor's folder: `stamps/<entries>.head`, the bytes that were stamped,
 * and `<entries>.tsr` beside it, the authority's answer. They are what `openssl ts` reads, so that anybody can verify
 * them without this program.
 */
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { readHeads, type SignedHead } from '../../city/journal/checkpoint.ts'
import type { Millis } from '../../core/ids.ts'
import { unlessNoFolder } from '../../missing-file.ts'

const run = promisify(execFile)
const opensslWithinMs = 10_000
const stampsFolder = 'stamps'
const headEnd = '.head'
const tokenEnd = '.tsr'

export interface StampFiles {
  readonly size: number
  readonly headFile: string
  readonly tokenFile: string
}

export interface Stamp {
  /** The authority's time. */
  readonly at: Millis
  readonly authority: string
}

/** By number of entries, ascending. `place`: the anchor's folder, or a folder of such files. */
export async function stampsIn(place: string): Promise<StampFiles[]> {
  const found: StampFiles[] = []
  for (const folder of [path.join(place, stampsFolder), place]) {
    const names = new Set((await readdir(folder).catch(unlessNoFolder)) ?? [])
    for (const name of names) {
      const [whole, size] = /^(\d{1,15})\.head$/.exec(name) ?? []
      if (whole !== undefined && names.has(`${size}${tokenEnd}`))
        found.push({
          size: Number(size),
          headFile: path.join(folder, whole),
          tokenFile: path.join(folder, `${size}${tokenEnd}`),
        })
    }
  }
  return found.sort((a, b) => a.size - b.size)
}

/** Null: the file is no single head of this number of entries. */
export async function headOf({ headFile, size }: StampFiles): Promise<SignedHead | null> {
  const read = readHeads(await readFile(headFile, 'utf8'))
  const [head, ...more] = read?.heads ?? []
  return read?.torn === false && head?.size === size && more.length === 0 ? head : null
}

/** The request to the authority for these bytes, in DER. */
export async function stampRequest(digest: Buffer): Promise<Buffer> {
  const options = ['ts', '-query', '-digest', digest.toString('hex'), '-sha256', '-cert']
  const { stdout } = await run('openssl', options, { encoding: 'buffer', timeout: opensslWithinMs })
  return stdout
}

/**
 * Verifies a stamp with the certificates of the authority (PEM). They are judged by the time of the stamp: one that has
 * expired since was good then. A string: why it does not hold.
 */
export async function verifyStamp({ headFile, tokenFile }: StampFiles, ca: string): Promise<Stamp | string> {
  const stamp = await readStamp(tokenFile)
  if (stamp === null) return 'it cannot be read'
  const at = ['-attime', String(Math.floor(stamp.at / 1_000))]
  const options = ['ts', '-verify', '-data', headFile, '-in', tokenFile, '-CAfile', ca, ...at]
  try {
    await run('openssl', options, { timeout: opensslWithinMs })
    return stamp
  } catch (error) {
    return whyNot(error)
  }
}

/** Keeps the answer when it is a valid stamp of these bytes; otherwise the reason. */
export async function keepStamp(
  folder: string,
  head: SignedHead,
  answer: Uint8Array,
  ca: string,
): Promise<Stamp | string> {
  const target = path.join(folder, stampsFolder)
  await mkdir(target, { recursive: true, mode: 0o700 })
  const half = (end: string) => path.join(target, `${head.size}${end}.${process.pid}.half`)
  const files = { size: head.size, headFile: half(headEnd), tokenFile: half(tokenEnd) }
  try {
    await writeFile(files.headFile, head.text, { mode: 0o600, flush: true })
    await writeFile(files.tokenFile, answer, { mode: 0o600, flush: true })
    const stamp = await verifyStamp(files, ca)
    if (typeof stamp === 'string') return stamp
    await rename(files.headFile, path.join(target, `${head.size}${headEnd}`))
    await rename(files.tokenFile, path.join(target, `${head.size}${tokenEnd}`))
    return stamp
  } finally {
    await Promise.all([files.headFile, files.tokenFile].map((file) => rm(file, { force: true })))
  }
}

/** Time and name in a stamp, not verified; null when it cannot be read. */
export async function readStamp(tokenFile: string): Promise<Stamp | null> {
  const { stdout } = await run('openssl', ['ts', '-reply', '-in', tokenFile, '-text'], {
    timeout: opensslWithinMs,
  }).catch(() => ({ stdout: '' }))
  const [, day, time, year] =
    /^Time stamp: (\w{3} +\d+) ([\d:]{8})(?:\.\d+)? (\d{4}) GMT$/m.exec(stdout) ?? []
  const at = Date.parse(`${day} ${year} ${time} GMT`)
  const [, authority = ''] = /^TSA: (?:DirName:)?(.+)$/m.exec(stdout) ?? []
  return Number.isNaN(at) ? null : { at, authority: authority === 'unspecified' ? '' : authority }
}

/** Number of entries and time of the newest stamp, not verified here; null when there is none. */
export async function newestStamp(
  place: string,
): Promise<{ readonly entries: number; readonly at: Millis; readonly authority: string } | null> {
  const newest = (await stampsIn(place)).at(-1)
  const stamp = newest === undefined ? null : await readStamp(newest.tokenFile)
  return newest === undefined || stamp === null ? null : { entries: newest.size, ...stamp }
}

function whyNot(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return 'the program openssl is not installed'
  const [, reason = 'it does not hold'] = /:([^:\n]+):[^:\n]*:\d+:/.exec(said) ?? []
  return reason
}
