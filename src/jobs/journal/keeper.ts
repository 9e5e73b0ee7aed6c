/**
 * Maintenance of the journal. Each minute it adds the digests of new rows and writes a signed head outside the database;
 * each night it verifies everything from the first entry. A finding is an alarm until it is gone; it never stops calls.
 */
import type { Logger } from 'pino'
import type { HeadSigner } from '../../city/journal/checkpoint.ts'
import type { Millis } from '../../core/ids.ts'
import {
  anchorJournal,
  stateSentences,
  type AnchorPlace,
  type AnchorState,
} from '../../ledger/journal/anchor.ts'
import { withDatabaseAt, type Database } from '../../ledger/database.ts'
import { checkDatabase, checkStatementMs } from '../../ledger/journal/check.ts'
import { pinnedKeys } from '../../ledger/journal/keys.ts'
import {
  checkResults,
  failureOf,
  goodAtOf,
  keepFailedCheck,
  keepLastCheck,
  wrongAtCheck,
  type FailedCheck,
} from '../../ledger/journal/last-check.ts'
import { boundSweep, journalRows, journalRuns } from '../../ledger/journal/row-check.ts'
import { recordTerms, type RetentionTerms } from '../../ledger/retention/retention.ts'
import { pause, repeat } from '../../repeat.ts'
import { Nightly } from '../nightly.ts'

export interface JournalOptions {
  readonly db: Database
  /** For the check's own connection: its statements take longer than the pool allows. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** Prefix of all Redis keys of these jobs. */
  readonly prefix: string
  readonly place: AnchorPlace
  readonly signer: HeadSigner
  /** Certificates of the time-stamping authority; null: the stamps are not verified each night. */
  readonly stampCa: string | null
  /** Journalled where they differ from those before; null: nothing is deleted. */
  readonly retention: RetentionTerms | null
  readonly log: Logger
  readonly now: () => Millis
  readonly everyMs?: number
  /** A missed check that is not made up for by then is an alarm. */
  readonly makeUpWithinMs?: number
}

export interface JournalCounts {
  /** 1 while the journal does not match its anchor, or the last check found an error, failed, or is overdue and cannot be made up for. An alarm. */
  bad: number
  /** Runs in which the anchor could not be written or the digests not added. */
  failures: number
}

/** A small batch: the journal is locked meanwhile, and each access to city data waits for it. */
const rowsAtOnce = 10
/** Of a busy register, whose rows share an entry. */
const runRowsAtOnce = 100
/** The newest ones; `linia verify` takes all. */
const stampsChecked = 48
const betweenBatchesMs = 20
/** Rows with the same time may be split between two batches. */
const catchingUpBackMs = 1_000
/** After a start: a row may have waited while the server was down, and the clock set right meanwhile. */
const firstBackMs = 24 * 3_600_000
const everyMinuteMs = 60_000
const betweenMakingUpMs = 3_600_000

export class JournalKeeper {
  readonly counts: JournalCounts = { bad: 0, failures: 0 }
  readonly #options: JournalOptions
  readonly #nightly: Nightly
  readonly #stopping = new AbortController()
  #working: Promise<void> = Promise.resolve()
  #state: AnchorState = 'goes on'
  /** Monotonic; 0: not yet. */
  #anchoredAt = 0
  #hasTerms = false
  #hasSwept = false
  /** The finding or failure of the last check, of any node. */
  #found: string | null = null
  /** A failure that could not be kept: the server's own folder is away, too. */
  #failed: FailedCheck | null = null
  /** When the journal was last found intact. */
  #goodAt: Millis | null = null
  /** Monotonic: when a missed check was first, and last, asked for; the first is null while none is missed. */
  #firstAskedAt: number | null = null
  #askedAt = -Infinity

  constructor(options: JournalOptions) {
    this.#options = options
    const { redisUrl, prefix, log } = options
    this.#nightly = new Nightly({
      name: 'journal',
      // Outside the opening hours.
      pattern: '0 30 2 * * *',
      redisUrl,
      prefix,
      log,
      work: () => this.check(),
    })
  }

  start(): void {
    this.#nightly.start()
    this.#working = this.#forEver()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#working
    await this.#nightly.stop()
  }

  /** Verifies the journal from its first entry. @throws when that could not be done; an alarm then, as a finding is. */
  async check(): Promise<void> {
    const { place, log, now } = this.#options
    try {
      await this.#verify()
      this.#failed = null
    } catch (err) {
      const failed = { at: now(), why: failureOf(err) }
      log.error({ err }, 'THE JOURNAL COULD NOT BE CHECKED')
      this.#failed = await keepFailedCheck(place.own, failed).then(
        () => null,
        () => failed,
      )
      throw err
    } finally {
      await this.#setBad()
    }
  }

  /** The result is stored beside the heads. */
  async #verify(): Promise<void> {
    const { databaseUrl, place, stampCa, log, now } = this.#options
    await withDatabaseAt({ url: databaseUrl, statementTimeoutMs: checkStatementMs, log }, async (db) => {
      const { text } = await pinnedKeys(place)
      const stamps = stampCa === null ? null : { ca: stampCa, newest: stampsChecked }
      const outcome = await checkDatabase(db, { anchor: place.folder, verifierKey: text, stamps, place })
      const bad = outcome.ok ? null : outcome.bad.sentence
      await keepLastCheck(place, { at: now(), entries: outcome.entries, bad })
      if (bad === null) log.info({ entries: outcome.entries }, 'the journal is intact')
      else log.error({ entries: outcome.entries, bad }, 'THE JOURNAL IS NOT INTACT')
    })
  }

  /** Adds the digests of new rows, then anchors a head over the whole journal. */
  async keep(): Promise<AnchorState> {
    let failed: Error | null = null
    try {
      await this.#sweepAll()
    } catch (err) {
      failed = new Error('the digests of new rows could not be added to the journal', { cause: err })
    }
    // The entries that exist, above all those of accesses, need a signed head all the same.
    const state = await this.#anchor()
    if (failed !== null) throw failed
    return state
  }

  async #sweepAll(): Promise<void> {
    const { db, log } = this.#options
    await boundSweep(db)
    const sweep = async (firstMs?: number) => {
      await this.#sweep((backMs = firstMs) => journalRows(db, rowsAtOnce, backMs), rowsAtOnce)
      await this.#sweep((backMs = firstMs) => journalRuns(db, runRowsAtOnce, backMs), runRowsAtOnce)
    }
    if (this.#hasSwept) return sweep()
    try {
      await sweep(firstBackMs)
    } catch (err) {
      // Where a day's rows are too many for the time of a statement, new rows must still get their entries.
      await sweep()
      log.warn({ err }, 'the rows of the last day could not be looked at again for the journal')
    }
    this.#hasSwept = true
  }

  async #anchor(): Promise<AnchorState> {
    const { db, place, signer, retention, now, log } = this.#options
    this.#anchoredAt = performance.now()
    if (retention !== null && !this.#hasTerms) await recordTerms(db, retention)
    this.#hasTerms = true
    const before = this.#state
    this.#state = await anchorJournal(db, place, signer, now())
    if (this.#state !== before)
      if (this.#state === 'goes on') log.info('the journal matches its anchor again')
      else log.error({ state: this.#state }, 'THE JOURNAL DOES NOT MATCH ITS ANCHOR: NOTHING IS SIGNED')
    await this.#setBad()
    return this.#state
  }

  /** Far back first: rows of transactions that committed late are the oldest that remain. */
  async #sweep(batch: (backMs?: number) => Promise<number>, batchSize: number): Promise<void> {
    const { everyMs = everyMinuteMs } = this.#options
    const isFull = async (backMs?: number) => {
      const swept = await batch(backMs)
      if (swept < batchSize || this.#stopping.signal.aborted) return false
      // Catching up with the rows of an earlier version may take an hour, which must not be one without a signed head.
      if (performance.now() - this.#anchoredAt > everyMs) await this.#anchor()
      return true
    }
    // A full batch may not have reached every register: after catching up, look far back again for the others.
    while (await isFull()) {
      do await pause(betweenBatchesMs)
      while (await isFull(catchingUpBackMs))
    }
  }

  /** Why the journal is not what it should be, as a sentence; null: it is. */
  alarm(): string | null {
    return this.#state === 'goes on' ? this.#found : stateSentences[this.#state]
  }

  /** Time since the journal was last found intact; null: it never was. */
  goodCheckAgeMs(): Millis | null {
    return this.#goodAt === null ? null : this.#options.now() - this.#goodAt
  }

  /** Returns whether a check is due besides the nightly one. Never throws. */
  async #setBad(): Promise<boolean> {
    const { db, place, log, now, makeUpWithinMs = betweenMakingUpMs } = this.#options
    let isDue = false
    try {
      const results = await checkResults(db, place, now())
      if (results.last !== null && results.last.at > (this.#failed?.at ?? Infinity)) this.#failed = null
      const failed = results.failed ?? this.#failed
      isDue = results.isDue
      if (!isDue) this.#firstAskedAt = null
      // After a rest of the whole machine the check is late, and nothing is wrong unless it cannot be made.
      const wasTried = performance.now() - (this.#firstAskedAt ?? Infinity) >= makeUpWithinMs
      this.#found = wrongAtCheck({ ...results, failed, ...(wasTried ? {} : { overdueSince: null }) })
      this.#goodAt = goodAtOf(results.last)
    } catch (err) {
      log.debug({ err }, 'the result of the journal’s last check')
      if (this.#failed !== null)
        this.#found = wrongAtCheck({ last: null, failed: this.#failed, overdueSince: null })
    }
    this.counts.bad = this.alarm() === null ? 0 : 1
    return isDue
  }

  /** A night that was missed, as while the machine was off, is made up for by one of the nodes. */
  async #makeUp(): Promise<void> {
    if (!(await this.#setBad())) return
    this.#firstAskedAt ??= performance.now()
    if (performance.now() - this.#askedAt < betweenMakingUpMs) return
    if (await this.#nightly.runNow()) this.#askedAt = performance.now()
  }

  #forEver(): Promise<void> {
    const { everyMs = everyMinuteMs, log } = this.#options
    const work = async () => {
      try {
        await this.keep()
        await this.#nightly.plan()
      } finally {
        await this.#makeUp()
      }
    }
    const failed = (err: unknown, inARow: number) => {
      this.counts.failures += 1
      if (inARow === 1) log.warn({ err }, 'the journal could not be anchored')
    }
    return repeat(work, { everyMs, signal: this.#stopping.signal, failed })
  }
}
