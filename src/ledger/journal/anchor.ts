/**
 * What is kept of the journal outside of the database, best on another volume: the signed heads, a file a
 * day; the hashes of all leaves, by which a changed entry can be named; the key that the heads are verified
 * with; and how the last check went. Nothing here is personal.
 */
import { mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isSignedBy, readHeads, readVerifierKey } from '../../city/journal/checkpoint.ts'
import type { Head, HeadSigner, SignedHead } from '../../city/journal/checkpoint.ts'
import { provesConsistency } from '../../city/journal/merkle.ts'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'
import type { Database } from '../database.ts'
import { consistencyPath, journalEntries, journalHead } from './journal.ts'

export const leafBytes = 32
const leavesFile = 'leaves'
const keyFile = 'key'
const headsEnd = '.heads'
const leavesAtOnce = 500

export interface Anchored {
  readonly head: SignedHead
  /** When it was written. */
  readonly at: Millis
}

/**
 * What the present journal is beside what was anchored last:
 * - `goes on`: it begins with it.
 * - `shorter`: entries that a head counts are not there; an old backup was restored, or its end was cut off.
 * - `another journal`: the entries before the last head are not the ones that it was signed for.
 * - `damaged`: the last head cannot be read, or is signed by another key.
 */
export type AnchorState = 'goes on' | 'shorter' | 'another journal' | 'damaged'

export interface AnchorView {
  readonly state: AnchorState
  /** The present head, not signed. */
  readonly head: Head
  /** Null where nothing has been anchored, or where it is damaged. */
  readonly last: Anchored | null
}

/** A few hashes, however long the journal is. */
export async function viewAnchor(db: Database, folder: string, verifierKey: string): Promise<AnchorView> {
  const last = await lastAnchored(folder, verifierKey)
  const head = await journalHead(db)
  if (last === 'damaged') return { state: 'damaged', head, last: null }
  if (last === null) return { state: 'goes on', head, last }
  if (head.size < last.head.size) return { state: 'shorter', head, last }
  const proof = await consistencyPath(db, last.head.size, head.size)
  return { state: provesConsistency(last.head, head, proof) ? 'goes on' : 'another journal', head, last }
}

/**
 * Writes a signed head of the present journal to the folder. A journal that does not go on from what was
 * anchored last is not signed: what was anchored stays the witness. Safe to be done by several nodes at once.
 */
export async function anchorJournal(
  db: Database,
  folder: string,
  signer: HeadSigner,
  now: Millis,
): Promise<AnchorState> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { state, head, last } = await viewAnchor(db, folder, signer.verifierKey)
  const anchored = last?.head.size ?? 0
  if (state !== 'goes on' || head.size === anchored) return state
  if (last === null) await writeFile(path.join(folder, keyFile), `${signer.verifierKey}\n`, { mode: 0o600 })
  // The leaves first: a head whose leaves are missing could not name what was changed.
  await writeLeaves(db, folder, anchored, head.size)
  await using file = await open(await fileFor(folder, now), 'a', 0o600)
  await file.writeFile(signer.sign(head).text)
  await file.sync()
  return state
}

/** A file a day, and another one behind a head that a power cut has left half written. */
async function fileFor(folder: string, now: Millis): Promise<string> {
  const at = new Date(now).toISOString()
  const day = at.slice(0, 10)
  const newest = (await headFiles(folder)).at(-1)
  if (newest === undefined || newest < day) return path.join(folder, `${day}${headsEnd}`)
  const isTorn = readHeads(await readFile(path.join(folder, newest), 'utf8'))?.torn === true
  return path.join(folder, isTorn ? `${at.slice(0, 19).replaceAll(':', '')}${headsEnd}` : newest)
}

/** The same bytes at the same place, whoever writes them. */
async function writeLeaves(db: Database, folder: string, from: number, to: number): Promise<void> {
  const target = path.join(folder, leavesFile)
  await using file = await open(target, 'a', 0o600).then(async (made) => {
    await made.close()
    return open(target, 'r+')
  })
  for (let at = from; at < to; at += leavesAtOnce) {
    const entries = await journalEntries(db, at, Math.min(leavesAtOnce, to - at))
    const bytes = Buffer.concat(entries.map(({ leaf }) => leaf))
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, at * leafBytes)
    // A full disk may take a part without a word; a head over leaves that are not there would accuse them for ever.
    if (bytesWritten < bytes.length) throw new Error(`the volume of ${target} is full`)
  }
  await file.sync()
}

/** The newest head of the folder; null where nothing has been anchored. */
export async function lastAnchored(
  folder: string,
  verifierKey: string,
): Promise<Anchored | null | 'damaged'> {
  const verifier = readVerifierKey(verifierKey)
  // A file that a power cut has left without a whole head is passed over.
  for (const name of (await headFiles(folder)).reverse()) {
    const file = path.join(folder, name)
    const read = readHeads(await readFile(file, 'utf8'))
    if (read === null) return 'damaged'
    const head = largest(read.heads)
    if (head === null) continue
    if (verifier === null || !isSignedBy(head, verifier)) return 'damaged'
    return { head, at: Math.round((await stat(file)).mtimeMs) }
  }
  return null
}

function largest(heads: readonly SignedHead[]): SignedHead | null {
  return heads.reduce<SignedHead | null>(
    (before, one) => (before === null || one.size >= before.size ? one : before),
    null,
  )
}

export interface Anchor {
  /** Files of heads, the oldest first. */
  readonly headFiles: readonly string[]
  /** Null where only heads are at hand. */
  readonly leavesFile: string | null
  /** The key that lies beside them; null where none does. */
  readonly verifierKey: string | null
}

/** A folder as the server writes it, or a single file of heads. */
export async function readAnchor(place: string): Promise<Anchor> {
  const found = await stat(place).catch(unlessMissing)
  if (found?.isFile() === true) return { headFiles: [place], leavesFile: null, verifierKey: null }
  const leaves = path.join(place, leavesFile)
  return {
    headFiles: (await headFiles(place)).map((name) => path.join(place, name)),
    leavesFile: (await stat(leaves).catch(unlessMissing)) === undefined ? null : leaves,
    verifierKey: (await readFile(path.join(place, keyFile), 'utf8').catch(unlessMissing)) ?? null,
  }
}

/** The oldest first: they are named by their day. */
async function headFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(unlessMissing)
  return (names ?? []).filter((name) => name.endsWith(headsEnd)).sort()
}

/** How the last check of the whole journal went, for the auditor's page of any node. */
export interface LastCheck {
  readonly at: Millis
  readonly entries: number
  /** Null: all is as it was. Else what was found first, as one sentence. */
  readonly bad: string | null
}

const checkFile = 'last-check.json'

export async function keepLastCheck(folder: string, check: LastCheck): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const half = path.join(folder, `${checkFile}.${process.pid}.half`)
  await writeFile(half, `${JSON.stringify(check)}\n`, { mode: 0o600 })
  await rename(half, path.join(folder, checkFile))
}

export async function lastCheckOf(folder: string): Promise<LastCheck | null> {
  const text = await readFile(path.join(folder, checkFile), 'utf8').catch(unlessMissing)
  return text === undefined ? null : (JSON.parse(text) as LastCheck)
}
