/**
 * The independent witness: imports from Asterisk's CEL the calls that the application never saw, or whose end it did not
 * see. It comes last: a call is imported only when it ended a while ago, the ledger has caught up with the ACD, and still
 * has no row of the call. The ACD's record of the call takes precedence; the CEL adds the rest.
 */
import type { Logger } from 'pino'
import type { AgentId, CallId, Millis, PbxName } from '../../core/ids.ts'
import { repeat } from '../../repeat.ts'
import { callerFrom } from '../../core/phone-number.ts'
import { writeCallers, writeCalls } from '../calls/call-writing.ts'
import { celSummary, type CelCall } from './cel-call.ts'
import { readCel, type CelPlace } from './files.ts'
import { rowsOf } from './rows.ts'
import { CelStory, type Over } from './story.ts'
import type { Database } from '../database.ts'
import { endsLeftToCel, acdRecords, type AcdRecord } from '../calls/unrecorded-calls.ts'
import { summary, type CallSummary } from '../calls/summary.ts'

export interface WitnessOptions {
  readonly db: Database
  readonly pbx: PbxName
  /** Path of `cel.csv`, and its columns in order. */
  readonly file: string
  readonly columns: readonly string[]
  /** Events that the ledger has not recorded yet; infinite while it accepts none. */
  readonly lag: () => Promise<number>
  readonly log: Logger
  readonly now: () => Millis
  readonly everyMs?: number
  /** A call is imported this long after its end. */
  readonly graceMs?: number
  /** A call with events in the ledger is left to the ACD for this long, unless the ACD left its end to the CEL. */
  readonly lineGraceMs?: number
}

export interface Witness {
  readonly counts: Readonly<{ imported: number; skippedLines: number; failing: number }>
  stop(): Promise<void>
}

/** With a lag of at most this, the ledger has the events of calls that ended a while ago. */
const lagMax = 200
/** How often, and how far back, ends are searched that were left to the CEL and are missing there. */
const endsLeftEveryMs = 60_000
const endsLeftBackMs = 24 * 3_600_000
/** Each so many searches one goes back further: to the calls that were in the line when the system was stopped. */
const endsLeftFarEach = 15
const endsLeftFarMs = 40 * 24 * 3_600_000
/** The caller is in `callers` since the call's first event. */
const inCallers = { number: null, name: null } as const

/** Runs at once, and then every ten seconds. */
export function startWitness(options: WitnessOptions): Witness {
  const { log, everyMs = 10_000 } = options
  const stopping = new AbortController()
  const reader = new CelReader(options)
  const look = async () => {
    await reader.look()
    reader.counts.failing = 0
  }
  const working = repeat(look, {
    everyMs,
    signal: stopping.signal,
    failed: (err, inARow) => {
      reader.counts.failing = inARow
      if (inARow === 1) log.warn({ err }, 'the CEL files cannot be read; trying again')
    },
  })
  return {
    counts: reader.counts,
    async stop() {
      stopping.abort()
      await working
    },
  }
}

class CelReader {
  readonly counts = { imported: 0, skippedLines: 0, failing: 0 }
  readonly #options: Required<WitnessOptions>
  readonly #story = new CelStory()
  /** Position of reading; undefined before it was loaded from the database. */
  #place: CelPlace | null | undefined
  #saved: CelPlace | null = null
  #endsSettledAt = Number.NEGATIVE_INFINITY
  #endsSearches = 0

  constructor(options: WitnessOptions) {
    this.#options = { everyMs: 10_000, graceMs: 30_000, lineGraceMs: 10 * 60_000, ...options }
  }

  async look(): Promise<void> {
    const { db, pbx, lag } = this.#options
    if (this.#place === undefined) {
      const stored = await db.selectFrom('cel_progress').selectAll().where('pbx', '=', pbx).executeTakeFirst()
      this.#place = stored ?? null
    }
    await this.#read()
    const behind = await lag()
    if (behind <= lagMax) {
      await this.#settle(behind)
      await this.#settleEndsLeftToCel()
    }
    await this.#saveProgress()
  }

  async #read(): Promise<void> {
    const { file, columns, log } = this.#options
    for (;;) {
      const found = await readCel(file, this.#place ?? null)
      if (found === null) return
      const { rows, bytes, skipped } = rowsOf(found.bytes, columns)
      for (const { row, offset } of rows) {
        this.#story.add(row, { file: found.at.file, position: found.at.position + offset })
      }
      if (skipped > 0) log.warn({ skipped }, 'lines of the CEL file are invalid')
      this.counts.skippedLines += skipped
      // Waits for the rest of an incomplete row, but not in a rotated file.
      if (bytes === 0 && found.mayGrow) return
      const taken = bytes === 0 ? found.bytes.length : bytes
      this.#place = { file: found.at.file, position: found.at.position + taken }
    }
  }

  async #settle(behind: number): Promise<void> {
    const { db, now, pbx, log } = this.#options
    const over = this.#story.over(now())
    for (let from = 0; from < over.length; from += 200) {
      const some = over.slice(from, from + 200)
      const finished = await finishedOf(db, some)
      const open = some.filter(({ id }) => !finished.has(id))
      const records = await acdRecords(
        db,
        open.map(({ id }) => id),
      )
      const due = open.filter((call) => this.#isDue(call, records.get(call.id), behind))
      const added = await importCalls(db, pbx, due, records)
      this.counts.imported += added.size
      for (const id of added) log.info({ call: id }, 'imported from the CEL')
      this.#story.forget([...finished, ...due.map(({ id }) => id)])
    }
  }

  #isDue({ endedAt }: Over, record: AcdRecord | undefined, behind: number): boolean {
    const { now, graceMs, lineGraceMs } = this.#options
    if (record === undefined) return endedAt <= now() - graceMs
    // Otherwise the ACD may still write the end itself, and its event must come first.
    return record.endLeftToCel !== null || (behind === 0 && endedAt <= now() - lineGraceMs)
  }

  /** Ends that were left to the CEL, which is missing or unreadable: the ACD's own event counts then. */
  async #settleEndsLeftToCel(): Promise<void> {
    const { db, pbx, now, lineGraceMs, log } = this.#options
    if (now() - this.#endsSettledAt < endsLeftEveryMs) return
    this.#endsSettledAt = now()
    const backMs = this.#endsSearches % endsLeftFarEach === 0 ? endsLeftFarMs : endsLeftBackMs
    this.#endsSearches += 1
    const period = { pbx, from: now() - backMs, to: now() - lineGraceMs }
    const left = await endsLeftToCel(db, period)
    const added = await writeCalls(
      db,
      left.map((call) => summary({ ...call, caller: inCallers })),
      'line',
    )
    for (const id of added) log.warn({ call: id }, 'the CEL has no end of this call; the ACD’s event is used')
  }

  /** Saves the position of the first unsettled call: nothing before it need be read again. */
  async #saveProgress(): Promise<void> {
    const { db, pbx } = this.#options
    const place = this.#story.firstUnsettled() ?? this.#place ?? null
    if (place === null || (place.file === this.#saved?.file && place.position === this.#saved.position))
      return
    await db
      .insertInto('cel_progress')
      .values({ pbx, ...place })
      .onConflict((conflict) => conflict.column('pbx').doUpdateSet({ ...place }))
      .execute()
    this.#saved = place
  }
}

async function finishedOf(db: Database, calls: readonly CelCall[]): Promise<Set<CallId>> {
  const ids = calls.map(({ id }) => id)
  const finished = await db.selectFrom('calls').select('id').where('id', 'in', ids).execute()
  return new Set(finished.map(({ id }) => id))
}

async function importCalls(
  db: Database,
  pbx: PbxName,
  calls: readonly Over[],
  records: ReadonlyMap<CallId, AcdRecord>,
): Promise<Set<CallId>> {
  if (calls.length === 0) return new Set()
  const agents = await agentsNamed(db, calls)
  const summaries: CallSummary[] = calls.map((call) => {
    const agent = agents.get(call.answeredBy ?? '') ?? null
    const facts = { pbx, caller: callerFrom(call.number, ''), agent }
    const record = records.get(call.id)
    // The last row of a call that went down with Asterisk may be much older than what the ACD saw of it.
    const endedAt = call.isCut ? Math.max(call.endedAt, record?.endLeftToCel ?? 0) : call.endedAt
    return celSummary({ ...call, endedAt }, facts, record?.call ?? null)
  })
  return db.transaction().execute(async (trx) => {
    await writeCallers(trx, new Map(summaries.map(({ id, caller }) => [id, caller])))
    return writeCalls(trx, summaries, 'cel')
  })
}

async function agentsNamed(db: Database, calls: readonly CelCall[]): Promise<Map<string, AgentId>> {
  const usernames = calls.flatMap(({ answeredBy }) => answeredBy ?? [])
  if (usernames.length === 0) return new Map()
  const rows = await db
    .selectFrom('current_accounts')
    .select(['username', 'id'])
    .where('username', 'in', usernames)
    .execute()
  return new Map(rows.map(({ username, id }) => [username, id]))
}
