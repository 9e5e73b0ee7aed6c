/**
 * Maintenance of the journal. Each minute it adds the digests of new rows and writes a signed head outside the database;
 * each night it verifies everything from the first entry. A finding is an alarm until it is gone; it never stops calls.
 */
import type { Logger } from 'pino'
import type { HeadSigner } from '../../city/journal/checkpoint.ts'
import type { Millis } from '../../core/ids.ts'
import {
  anchorJournal,
  keepLastCheck,
  lastCheckOf,
  stateSentences,
  type AnchorPlace,
  type AnchorState,
} from '../../ledger/journal/anchor.ts'
import { openDatabase, type Database } from '../../ledger/database.ts'
import { checkDatabase, checkStatementMs } from '../../ledger/journal/check.ts'
import { pinnedKeys } from '../../ledger/journal/keys.ts'
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
}

export interface JournalCounts {
  /** 1 while the journal does not match its anchor, or the last check found an error. An alarm. */
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
const everyMinuteMs = 60_000

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
  /** The finding of the last check, by whichever node. */
  #found: string | null = null

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

  /** Verifies the journal from its first entry; the result is stored beside the heads. */
  async check(): Promise<void> {
    const { databaseUrl, place, stampCa, log, now } = this.#options
    const db = openDatabase({
      url: databaseUrl,
      connectionsMax: 1,
      statementTimeoutMs: checkStatementMs,
      log,
    })
    try {
      const { text } = await pinnedKeys(place)
      const stamps = stampCa === null ? null : { ca: stampCa, newest: stampsChecked }
      const outcome = await checkDatabase(db, { anchor: place.folder, verifierKey: text, stamps, place })
      const bad = outcome.ok ? null : outcome.bad.sentence
      await keepLastCheck(place.folder, { at: now(), entries: outcome.entries, bad })
      if (bad === null) log.info({ entries: outcome.entries }, 'the journal is intact')
      else log.error({ entries: outcome.entries, bad }, 'THE JOURNAL IS NOT INTACT')
      await this.#setBad()
    } finally {
      await db.destroy()
    }
  }

  /** Adds the digests of new rows, then anchors a head over the whole journal. */
  async keep(): Promise<AnchorState> {
    const { db } = this.#options
    await boundSweep(db)
    await this.#sweep((backMs) => journalRows(db, rowsAtOnce, backMs), rowsAtOnce)
    await this.#sweep((backMs) => journalRuns(db, runRowsAtOnce, backMs), runRowsAtOnce)
    return this.#anchor()
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

  async #setBad(): Promise<void> {
    const last = await lastCheckOf(this.#options.place.folder)
    this.#found = last?.bad ?? null
    this.counts.bad = this.alarm() === null ? 0 : 1
  }

  #forEver(): Promise<void> {
    const { everyMs = everyMinuteMs, log } = this.#options
    const work = async () => {
      await this.keep()
      await this.#nightly.plan()
    }
    const failed = (err: unknown, inARow: number) => {
      this.counts.failures += 1
      if (inARow === 1) log.warn({ err }, 'the journal could not be anchored')
    }
    return repeat(work, { everyMs, signal: this.#stopping.signal, failed })
  }
}
