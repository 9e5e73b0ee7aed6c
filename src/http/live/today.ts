/**
 * The figures of the day and of the last half-hour: waiting calls and free agents from the live state, the rest from the
 * ledger. Nothing is counted here, so a restart or another node shows the same figures. The ledger is queried at most
 * once a second, and for at most a twentieth of the time.
 */
import { figuresOf, recentMs, slotMs, sumOf, type Figures } from '../../core/reports/figures.ts'
import type { AgentId, Millis, QueueId } from '../../core/ids.ts'
import { startOfDay } from '../../core/local-time.ts'
import type { Period, TallyRow } from '../../ledger/reports/figures.ts'
import type { SurveyRow } from '../../ledger/calls/surveys.ts'
import type { OverflowRow } from '../../ledger/reports/overflows.ts'
import { iso } from '../shell/iso-time.ts'
import type { Today } from './wire.ts'

const pauseMinMs = 1_000

export interface LiveCounts {
  readonly waiting: number
  readonly longestWaitMs: number | null
  readonly free: number
}

export interface TodayDeps {
  readonly tallies: (period: Period) => Promise<readonly TallyRow[]>
  readonly overflows: (period: Period) => Promise<readonly OverflowRow[]>
  readonly surveys: (period: Period) => Promise<readonly SurveyRow[]>
  /** Of the whole line. `free`: agents who could take a call now. */
  readonly counts: () => LiveCounts
  /** Calls in this queue, or in any, that have waited longer than T and still wait. */
  readonly waitingBeyond: (queue: QueueId | null) => number
  /** `agents`: with the skill of the queue, at its level. */
  readonly queues: () => readonly {
    readonly id: QueueId
    readonly name: string
    readonly agents: readonly AgentId[]
  }[]
  readonly serviceLevelMs: number
  readonly shortAbandonMs: number
  readonly now: () => Millis
}

export class TodayFigures {
  readonly #deps: TodayDeps
  #rows: readonly TallyRow[] = []
  #overflows: readonly OverflowRow[] = []
  #surveys: readonly SurveyRow[] = []
  /** The beginning of the day to which all three belong. */
  #midnight: Millis | null = null
  #nextAt = 0

  constructor(deps: TodayDeps) {
    this.#deps = deps
  }

  /** Queries the ledger when it is due. Throws while the ledger is not available; the last figures remain. */
  async refresh(): Promise<void> {
    const { now, tallies, overflows, surveys } = this.#deps
    const startedAt = now()
    if (startedAt < this.#nextAt) return
    // Overlapping queries would make a slow database slower.
    this.#nextAt = Infinity
    const midnight = startOfDay(startedAt)
    const recentFromMs = startedAt - recentMs
    try {
      const fromMs = Math.min(midnight, recentFromMs)
      const period = { fromMs, toMs: startedAt + 1, slotsFromMs: midnight, recentFromMs }
      const rows = await tallies(period)
      this.#overflows = await overflows(period)
      this.#surveys = await surveys(period)
      this.#rows = rows
      this.#midnight = midnight
    } finally {
      const endedAt = now()
      this.#nextAt = endedAt + Math.max(pauseMinMs, 20 * (endedAt - startedAt))
    }
  }

  /** `whole`: with the queues and the trend, which only supervisors see. */
  view(whole: boolean): Today {
    const { counts, queues, serviceLevelMs, shortAbandonMs } = this.#deps
    return {
      ...counts(),
      serviceLevelTargetMs: serviceLevelMs,
      shortAbandonMs,
      ...this.#figures(null),
      queues: !whole
        ? []
        : queues().map(({ id, name, agents }) => ({ id, name, agents: [...agents], ...this.#figures(id) })),
      slots: whole ? this.#slots() : [],
      overflows: whole ? this.#ofToday(this.#overflows).map((row) => ({ ...row })) : [],
      surveys: whole ? this.#ofToday(this.#surveys).map((row) => ({ ...row })) : [],
    }
  }

  #figures(queue: QueueId | null): { readonly day: Figures; readonly recent: Figures } {
    const all = this.#ofToday(this.#rows)
    const rows = queue === null ? all : all.filter((row) => row.queue === queue)
    const ofDay = rows.filter(({ slot }) => slot >= 0)
    const recent = rows.filter((row) => row.recent)
    const waitingBeyond = this.#deps.waitingBeyond(queue)
    return {
      day: figuresOf(sumOf(ofDay), waitingBeyond),
      recent: figuresOf(sumOf(recent), waitingBeyond),
    }
  }

  /** None from midnight until the next query: slots count from the midnight before. */
  #ofToday<Row>(rows: readonly Row[]): readonly Row[] {
    return this.#midnight === startOfDay(this.#deps.now()) ? rows : []
  }

  /** Every half-hour from the day's first call to now, also those without one. */
  #slots(): Today['slots'] {
    const midnight = startOfDay(this.#deps.now())
    const ofDay = this.#ofToday(this.#rows).filter(({ slot }) => slot >= 0)
    if (ofDay.length === 0) return []
    const first = Math.min(...ofDay.map(({ slot }) => slot))
    const last = Math.floor((this.#deps.now() - midnight) / slotMs)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
      const { offered, answered, abandoned } = sumOf(ofDay.filter(({ slot }) => slot === first + index))
      return { from: iso(midnight + (first + index) * slotMs), offered, answered, abandoned }
    })
  }
}
