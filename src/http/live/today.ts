/**
 * The figures of the day and of the last half-hour: waiting calls and free agents from the live state, the rest from the
 * ledger. Nothing is counted here, so a restart or another node shows the same figures. The ledger is queried at most
 * once a second, and for at most a twentieth of the time.
 */
import { sharedPercent, type Target } from '../../core/reports/target.ts'
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
  /** Whether a caller waits beyond T of their queue. */
  readonly tooLong: boolean
}

export interface TodayDeps {
  readonly tallies: (period: Period) => Promise<readonly TallyRow[]>
  readonly overflows: (period: Period) => Promise<readonly OverflowRow[]>
  readonly surveys: (period: Period) => Promise<readonly SurveyRow[]>
  /** Of the whole line. `free`: agents who could take a call now. */
  readonly counts: () => LiveCounts
  /** By queue, calls that have waited longer than its T and still wait. */
  readonly waitingBeyond: () => ReadonlyMap<QueueId, number>
  /** Also of a queue that is no longer there. */
  readonly targetOf: (queue: QueueId) => Target
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
    const { counts, queues, serviceLevelMs, shortAbandonMs, targetOf, waitingBeyond } = this.#deps
    const beyond = waitingBeyond()
    const rows = this.#ofToday(this.#rows)
    const slots = whole ? this.#slots(rows) : []
    return {
      ...counts(),
      serviceLevelTargetMs: serviceLevelMs,
      shortAbandonMs,
      ...figuresIn(rows, (part) => this.#ofLine(part, beyond)),
      queues: !whole
        ? []
        : queues().map(({ id, name, agents }) => {
            const own = rows.filter(({ queue }) => queue === id)
            return {
              id,
              name,
              target: { ...targetOf(id) },
              agents: [...agents],
              ...figuresIn(own, (part) => this.#ofQueue(id, part, beyond)),
              course: courseIn(slots, own),
            }
          }),
      slots: slots.map(({ slot, ...counts }) => ({ from: iso(this.#startOf(slot)), ...counts })),
      overflows: whole ? this.#ofToday(this.#overflows).map((row) => ({ ...row })) : [],
      surveys: whole ? this.#ofToday(this.#surveys).map((row) => ({ ...row })) : [],
    }
  }

  #ofQueue(queue: QueueId, rows: readonly TallyRow[], beyond: Beyond): Figures {
    return figuresOf(sumOf(rows), beyond.get(queue) ?? 0, this.#deps.targetOf(queue).percent)
  }

  /** Of all queues: each call is judged by the threshold of its own one. */
  #ofLine(rows: readonly TallyRow[], beyond: Beyond): Figures {
    const queues = new Set([...rows.map(({ queue }) => queue), ...beyond.keys()])
    const percent = sharedPercent(
      [...queues].map((queue) => {
        const own = rows.filter((row) => row.queue === queue)
        const { targetPercent, counted } = this.#ofQueue(queue, own, beyond)
        return { percent: targetPercent, counted }
      }),
    )
    const waiting = [...beyond.values()].reduce((sum, count) => sum + count, 0)
    return figuresOf(sumOf(rows), waiting, percent)
  }

  /** None from midnight until the next query: slots count from the midnight before. */
  #ofToday<Row>(rows: readonly Row[]): readonly Row[] {
    return this.#midnight === startOfDay(this.#deps.now()) ? rows : []
  }

  #startOf(slot: number): Millis {
    return startOfDay(this.#deps.now()) + slot * slotMs
  }

  /** Every half-hour from the day's first call to now, also those without one. */
  #slots(rows: readonly TallyRow[]): readonly Slot[] {
    const ofDay = rows.filter(({ slot }) => slot >= 0)
    if (ofDay.length === 0) return []
    const first = Math.min(...ofDay.map(({ slot }) => slot))
    const last = Math.floor((this.#deps.now() - this.#startOf(0)) / slotMs)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => countsAt(first + index, rows))
  }
}

interface Slot extends Pick<Figures, 'offered' | 'answered' | 'abandoned'> {
  /** Half-hours since midnight. */
  readonly slot: number
}

function countsAt(at: number, rows: readonly TallyRow[]): Slot {
  const { offered, answered, abandoned } = sumOf(rows.filter(({ slot }) => slot === at))
  return { slot: at, offered, answered, abandoned }
}

/** Of the rows of one queue, in the half-hours of the line: as columns, because each page of a supervisor gets those of every queue. */
function courseIn(
  slots: readonly Slot[],
  rows: readonly TallyRow[],
): NonNullable<Today['queues'][number]['course']> {
  const counts = slots.map(({ slot }) => countsAt(slot, rows))
  return {
    offered: counts.map(({ offered }) => offered),
    answered: counts.map(({ answered }) => answered),
    abandoned: counts.map(({ abandoned }) => abandoned),
  }
}

type Beyond = ReadonlyMap<QueueId, number>

const figuresIn = (rows: readonly TallyRow[], of: (part: readonly TallyRow[]) => Figures) => ({
  day: of(rows.filter(({ slot }) => slot >= 0)),
  recent: of(rows.filter(({ recent }) => recent)),
})
