/**
 * The journal's anchor outside the database, best on another volume: signed heads, one file per day; the hashes of all
 * leaves, which identify a changed entry; the chain of the keys; time stamps; and the result of the last check
 * (last-check.ts). It holds no personal data.
 */
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { readHeads } from '../../city/journal/checkpoint.ts'
import type { Head, HeadSigner, HeadVerifier, SignedHead } from '../../city/journal/checkpoint.ts'
import { keyOf } from '../../city/journal/key-chain.ts'
import { provesConsistency } from '../../city/journal/merkle.ts'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'
import { time, type Database } from '../database.ts'
import { consistencyPath, journalEntries, journalHead } from './journal.ts'
import { keepKeys, keepKeysBeside, keysBeside, pinnedKeys, type AnchorPlace } from './keys.ts'
import { markFileIn, raiseMarks, readMarks, type Marks } from './marks.ts'

export const leafBytes = 32
const leavesFile = 'leaves'
const headsEnd = '.heads'
const leavesAtOnce = 500

export type { AnchorPlace }

export interface Anchored {
  readonly head: SignedHead
  /** When the head was written. */
  readonly at: Millis
}

export const anchorStates = [
  /** The journal extends every head that is known. */
  'goes on',
  /** It has fewer entries than a head counts, as after restoring an old backup or cutting off its end. */
  'shorter',
  /** Its entries up to a head are not those that the head was signed for. */
  'another journal',
  /** The folder has no head, although heads were anchored, or must have been: it was emptied, or its volume is absent. */
  'anchor emptied',
  /** The folder's last head is older than one that was anchored: it was rolled back, or its leaves were cut off. */
  'anchor rolled back',
  /** The signing key is not the one that was pinned, and no rotation has replaced it. */
  'another key',
  /** A head or a mark cannot be read, or is signed by another key. */
  'damaged',
] as const
/** The present journal, the anchor's folder and the marks compared with each other. */
export type AnchorState = (typeof anchorStates)[number]

const andNow =
  'Nothing is signed until somebody has looked into it and runs: linia journal accept-rollback "<reason>"'

/** The state as a sentence, for the log, the command line and the witness. */
export const stateSentences: Readonly<Record<Exclude<AnchorState, 'goes on'>, string>> = {
  shorter: `The journal has fewer entries than were anchored: an old copy was restored, or its end was cut off. ${andNow}`,
  'another journal': `The journal is not the one that was anchored: old entries were changed. ${andNow}`,
  'anchor emptied': `The anchor’s folder has no head, although heads were anchored, or none could be written in its first ten minutes: it was emptied, or its volume is not mounted or not writable. ${andNow}`,
  'anchor rolled back': `The anchor’s folder is older than what was anchored: it was rolled back. ${andNow}`,
  'another key': `The signing key is not the one that signed so far, and no rotation has replaced it. ${andNow}`,
  damaged: `The signed heads cannot be read, or another key has signed them. ${andNow}`,
}

export interface AnchorView {
  readonly state: AnchorState
  /** The present head, unsigned. */
  readonly head: Head
  /** The folder's last head; null when nothing has been anchored, or the anchor is damaged. */
  readonly last: Anchored | null
  /** The greatest head that is known from any place. */
  readonly greatest: SignedHead | null
}

/** Reads a few hashes only, whatever the journal's length. */
export async function viewAnchor(db: Database, place: AnchorPlace): Promise<AnchorView> {
  return (await look(db, place)).view
}

async function look(
  db: Database,
  place: AnchorPlace,
): Promise<{ readonly view: AnchorView; readonly marks: Marks }> {
  const { folder, own } = place
  const { chain, isSigner } = await pinnedKeys(place)
  // In the reverse order of writing: another node that anchors meanwhile must not look like a rollback.
  const marks = await readMarks(db, markFileIn(own), chain)
  const last = await lastAnchored(folder, chain)
  const head = await journalHead(db)
  const none = { database: null, file: null }
  if (marks === 'damaged' || last === 'damaged')
    return { view: { state: 'damaged', head, last: null, greatest: null }, marks: none }
  const known = [last?.head ?? null, marks.database, marks.file].filter((one) => one !== null)
  const greatest = largest(known)
  const view = (state: AnchorState) => ({ view: { state, head, last, greatest }, marks })
  if (!isSigner) return view('another key')
  if (greatest === null) return view((await expectsHeads(db)) ? 'anchor emptied' : 'goes on')
  if (head.size < greatest.size) return view('shorter')
  for (const one of known)
    if (!provesConsistency(one, head, await consistencyPath(db, one.size, head.size)))
      return view('another journal')
  if (last === null) return view('anchor emptied')
  const isWhole = last.head.size === greatest.size && (await leavesIn(folder)) >= last.head.size
  return view(isWhole ? 'goes on' : 'anchor rolled back')
}

/**
 * Whether a head must have been written by `now`, by default the database's: entries get one within a minute. Only the
 * first minutes of a journal, or those after an accepted rollback, have none. Both clocks and the journal's own count,
 * because the clock may have been set back.
 */
export async function expectsHeads(db: Database, now?: Millis): Promise<boolean> {
  const { rows } = await sql<{ expects: boolean }>`
    select f.recorded_at < ${now === undefined ? sql`now()` : time(now)} - ${headWithin}
      or exists (select from journal_entries e where e.index > f.index and e.recorded_at > f.recorded_at + ${headWithin})
      as expects
    from journal_entries f
    where index = 1 + coalesce(
      (select index from journal_entries where what = 'rollback' order by index desc limit 1), -1)`.execute(
    db,
  )
  return rows[0]?.expects ?? false
}

const headWithin = sql`interval '10 minutes'`

/**
 * Writes a signed head of the present journal to the folder, then the marks. A journal that does not extend every known
 * head is not signed, so that the anchor stays valid evidence; only `acceptRollback` ends that. Several nodes may do
 * this at once.
 */
export async function anchorJournal(
  db: Database,
  place: AnchorPlace,
  signer: HeadSigner,
  now: Millis,
): Promise<AnchorState> {
  const { folder, own } = place
  const markFile = markFileIn(own)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { view, marks } = await look(db, place)
  const { state, head, last } = view
  const anchored = last?.head.size ?? 0
  if (state !== 'goes on') return state
  if (head.size === anchored) {
    // A mark that was lost, or that a crash kept from being written.
    if (last !== null) await raiseMarks(db, markFile, marks, last.head)
    return state
  }
  const keys = await pinnedKeys(place)
  if (!keys.isKept) await keepKeys(own, keys.text)
  await keepKeysBeside(folder, keys.text)
  // The leaves first: without them a head could not identify a changed entry.
  await writeLeaves(db, folder, anchored, head.size)
  const signed = signer.sign(head)
  {
    await using file = await open(await fileFor(folder, now), 'a', 0o600)
    await file.writeFile(signed.text)
    await file.sync()
  }
  // A new file's name must survive a power cut, too: without it the marks would be ahead of the folder.
  await using names = await open(folder, 'r')
  await names.sync()
  await raiseMarks(db, markFile, marks, signed)
  return state
}

/** One file per day, and a new one after a head that a power cut left incomplete. */
async function fileFor(folder: string, now: Millis): Promise<string> {
  const at = new Date(now).toISOString()
  const day = at.slice(0, 10)
  const newest = (await headFiles(folder)).at(-1)
  if (newest === undefined || newest < day) return path.join(folder, `${day}${headsEnd}`)
  const isTorn = readHeads(await readFile(path.join(folder, newest), 'utf8'))?.torn === true
  return path.join(folder, isTorn ? `${at.slice(0, 19).replaceAll(':', '')}${headsEnd}` : newest)
}

/** They are written before each head: fewer than the last head counts have been cut off. */
async function leavesIn(folder: string): Promise<number> {
  const found = await stat(path.join(folder, leavesFile)).catch(unlessMissing)
  return Math.floor((found?.size ?? 0) / leafBytes)
}

/** Idempotent: every node writes the same bytes at the same offset. */
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
    // A full disk may write a part without an error; a head over missing leaves would report them as changed for ever.
    if (bytesWritten < bytes.length) throw new Error(`the volume of ${target} is full`)
  }
  await file.sync()
}

/** The newest head of the folder; null when there is none. */
export async function lastAnchored(
  folder: string,
  keys: readonly HeadVerifier[],
): Promise<Anchored | null | 'damaged'> {
  const found: Anchored[] = []
  // Of the two newest files: at midnight the node with the later clock may have written the smaller head. A file that a
  // power cut left without a whole head is skipped.
  for (const name of (await headFiles(folder)).reverse()) {
    const file = path.join(folder, name)
    const read = readHeads(await readFile(file, 'utf8'))
    if (read === null) return 'damaged'
    const head = largest(read.heads)
    if (head === null) continue
    if (keyOf(head, keys) === -1) return 'damaged'
    found.push({ head, at: Math.round((await stat(file)).mtimeMs) })
    if (found.length === 2) break
  }
  const [newest, before] = found
  if (newest === undefined || before === undefined) return newest ?? null
  return before.head.size > newest.head.size ? before : newest
}

function largest(heads: readonly SignedHead[]): SignedHead | null {
  return heads.reduce<SignedHead | null>(
    (before, one) => (before === null || one.size >= before.size ? one : before),
    null,
  )
}

export interface Anchor {
  /** Files of heads, oldest first. */
  readonly headFiles: readonly string[]
  /** Null when there are only heads. */
  readonly leavesFile: string | null
  /** The keys beside them, which count only when they are bound to one that is trusted; null when there are none. */
  readonly keys: string | null
}

/** `place`: a folder as the server writes it, or a single file of heads. */
export async function readAnchor(place: string): Promise<Anchor> {
  const found = await stat(place).catch(unlessMissing)
  if (found?.isFile() === true) return { headFiles: [place], leavesFile: null, keys: null }
  const leaves = path.join(place, leavesFile)
  return {
    headFiles: (await headFiles(place)).map((name) => path.join(place, name)),
    leavesFile: (await stat(leaves).catch(unlessMissing)) === undefined ? null : leaves,
    keys: await keysBeside(place),
  }
}

/** Oldest first: the names begin with the day. */
async function headFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(unlessMissing)
  return (names ?? []).filter((name) => name.endsWith(headsEnd)).sort()
}
