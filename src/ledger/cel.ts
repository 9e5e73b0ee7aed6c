/**
 * The independent witness: reads Asterisk's own record and writes into the ledger the calls that the
 * application never saw. It comes last: a call is imported only when it has been over for a while, the
 * ledger has caught up with the line, and still knows nothing of the call.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AgentId, CallId, Millis, PbxName } from '../core/ids.ts'
import { callerFrom } from '../voice/phone-number.ts'
import { writeCallers, writeCalls } from './call-writing.ts'
import { celSummary, type CelCall } from './cel-call.ts'
import { readCel, type CelPlace } from './cel-files.ts'
import { rowsOf } from './cel-rows.ts'
import { CelStory, type Over } from './cel-story.ts'
import type { Database } from './database.ts'
import type { CallSummary } from './summary.ts'

export interface WitnessOptions {
  readonly db: Database
  readonly pbx: PbxName
  /** `cel.csv` as Asterisk writes it; its columns in order. */
  readonly file: string
  readonly columns: readonly string[]
  /** Whether the ledger has everything that the line has told, but for the last seconds. */
  readonly caughtUp: () => Promise<boolean>
  readonly log: Logger
  readonly now: () => Millis
  readonly everyMs?: number
  /** A call is looked at when it has been over for so long. */
  readonly graceMs?: number
  /** One whose beginning the ledger knows is left to the line for so long. */
  readonly lineGraceMs?: number
}

export interface Witness {
  readonly counts: Readonly<{ imported: number; skippedLines: number; failing: number }>
  stop(): Promise<void>
}

/** Looks at once, and then every ten seconds. */
export function startWitness(options: WitnessOptions): Witness {
  const { log, everyMs = 10_000 } = options
  const stopping = new AbortController()
  const reader = new CelReader(options)
  const work = async () => {
    while (!stopping.signal.aborted) {
      try {
        await reader.look()
        reader.counts.failing = 0
      } catch (err) {
        reader.counts.failing += 1
        if (reader.counts.failing === 1)
          log.warn({ err }, 'the record of Asterisk cannot be compared; trying again')
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const working = work()
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

  constructor(options: WitnessOptions) {
    this.#options = { everyMs: 10_000, graceMs: 30_000, lineGraceMs: 10 * 60_000, ...options }
  }

  async look(): Promise<void> {
    const { db, pbx, caughtUp } = this.#options
    if (this.#place === undefined) {
      const stored = await db.selectFrom('cel_progress').selectAll().where('pbx', '=', pbx).executeTakeFirst()
      this.#place = stored ?? null
    }
    await this.#read()
    if (await caughtUp()) await this.#settle()
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
      if (bytes === 0 && found.isLastFile) return
      const taken = bytes === 0 ? found.bytes.length : bytes
      this.#place = { file: found.at.file, position: found.at.position + taken }
    }
  }

  async #settle(): Promise<void> {
    const { db, now, graceMs, lineGraceMs, pbx, log } = this.#options
    const over = this.#story.over(now() - graceMs)
    for (let from = 0; from < over.length; from += 200) {
      const some = over.slice(from, from + 200)
      const { finished, begun } = await known(db, some)
      const missing = some.filter(
        ({ id, endedAt }) => !finished.has(id) && (!begun.has(id) || endedAt <= now() - lineGraceMs),
      )
      const added = await importCalls(db, pbx, missing)
      this.counts.imported += added.size
      for (const id of added) log.info({ call: id }, 'imported from the record of Asterisk')
      const settled = some.filter(({ id }) => finished.has(id) || missing.some((call) => call.id === id))
      this.#story.forget(settled.map(({ id }) => id))
    }
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

async function known(
  db: Database,
  calls: readonly CelCall[],
): Promise<{ finished: Set<CallId>; begun: Set<CallId> }> {
  const ids = calls.map(({ id }) => id)
  const finished = await db.selectFrom('calls').select('id').where('id', 'in', ids).execute()
  const begun = await db
    .selectFrom('call_events')
    .select('call')
    .distinct()
    .where('call', 'in', ids)
    .execute()
  return { finished: new Set(finished.map(({ id }) => id)), begun: new Set(begun.map(({ call }) => call)) }
}

async function importCalls(db: Database, pbx: PbxName, calls: readonly Over[]): Promise<Set<CallId>> {
  if (calls.length === 0) return new Set()
  const agents = await agentsNamed(db, calls)
  const summaries: CallSummary[] = calls.map((call) =>
    celSummary(call, {
      pbx,
      caller: callerFrom(call.number, ''),
      agent: agents.get(call.answeredBy ?? '') ?? null,
    }),
  )
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
