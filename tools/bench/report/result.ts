/** What was measured of one system, as rows. */
import type { Measurements, Turn } from '../comparison/comparison.ts'
import type { Loaded } from '../comparison/load.ts'
import type { Outcome } from '../comparison/outcome.ts'
import type { Limit, QueuedWait } from '../comparison/phases.ts'
import type { System } from '../comparison/systems.ts'
import type { Recorded } from '../measures/call-records.ts'
import type { Row, Timing } from './figures.ts'

export interface Result {
  readonly system: System['name']
  readonly rows: readonly Row[]
  readonly queued: QueuedWait | null
  readonly atHalf: Loaded | null
  readonly loaded: Loaded | null
  readonly limit: Limit | null
  /** Outcomes of all phases except the limit's. */
  readonly outcomes: readonly Outcome[]
  readonly turns: readonly Turn[]
}

/** Rows whose budgets are ratios (`ratios.ts`). */
export const handOverName = 'agent hangs up → next INVITE at that agent'
export const arrivalName = 'INVITE on the line → INVITE at a free agent'
export const bridgedName = 'agent’s 200 OK → bridged'

/** `perSecond`: calls a second of the steady load. */
export function resultOf(found: Measurements, perSecond: number): Result {
  const { system, turns, seen, handedOver, reached, queued, bridged, atHalf, loaded, limit } = found
  const rows = [
    ...asked('INVITE on the line → card painted', seen?.cards, { p90: 150 }),
    ...asked('call in line → board painted', seen?.rows, { p90: 250 }),
    ...asked(handOverName, handedOver?.timings, null),
    ...asked(arrivalName, reached?.timings, null),
    ...asked(bridgedName, bridged, null),
    ...playableAt(perSecond / 2, atHalf?.ledger),
    ...playableAt(perSecond, loaded?.ledger),
  ]
  const phases = [handedOver, reached, queued, atHalf, loaded]
  const outcomes = phases.flatMap((phase) => phase?.outcome ?? [])
  return { system: system.name, rows, queued, atHalf, loaded, limit, outcomes, turns }
}

/** No row for a phase that was switched off (null). A phase without values misses its budget. */
function asked(name: string, timings: readonly Timing[] | null | undefined, budget: Row['budget']): Row[] {
  return timings == null ? [] : [{ name, durations: timings.map(({ ms }) => ms), timings, budget }]
}

function playableAt(perSecond: number, ledger: Recorded | null | undefined): Row[] {
  if (ledger == null) return []
  const name = `end of a call → recording playable (${perSecond} calls/s)`
  return [{ name, durations: ledger.playable, budget: { p90: 30_000 } }]
}
