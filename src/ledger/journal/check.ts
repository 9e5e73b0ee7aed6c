/**
 * Checks of the whole journal: in the database, where each register is compared row by row too, or exported to a file,
 * for which only the file and the anchor are needed.
 */
import { createReadStream } from 'node:fs'
import { open, readFile, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { isFinding, JournalCheck, sentenceOf, type Checked } from '../../city/journal/check.ts'
import { readHeads, type SignedHead } from '../../city/journal/checkpoint.ts'
import { trustedKeys } from '../../city/journal/key-chain.ts'
import { leafBytes, readAnchor, stateSentences, viewAnchor, type AnchorPlace } from './anchor.ts'
import type { Database } from '../database.ts'
import { journalEntries, journalHead } from './journal.ts'
import { wrongRewriting } from './rewritten-rows.ts'
import { wrongList } from './registers.ts'
import { comparing, firstBadRow, firstBadRun } from './row-check.ts'
import { headOf, stampsIn, verifyStamp, type Stamp, type StampFiles } from './time-stamps.ts'
import { firstWrongValue, type BadEntry } from './value-check.ts'

export type CheckOutcome =
  | (Checked & { readonly ok: true; readonly stamped: StampedHead | null })
  | { readonly ok: false; readonly entries: number; readonly bad: BadEntry }

export interface CheckAgainst {
  /** The anchor's folder, or a file of heads. */
  readonly anchor: string
  /** The public keys that the auditor keeps, one or a chain; never those in the folder that is checked. */
  readonly verifierKey: string
  /** Time stamps are verified with these certificates (PEM file); `newest`: only so many of them. */
  readonly stamps?: { readonly ca: string; readonly newest?: number } | null
  /** In the running system: its marks and keys are compared as well. */
  readonly place?: AnchorPlace
}

/** The newest time stamp, which holds. */
export interface StampedHead extends Stamp {
  readonly size: number
  /** Verified stamps. */
  readonly stamps: number
}

/** A small batch: hashing must not delay calls in the same process. */
const entriesAtOnce = 200
const leavesAtOnce = 4_096
/** Bounds the time of one statement. */
const filedAtOnce = 5_000

/** Checks an exported journal: one entry per line. */
export async function checkExport(file: string, against: CheckAgainst): Promise<CheckOutcome> {
  return check(() => linesOf(file), against)
}

/** Bound of a statement of `checkDatabase`: verifying a whole register against the journal is the longest query. */
export const checkStatementMs = 10 * 60_000

/** Checks the journal in the database, then each register against it, then the values beside the registers. */
export async function checkDatabase(db: Database, against: CheckAgainst): Promise<CheckOutcome> {
  let given = 0
  const outcome = await check(
    () =>
      entriesOf(db, (size) => {
        given = size
      }),
    against,
  )
  if (!outcome.ok) return outcome
  const { entries } = outcome
  if (entries < given)
    return badAt(entries, entries, `Entry ${entries} is missing: the journal’s head counts ${given} entries.`)
  const bad =
    (await comparing(
      db,
      async (trx) =>
        (await firstMisfiled(trx, entries)) ??
        (await wrongRewriting(trx)) ??
        (await firstBadRow(trx)) ??
        (await firstBadRun(trx, entries)) ??
        (await firstWrongValue(trx)) ??
        wrongList(trx),
    )) ?? (against.place === undefined ? null : await wrongAnchor(db, against.place))
  return bad === null ? outcome : { ok: false, entries, bad }
}

async function wrongAnchor(db: Database, place: AnchorPlace): Promise<BadEntry | null> {
  const { state } = await viewAnchor(db, place)
  return state === 'goes on' ? null : { index: null, sentence: stateSentences[state] }
}

/**
 * The columns by which entries are found are not hashed: they must be what the entry's text says, `recorded_at` close to
 * its time. An entry outside the tree would be found by them, too.
 */
async function firstMisfiled(db: Database, entries: number): Promise<BadEntry | null> {
  for (let from = 0; from < entries; from += filedAtOnce) {
    const { rows } = await sql<{ index: number; dated: boolean }>`
      select e.index, t.dated from public.journal_entries e
      cross join lateral jsonb_to_record(e.entry::jsonb) as b (
        at timestamptz, what text, kind text, account text, call text, about text, person text, register text, key text)
      cross join lateral (select abs(extract(epoch from e.recorded_at - b.at)) > 60 as dated) t
      where e.index between ${from} and ${from + filedAtOnce - 1} and (t.dated or
        (e.what, e.kind, e.account, e.call, e.about, e.person, e.register, e.row_key) is distinct from
        (b.what, b.kind, b.account, b.call, b.about, b.person, b.register, b.key))
      order by e.index limit 1`.execute(db)
    const [bad] = rows
    if (bad === undefined) continue
    const { index, dated } = bad
    const sentence = dated
      ? `Entry ${index} is stored with a time that differs from the one in its text: its time has been changed.`
      : `Entry ${index} is stored under other words than those of its text: it was hidden from whoever looks for it.`
    return { index, sentence }
  }
  const { rows } = await sql<{ index: number }>`
    select index from public.journal_entries
    where index < 0 or index >= (select size from public.journal_head) limit 1`.execute(db)
  const [outside] = rows
  if (outside === undefined) return null
  const { index } = outside
  return { index, sentence: `Entry ${index} is outside the journal: it was added without being hashed.` }
}

async function check(
  entries: () => AsyncIterable<string | Uint8Array>,
  { anchor, verifierKey, stamps = null }: CheckAgainst,
): Promise<CheckOutcome> {
  const { headFiles, leavesFile, keys } = await readAnchor(anchor)
  const journal = new JournalCheck(trustedKeys(verifierKey, keys))
  const stampFiles = await stampsIn(anchor)
  const stampedHeads: SignedHead[] = []
  for (const stamp of stampFiles) {
    const head = await headOf(stamp)
    if (head === null) return badAt(0, null, `The stamped head of ${stamp.size} entries cannot be read.`)
    stampedHeads.push(head)
  }
  journal.expect(stampedHeads)
  await using leaves = leavesFile === null ? null : await Leaves.open(leavesFile)
  let [entriesRead, filesRead, anchored] = [0, 0, 0]
  /** Reads files of heads one at a time; returns the name of an unreadable one. */
  const expectMore = async (): Promise<string | null> => {
    for (; journal.wantsHeadsBelow(anchored) && filesRead < headFiles.length; filesRead += 1) {
      const file = headFiles[filesRead] ?? ''
      const read = readHeads(await readFile(file, 'utf8'))
      if (read === null) return path.basename(file)
      anchored = Math.max(anchored, ...read.heads.map(({ size }) => size))
      journal.expect(read.heads)
    }
    return null
  }
  let unreadable = await expectMore()
  for await (const entry of entries()) {
    if (unreadable !== null) break
    const leaf = entriesRead < anchored ? ((await leaves?.next()) ?? null) : null
    const finding = journal.add(entry, leaf)
    if (finding !== null) return badAt(entriesRead, finding.index, sentenceOf(finding))
    entriesRead += 1
    if (journal.wantsHeadsBelow(anchored)) unreadable = await expectMore()
  }
  if (unreadable !== null) return badAt(entriesRead, null, `The file of heads ${unreadable} cannot be read.`)
  const end = journal.end()
  if (isFinding(end)) return badAt(entriesRead, end.index, sentenceOf(end))
  const stamped = stamps === null ? null : await checkStamps(stampFiles, stamps)
  return typeof stamped === 'string' ? badAt(entriesRead, null, stamped) : { ok: true, ...end, stamped }
}

/** A string: the first stamp that does not hold. */
async function checkStamps(
  files: readonly StampFiles[],
  { ca, newest }: { readonly ca: string; readonly newest?: number },
): Promise<StampedHead | string> {
  const verified: Omit<StampedHead, 'stamps'>[] = []
  for (const file of newest === undefined ? files : files.slice(-newest)) {
    const stamp = await verifyStamp(file, ca)
    if (typeof stamp === 'string')
      return `The time stamp of the head of ${file.size} entries does not hold: ${stamp}.`
    verified.push({ ...stamp, size: file.size })
  }
  const last = verified.at(-1)
  return last === undefined
    ? 'The time stamps were not verified: there are none.'
    : { ...last, stamps: verified.length }
}

function badAt(entries: number, index: number | null, sentence: string): CheckOutcome {
  return { ok: false, entries, bad: { index, sentence } }
}

/**
 * Entries by index, so that a gap is noticed. Continues while the journal grows, so that a head that is anchored
 * meanwhile never counts more entries than were read.
 */
async function* entriesOf(db: Database, onSize: (size: number) => void): AsyncGenerator<string> {
  let next = 0
  for (;;) {
    const { size } = await journalHead(db)
    onSize(size)
    while (next < size) {
      const batch = await journalEntries(db, next, entriesAtOnce)
      const last = batch.at(-1)
      if (last === undefined) return
      for (const { entry } of batch) yield entry
      next = last.index + 1
    }
    if ((await journalHead(db)).size <= next) return
  }
}

/** Splits at byte 0A only: an entry may contain other line separators of Unicode. */
async function* linesOf(file: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer])
    let from = 0
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, end)
      from = end + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield rest
}

/** The anchored leaf hashes in order. */
class Leaves {
  readonly #file: FileHandle
  #at = 0
  #block: Buffer = Buffer.alloc(0)

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async open(file: string): Promise<Leaves> {
    return new Leaves(await open(file, 'r'))
  }

  /** Null at the end of the file; later entries are checked by the heads alone. */
  async next(): Promise<Uint8Array | null> {
    if (this.#block.length < leafBytes) {
      const block = Buffer.alloc(leafBytes * leavesAtOnce)
      const { bytesRead } = await this.#file.read(block, 0, block.length, this.#at * leafBytes)
      this.#block = block.subarray(0, bytesRead)
    }
    if (this.#block.length < leafBytes) return null
    const leaf = this.#block.subarray(0, leafBytes)
    this.#block = this.#block.subarray(leafBytes)
    this.#at += 1
    return leaf
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }
}
