/** Polls the front's `/readyz`: periods in which it was not ready, with the reasons. */
import { setTimeout as delay } from 'node:timers/promises'
import type { SystemUnderTest } from './testbed.ts'

/** In milliseconds since the watch began; `to` null: still not ready when the watch ended. */
export interface NotReadyPeriod {
  readonly from: number
  readonly to: number | null
  /** Reasons in order of first appearance, each with its time. */
  readonly missing: readonly string[]
}

const againMs = 50

/** Polls until `stop`, which returns all periods. */
export function watchReadiness(system: Pick<SystemUnderTest, 'whyNotReady'>) {
  const began = performance.now()
  const since = (): number => Math.round(performance.now() - began)
  const periods: NotReadyPeriod[] = []
  let current: { readonly from: number; readonly missing: Map<string, number> } | null = null
  const endPeriod = (to: number | null): void => {
    if (current === null) return
    const missing = [...current.missing].map(([why, at]) => `${why} at ${at}`)
    periods.push({ from: current.from, to, missing })
    current = null
  }
  const stopping = new AbortController()
  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const requestedAt = since()
      const why = await system.whyNotReady()
      if (why === null) endPeriod(since())
      else {
        current ??= { from: requestedAt, missing: new Map() }
        if (!current.missing.has(why)) current.missing.set(why, since())
      }
      await delay(againMs)
    }
    endPeriod(null)
  }
  const polling = poll()
  // `stop` awaits it and sees the error.
  polling.catch(() => undefined)
  const stop = async (): Promise<readonly NotReadyPeriod[]> => {
    stopping.abort()
    await polling
    return periods
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** The first period is measured from the fault, a later one from its own beginning; both have the same bound. */
export function brokenReadiness(periods: readonly NotReadyPeriod[], backWithinMs: number): string[] {
  return periods.flatMap(({ from, to, missing }, index) => {
    const what = missing.join(', ')
    if (to === null) return [`the front was not ready at the end, since ${from} ms after the fault (${what})`]
    // The lateness of the first period is reported elsewhere; this adds the reasons.
    if (index === 0) return to <= backWithinMs ? [] : [`the front missed: ${what}`]
    const lasted = to - from
    if (lasted <= backWithinMs) return []
    return [`the front was not ready again, ${from} ms after the fault for ${lasted} ms (${what})`]
  })
}
