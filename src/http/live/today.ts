/**
 * Today's figures: who waits and who is free from the line itself, the rest from the ledger. The ledger
 * is asked at most once a second and never for more than a twentieth of the time.
 */
import type { Millis } from '../../core/ids.ts'
import type { Figures } from '../../ledger/reports/figures.ts'
import type { Today } from './wire.ts'

const pauseMinMs = 1_000

export interface TodayDeps {
  readonly figures: (fromMs: Millis, toMs: Millis) => Promise<Figures>
  readonly counts: () => { waiting: number; longestWaitMs: number | null; free: number }
  readonly timeZone: string
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

  /** Asks the ledger if it is time to. Throws while the ledger is away; the last figures stay. */
  async refresh(): Promise<void> {
    const { now, timeZone, figures } = this.#deps
    const startedAt = now()
    if (startedAt < this.#nextAt) return
    // Two overlapping questions would only make a slow database slower.
    this.#nextAt = Infinity
    try {
      this.#figures = await figures(startOfDay(startedAt, timeZone), startedAt + 1)
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

/** The last midnight in the time zone. */
export function startOfDay(at: Millis, timeZone: string): Millis {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const wall = (moment: Millis): { day: string; sinceMidnightMs: number } => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
    const { hour, minute, second } = parts
    return {
      day: `${parts['year']}-${parts['month']}-${parts['day']}`,
      sinceMidnightMs:
        (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000 + (moment % 1_000),
    }
  }
  const today = wall(at)
  const guess = at - today.sinceMidnightMs
  // On the two days when the clock changes, the guess is an hour off, into the day or before it.
  const there = wall(guess)
  if (there.sinceMidnightMs === 0) return guess
  return there.day === today.day ? guess - there.sinceMidnightMs : guess + 86_400_000 - there.sinceMidnightMs
}
