/**
 * Maintenance of the journal. Each minute it adds the digests of new rows and writes a signed head outside the database;
 * each night it verifies everything from the first entry. A finding is an alarm until it is gone; it never stops calls.
 */
import type { Logger } from 'pino'
import type { HeadSigner } from '../../city/journal/checkpoint.ts'
import type { Millis } from '../../core/ids.ts'
import { anchorJournal, keepLastCheck, lastCheckOf, type AnchorState } from '../../ledger/journal/anchor.ts'
import { openDatabase, type Database } from '../../ledger/database.ts'
import { checkDatabase, journalRows } from '../../ledger/journal/check.ts'
import { pause, repeat } from '../../repeat.ts'
import { Nightly } from '../nightly.ts'

export interface JournalOptions {
  readonly db: Database
  /** For the check's own connection: its statements take longer than the pool allows. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** Prefix of all Redis keys of these jobs. */
  readonly prefix: string
  /** Folder of the signed heads. */
  readonly anchor: string
  readonly signer: HeadSigner
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
const betweenBatchesMs = 20
/** Rows with the same time may be split between two batches. */
const catchingUpBackMs = 1_000
const checkStatementMs = 10 * 60_000

export class JournalKeeper {
  readonly counts: JournalCounts = { bad: 0, failures: 0 }
  readonly #options: JournalOptions
  readonly #nightly: Nightly
  readonly #stopping = new AbortController()
  #working: Promise<void> = Promise.resolve()
  #state: AnchorState = 'goes on'

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
    const { databaseUrl, anchor, signer, log, now } = this.#options
    const db = openDatabase({
      url: databaseUrl,
      connectionsMax: 1,
      statementTimeoutMs: checkStatementMs,
      log,
    })
    try {
      const outcome = await checkDatabase(db, { anchor, verifierKey: signer.verifierKey })
      const bad = outcome.ok ? null : outcome.bad.sentence
      await keepLastCheck(anchor, { at: now(), entries: outcome.entries, bad })
      if (bad === null) log.info({ entries: outcome.entries }, 'the journal is intact')
      else log.error({ entries: outcome.entries, bad }, 'THE JOURNAL IS NOT INTACT')
      await this.#setBad()
    } finally {
      await db.destroy()
    }
  }

  /** Adds the digests of new rows, then anchors a head over the whole journal. */
  async keep(): Promise<AnchorState> {
    const { db, anchor, signer, now, log } = this.#options
    // Far back first: rows of transactions that committed late are the oldest that remain.
    const isFull = async (backMs?: number) =>
      (await journalRows(db, rowsAtOnce, backMs)) === rowsAtOnce && !this.#stopping.signal.aborted
    // A full batch may not have reached every register: after catching up, look far back again for the others.
    while (await isFull()) {
      do await pause(betweenBatchesMs)
      while (await isFull(catchingUpBackMs))
    }
    const before = this.#state
    this.#state = await anchorJournal(db, anchor, signer, now())
    if (this.#state !== 'goes on' && this.#state !== before)
      log.error({ state: this.#state }, 'THE JOURNAL DOES NOT MATCH ITS ANCHOR')
    await this.#setBad()
    return this.#state
  }

  async #setBad(): Promise<void> {
    const found = await lastCheckOf(this.#options.anchor)
    this.counts.bad = this.#state !== 'goes on' || (found?.bad ?? null) !== null ? 1 : 0
  }

  #forEver(): Promise<void> {
    const { everyMs = 60_000, log } = this.#options
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
