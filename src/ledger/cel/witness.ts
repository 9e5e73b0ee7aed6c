/**
 * The independent witness: reads Asterisk's own record and writes into the ledger the calls that the
 * application never saw, or whose end it did not see. It comes last: a call is imported only when it has been
 * over for a while, the ledger has caught up with the line, and still has no row of the call. What the line
 * has told of it stands; the record adds what came after.
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
  /** `cel.csv` as Asterisk writes it; its columns in order. */
  readonly file: string
  readonly columns: readonly string[]
  /** Events that the line has told and the ledger does not have yet; infinite while it takes none. */
  readonly lag: () => Promise<number>
  readonly log: Logger
  readonly now: () => Millis
  readonly everyMs?: number
  /** A call is looked at when it has been over for so long. */
  readonly graceMs?: number
  /** One whose beginning the ledger knows is left to the line for so long, unless the line leaves it to us. */
  readonly lineGraceMs?: number
}

export interface Witness {
  readonly counts: Readonly<{ imported: number; skippedLines: number; failing: number }>
  stop(): Promise<void>
}

/** With so few events under way the ledger counts as having what the line has told of calls long over. */
const lagMax = 200
/** Ends of which Asterisk's record has nothing are looked for so often, and so far back. */
const endsLeftEveryMs = 60_000
const endsLeftBackMs = 24 * 3_600_000
/** Who called stands in `callers` since the call's first event. */
const inCallers = { number: null, name: null } as const

/** Looks at once, and then every ten seconds. */
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
  /** Read up to here; undefined before the database was asked. */
  #place: CelPlace | null | undefined
  #saved: CelPlace | null = null
  #endsSettledAt = Number.NEGATIVE_INFINITY

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
        this.#story.tell(row, { file: found.at.file, position: found.at.position + offset })
      }
      if (skipped > 0) log.warn({ skipped }, 'lines of the record of Asterisk are not as agreed')
      this.counts.skippedLines += skipped
      // An unfinished row is waited for; in a file that nobody writes any more it never will be.
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
      const told = await acdRecords(
        db,
        open.map(({ id }) => id),
      )
      const due = open.filter((call) => this.#isDue(call, told.get(call.id), behind))
      const added = await importCalls(db, pbx, due, told)
      this.counts.imported += added.size
      for (const id of added) log.info({ call: id }, 'imported from the record of Asterisk')
      this.#story.forget([...finished, ...due.map(({ id }) => id)])
    }
  }

  #isDue({ endedAt }: Over, told: AcdRecord | undefined, behind: number): boolean {
    const { now, graceMs, lineGraceMs } = this.#options
    if (told === undefined) return endedAt <= now() - graceMs
    // Or else the line tells the end itself, and its word must not come second.
    return told.endLeftToCel || (behind === 0 && endedAt <= now() - lineGraceMs)
  }

  /** The line has left ends to a record that is not written, or cannot be read: then its own word counts. */
  async #settleEndsLeftToCel(): Promise<void> {
    const { db, pbx, now, lineGraceMs, log } = this.#options
    if (now() - this.#endsSettledAt < endsLeftEveryMs) return
    this.#endsSettledAt = now()
    const period = { pbx, from: now() - endsLeftBackMs, to: now() - lineGraceMs }
    const left = await endsLeftToCel(db, period)
    const added = await writeCalls(
      db,
      left.map((call) => summary({ ...call, caller: inCallers })),
      'line',
    )
    for (const id of added) log.warn({ call: id }, 'the record of Asterisk does not tell how this call ended')
  }

  /** Everything before the first call that is not settled need not be read again. */
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
  told: ReadonlyMap<CallId, AcdRecord>,
): Promise<Set<CallId>> {
  if (calls.length === 0) return new Set()
  const agents = await agentsNamed(db, calls)
  const summaries: CallSummary[] = calls.map((call) => {
    const agent = agents.get(call.answeredBy ?? '') ?? null
    const facts = { pbx, caller: callerFrom(call.number, ''), agent }
    return celSummary(call, facts, told.get(call.id)?.call ?? null)
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
