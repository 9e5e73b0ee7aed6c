/**
 * How much retention will end within a week, for administrators. The counts read whole tables, so nobody waits for them: they are
 * made in the background when somebody asks, at most once an hour.
 */
import type { Logger } from 'pino'
import type { RetentionTerm } from '../../city/connections/connection.ts'
import type { Millis } from '../../core/ids.ts'
import { withDatabaseAt } from '../../ledger/database.ts'
import { keysBefore } from '../../ledger/recordings/keys.ts'
import { pastDetails } from '../../ledger/retention/retention.ts'

export interface DueSoonOptions {
  /** Null: another system deletes, and only recordings are counted. */
  readonly retentionUrl: string | null
  readonly recordingKeys: string
  readonly audioDays: number
  readonly detailsDays: number
  readonly requestsDays: number
  readonly logsDays: number
  readonly log: Pick<Logger, 'warn'>
  readonly now: () => Millis
  readonly keptMs?: number
}

export interface DueCounts {
  readonly at: Millis
  /** Recordings for `audio`, else rows; a term that could not be counted is missing. */
  readonly counts: Partial<Readonly<Record<RetentionTerm, number>>>
}

const dayMs = 24 * 3_600_000
const weekMs = 7 * dayMs
const hourMs = 3_600_000
/** One table of a large city takes seconds. */
const statementTimeoutMs = 10_000

export class DueSoon {
  readonly #options: DueSoonOptions
  #known: DueCounts | null = null
  #counting: Promise<void> | null = null

  constructor(options: DueSoonOptions) {
    this.#options = options
  }

  /** The counts of the last hour, or older ones while new ones are made; null: none yet. */
  counts(): DueCounts | null {
    const { now, keptMs = hourMs } = this.#options
    if (this.#known === null || now() - this.#known.at > keptMs) void this.count()
    return this.#known
  }

  /** Resolves when the counts are made, also where some have failed. */
  count(): Promise<void> {
    this.#counting ??= this.#count().finally(() => {
      this.#counting = null
    })
    return this.#counting
  }

  async #count(): Promise<void> {
    const at = this.#options.now()
    const counts = {
      ...(await this.#attempt(() => this.#audio(at))),
      // One that takes too long leaves the others known.
      ...(await this.#attempt(() => this.#rows(at, 'details'))),
      ...(await this.#attempt(() => this.#rows(at, 'requests'))),
      ...(await this.#attempt(() => this.#rows(at, 'logs'))),
    }
    this.#known = { at, counts }
  }

  async #attempt(work: () => Promise<DueCounts['counts']>): Promise<DueCounts['counts']> {
    try {
      return await work()
    } catch (err) {
      this.#options.log.warn({ err }, 'what retention will end could not be counted')
      return {}
    }
  }

  async #audio(at: Millis): Promise<DueCounts['counts']> {
    const { recordingKeys, audioDays } = this.#options
    const lastDay = new Date(at + weekMs - audioDays * dayMs).toISOString().slice(0, 10)
    const days = await keysBefore(recordingKeys, lastDay)
    return { audio: days.reduce((sum, { keys }) => sum + keys, 0) }
  }

  async #rows(at: Millis, term: Exclude<RetentionTerm, 'audio'>): Promise<DueCounts['counts']> {
    const { retentionUrl, detailsDays, requestsDays, logsDays } = this.#options
    if (retentionUrl === null) return {}
    const before = (days: number): Millis => at + weekMs - days * dayMs
    const limits = {
      recordedBefore: before(detailsDays),
      closedBefore: before(requestsDays),
      tracedBefore: before(logsDays),
    }
    const rows = await withDatabaseAt({ url: retentionUrl, statementTimeoutMs }, (login) =>
      pastDetails(login, limits, term),
    )
    return { [term]: Object.values(rows).reduce((sum, count) => sum + count, 0) }
  }
}
