/** Whether the memory of a part grows under a load that stays the same. */
import type { Sample } from './resource-sample.ts'

/** Of one part. */
export interface Growth {
  /** Megabytes an hour, once the programs have warmed up in the first quarter: the middle one of the slopes between all
   * pairs of samples (Theil and Sen), which a heap that is swept at long intervals does not turn. */
  readonly perHour: number
  /**
   * Megabytes from the second quarter to the last tenth, by their medians: what only begins to grow late turns no
   * middle slope. In a run that is longer, an hour's share of it.
   */
  readonly late: number
  readonly heldMb: number
}

/** More than both, in megabytes and as a share of what the part holds, is a leak. */
const leakMb = 15
const leakShare = 0.25

export function growthOf(samples: readonly Sample[]): Readonly<Record<string, Growth>> {
  const parts = Object.keys(samples.at(-1)?.memoryMb ?? {})
  return Object.fromEntries(parts.map((part) => [part, growthOfPart(samples, part)]))
}

function growthOfPart(samples: readonly Sample[], part: string): Growth {
  const points = samples.map(({ atMs, memoryMb }) => ({ hours: atMs / 3_600_000, mb: memoryMb[part] ?? 0 }))
  const share = (from: number, to: number) =>
    points.slice(Math.floor(from * points.length), Math.max(1, Math.ceil(to * points.length)))
  const settled = share(0.25, 1)
  const slopes = settled.flatMap((from, index) =>
    settled.slice(index + 1).map((to) => (to.mb - from.mb) / (to.hours - from.hours)),
  )
  const early = share(0.25, 0.5)
  const end = share(0.9, 1)
  const middle = (of: readonly { hours: number; mb: number }[], what: 'hours' | 'mb') =>
    median(of.map((point) => point[what]))
  const hours = middle(end, 'hours') - middle(early, 'hours')
  return {
    perHour: median(slopes),
    late: (middle(end, 'mb') - middle(early, 'mb')) / Math.max(1, hours),
    heldMb: points.at(-1)?.mb ?? 0,
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0

/** Sentences; empty when nothing grows by more than it may. */
export function leaksOf(growth: Readonly<Record<string, Growth>>): string[] {
  return Object.entries(growth).flatMap(([part, { perHour, late, heldMb }]) => {
    const isLeak = (mb: number): boolean => mb > leakMb && mb > leakShare * heldMb
    const held = `${heldMb.toFixed(0)} MB`
    return [
      ...(isLeak(perHour) ? [`${part} grows by ${perHour.toFixed(1)} MB an hour, to ${held}`] : []),
      ...(isLeak(late) ? [`${part} has grown late, by ${late.toFixed(1)} MB, to ${held}`] : []),
    ]
  })
}
