/** The front's `/readyz`, asked all the time: when it said that calls would not be answered, and what it missed. */
import { setTimeout as delay } from 'node:timers/promises'
import type { House } from './stage.ts'

/** In milliseconds since the watch began; `to` null: it still said no when the watch ended. */
export interface Spell {
  readonly from: number
  readonly to: number | null
  /** What it named meanwhile, in order, each with when it first did. */
  readonly missing: readonly string[]
}

const againMs = 50

/** Asks until it is stopped, which answers with all spells. */
export function watchDoor(house: Pick<House, 'whyNotReady'>) {
  const began = performance.now()
  const since = (): number => Math.round(performance.now() - began)
  const spells: Spell[] = []
  let closed: { readonly from: number; readonly missing: string[]; last: string } | null = null
  const stopping = new AbortController()
  const look = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const askedAt = since()
      const why = await house.whyNotReady()
      if (why === null) {
        if (closed !== null) spells.push({ from: closed.from, to: since(), missing: closed.missing })
        closed = null
      } else {
        closed ??= { from: askedAt, missing: [], last: '' }
        if (closed.last !== why) closed.missing.push(`${why} at ${since()}`)
        closed.last = why
      }
      await delay(againMs)
    }
    if (closed !== null) spells.push({ from: closed.from, to: null, missing: closed.missing })
  }
  const looking = look()
  const stop = async (): Promise<readonly Spell[]> => {
    stopping.abort()
    await looking
    return spells
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** The first spell belongs to the strike, which it is counted from; a later one may not be longer than that either. */
export function brokenDoor(spells: readonly Spell[], backWithinMs: number): string[] {
  return spells.flatMap(({ from, to, missing }, index) => {
    const what = missing.join(', ')
    if (to === null)
      return [`the front was not ready at the end, since ${from} ms after the strike (${what})`]
    const lasted = to - from
    if (lasted <= backWithinMs) return []
    // That it was back too late is told already, but not why.
    if (index === 0) return [`the front missed: ${what}`]
    return [`the front was not ready again, ${from} ms after the strike for ${lasted} ms (${what})`]
  })
}
