/**
 * What keeps the journal: each minute the digests of new rows are added and a signed head is written outside
 * of the database; each night everything is checked from its first entry. A finding is an alarm until it is
 * gone: it never stops the line.
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
  /** For the check, whose statements take longer than any other. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** In front of every key of these jobs. */
  readonly prefix: string
  /** Where heads go. */
  readonly anchor: string
  readonly signer: HeadSigner
  readonly log: Logger
  readonly now: () => Millis
  readonly everyMs?: number
}

export interface JournalCounts {
  /** 1 while the journal in the database is not the one that was anchored. An alarm. */
  bad: number
  /** Times that the anchor could not be written, or the digests not added. */
  failures: number
}

/** Few at once, because the journal is locked meanwhile, and who looks waits for it. */
const rowsAtOnce = 10
const betweenBatchesMs = 20
/** Rows of one moment may be divided between two batches. */
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
      // When the line is closed.
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

  /** Everything, from the first entry; how it went is kept beside the heads. */
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
      if (bad === null) log.info({ entries: outcome.entries }, 'the journal is what it was')
      else log.error({ entries: outcome.entries, bad }, 'THE JOURNAL IS NOT WHAT IT WAS')
      await this.#setBad()
    } finally {
      await db.destroy()
    }
  }

  /** The digests of new rows, then a head over all of it. */
  async keep(): Promise<AnchorState> {
    const { db, anchor, signer, now, log } = this.#options
    // Far back first: what was committed late is the oldest of what is left.
    const isFull = async (backMs?: number) =>
      (await journalRows(db, rowsAtOnce, backMs)) === rowsAtOnce && !this.#stopping.signal.aborted
    // A full batch has not come to every register: once caught up, far back again for those behind it.
    while (await isFull()) {
      do await pause(betweenBatchesMs)
      while (await isFull(catchingUpBackMs))
    }
    const before = this.#state
    this.#state = await anchorJournal(db, anchor, signer, now())
    if (this.#state !== 'goes on' && this.#state !== before)
      log.error({ state: this.#state }, 'THE JOURNAL IS NOT WHAT WAS ANCHORED')
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
