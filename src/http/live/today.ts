/**
 * Today's figures: waiting calls and free agents from the live state, the rest from the ledger. The ledger is
 * queried at most once a second, and for at most a twentieth of the time.
 */
import type { Millis } from '../../core/ids.ts'
import { startOfDay } from '../../core/local-time.ts'
import type { Figures } from '../../ledger/reports/figures.ts'
import type { Today } from './wire.ts'

const pauseMinMs = 1_000

export interface TodayDeps {
  readonly figures: (fromMs: Millis, toMs: Millis) => Promise<Figures>
  readonly counts: () => { waiting: number; longestWaitMs: number | null; free: number }
  readonly serviceLevelMs: number
  readonly now: () => Millis
}

export class TodayFigures {
  readonly #deps: TodayDeps
  #figures: Figures = { offered: 0, answered: 0, abandoned: 0, answeredWithin: 0, averageAnswerMs: null }
  #nextAt = 0

  constructor(deps: TodayDeps) {
    this.#deps = deps
  }

  /** Queries the ledger when it is due. Throws while the ledger is not available; the last figures remain. */
  async refresh(): Promise<void> {
    const { now, figures } = this.#deps
    const startedAt = now()
    if (startedAt < this.#nextAt) return
    // Overlapping queries would make a slow database slower.
    this.#nextAt = Infinity
    try {
      this.#figures = await figures(startOfDay(startedAt), startedAt + 1)
    } finally {
      const endedAt = now()
      this.#nextAt = endedAt + Math.max(pauseMinMs, 20 * (endedAt - startedAt))
    }
  }

  view(): Today {
    const { offered, answered, abandoned, answeredWithin, averageAnswerMs } = this.#figures
    return {
      ...this.#deps.counts(),
      offered,
      answered,
      abandoned,
      answeredWithin,
      serviceLevelTargetMs: this.#deps.serviceLevelMs,
      serviceLevel: offered === 0 ? null : answeredWithin / offered,
      abandonment: offered === 0 ? null : abandoned / offered,
      averageAnswerMs,
    }
  }
}
