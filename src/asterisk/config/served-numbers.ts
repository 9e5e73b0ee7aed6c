/**
 * The city's numbers as Asterisk serves them without the application. Their opening hours are written for the coming
 * months only (`numbers-file.ts`), so they are renewed each day.
 */
import type { CityNumber } from '../../core/configuration/line.ts'
import type { Millis } from '../../core/ids.ts'
import { dateAt } from '../../core/local-time.ts'
import { windowsFrom, type LineHours } from '../../core/opening-hours.ts'
import type { ServedNumber } from './numbers-file.ts'

interface ServedNumbersOptions {
  /** None while the configuration cannot be read. */
  readonly configured: () => readonly CityNumber[]
  /** Of numbers without hours of their own. */
  readonly lineHours: LineHours
  /** The days on which the city hall is closed, as of a moment. */
  readonly closedOn: (at: Millis) => ReadonlySet<string>
  readonly now: () => Millis
  readonly apply: (numbers: readonly ServedNumber[]) => void
}

const hoursAheadDays = 120
const dayMs = 86_400_000

export class ServedNumbers {
  readonly #options: ServedNumbersOptions
  #applied: { readonly configured: readonly CityNumber[]; readonly days: string } | null = null

  constructor(options: ServedNumbersOptions) {
    this.#options = options
  }

  /** Applies the numbers now, and anew each day until the signal aborts. */
  renew(signal: AbortSignal, everyMs = dayMs): void {
    this.update()
    const timer = setInterval(() => this.update(), everyMs)
    signal.addEventListener('abort', () => clearInterval(timer))
  }

  /** Applies the numbers if they, the day or the closed days are not those that were applied last. */
  update(): void {
    const { closedOn, now, apply } = this.#options
    const at = now()
    const configured = this.#options.configured()
    const closed = closedOn(at)
    const days = [dateAt(at), ...closed].join(' ')
    if (configured.length === 0 || (this.#applied?.configured === configured && this.#applied.days === days))
      return
    this.#applied = { configured, days }
    apply(this.#served(configured, closed, at))
  }

  #served(
    configured: readonly CityNumber[],
    closed: ReadonlySet<string>,
    at: Millis,
  ): readonly ServedNumber[] {
    const windows = new Map<LineHours, ServedNumber['windows']>()
    return configured.map(({ number, also, hours, answer, closingGraceMs }) => {
      const of = hours ?? this.#options.lineHours
      const openings = windows.get(of) ?? openingsOf(of, closed, at)
      windows.set(of, openings)
      return { number, also, answer, closingGraceMs, windows: openings }
    })
  }
}

function openingsOf(hours: LineHours, closed: ReadonlySet<string>, at: Millis): ServedNumber['windows'] {
  if (hours.kind === 'always') return 'always'
  const windows = windowsFrom(hours, closed, at, hoursAheadDays)
  return windows.map(({ from, to }) => ({ opensAt: from, closesAt: to }))
}
