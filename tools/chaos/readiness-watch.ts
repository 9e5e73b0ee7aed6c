/** The front's `/readyz`, asked all the time: when it said that calls would not be answered, and what it missed. */
import { setTimeout as delay } from 'node:timers/promises'
import type { SystemUnderTest } from './testbed.ts'

/** In milliseconds since the watch began; `to` null: it still said no when the watch ended. */
export interface NotReadyPeriod {
  readonly from: number
  readonly to: number | null
  /** What it named meanwhile, each with when it first did; the order is theirs. */
  readonly missing: readonly string[]
}

const againMs = 50

/** Asks until it is stopped, which answers with all spells. */
export function watchReadiness(system: Pick<SystemUnderTest, 'whyNotReady'>) {
  const began = performance.now()
  const since = (): number => Math.round(performance.now() - began)
  const periods: NotReadyPeriod[] = []
  let closed: { readonly from: number; readonly missing: Map<string, number> } | null = null
  const spell = (to: number | null): void => {
    if (closed === null) return
    const missing = [...closed.missing].map(([why, at]) => `${why} at ${at}`)
    periods.push({ from: closed.from, to, missing })
    closed = null
  }
  const stopping = new AbortController()
  const look = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const askedAt = since()
      const why = await system.whyNotReady()
      if (why === null) spell(since())
      else {
        closed ??= { from: askedAt, missing: new Map() }
        if (!closed.missing.has(why)) closed.missing.set(why, since())
      }
      await delay(againMs)
    }
    spell(null)
  }
  const looking = look()
  // Heard by `stop`.
  looking.catch(() => undefined)
  const stop = async (): Promise<readonly NotReadyPeriod[]> => {
    stopping.abort()
    await looking
    return periods
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** The first spell belongs to the strike, which it is counted from; a later one may not be longer than that either. */
export function brokenReadiness(periods: readonly NotReadyPeriod[], backWithinMs: number): string[] {
  return periods.flatMap(({ from, to, missing }, index) => {
    const what = missing.join(', ')
    if (to === null)
      return [`the front was not ready at the end, since ${from} ms after the strike (${what})`]
    // That the first one was back too late is told already, but not why.
    if (index === 0) return to <= backWithinMs ? [] : [`the front missed: ${what}`]
    const lasted = to - from
    if (lasted <= backWithinMs) return []
    return [`the front was not ready again, ${from} ms after the strike for ${lasted} ms (${what})`]
  })
}
