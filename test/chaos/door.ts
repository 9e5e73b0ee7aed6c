/** The front's `/readyz`, asked all the time: when it said that calls would not be answered. */
import { setTimeout as delay } from 'node:timers/promises'
import type { House } from './stage.ts'

/** From and to, in milliseconds since the watch began; `to` null: it still said no when the watch ended. */
export type Spell = readonly [from: number, to: number | null]

const againMs = 50

/** Asks until it is stopped, which answers with all spells. */
export function watchDoor(house: Pick<House, 'ready'>) {
  const began = performance.now()
  const since = (): number => Math.round(performance.now() - began)
  const spells: Spell[] = []
  let closedAt: number | null = null
  const stopping = new AbortController()
  const look = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const askedAt = since()
      const ready = await house.ready()
      if (ready && closedAt !== null) spells.push([closedAt, since()])
      closedAt = ready ? null : (closedAt ?? askedAt)
      await delay(againMs)
    }
    if (closedAt !== null) spells.push([closedAt, null])
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
  return spells.flatMap(([from, to], index) => {
    if (to === null) return [`the front was not ready at the end, since ${from} ms after the strike`]
    const lasted = to - from
    if (index === 0 || lasted <= backWithinMs) return []
    return [`the front was not ready again, ${from} ms after the strike for ${lasted} ms`]
  })
}
