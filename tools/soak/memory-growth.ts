/** Detects memory growth of a part under a constant load. */
import type { Sample } from './resource-sample.ts'

/** Growth of one part. */
export interface Growth {
  /**
   * Megabytes per hour after the warm-up of the first quarter: the median slope between all pairs of samples
   * (Theil–Sen), which is robust against a heap that is collected at long intervals.
   */
  readonly perHour: number
  /**
   * Megabytes from the second quarter to the last tenth, by their medians: growth that begins late does not change the
   * median slope. In runs longer than an hour, the share of one hour.
   */
  readonly late: number
  readonly heldMb: number
}

/** Growth above both limits, absolute and as a share of the part's memory, is a leak. */
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

/** Leaks as sentences; empty when there is none. */
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
