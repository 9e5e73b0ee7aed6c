/** The reasons from which agents choose when they pause, and the names of those that they could choose before. */
import { reservedPauseReasons } from '../agent.ts'
import type { Configuration, PauseSetting } from './schema.ts'

export interface PauseName {
  readonly id: string
  readonly name: string
  readonly nameEn?: string
}

export interface Pauses {
  /** In the order in which they are offered, at least one; the pause key takes the first. */
  readonly offered: readonly PauseSetting[]
  /** Of what states and registers may still hold, by their last names. */
  readonly former: readonly PauseName[]
}

/** Of a configuration without reasons of its own. */
export const usualPauses: readonly PauseSetting[] = [
  { id: 'break', name: 'scurtă', nameEn: 'break' },
  { id: 'meal', name: 'masă', nameEn: 'meal' },
  { id: 'paperwork', name: 'lucru la dosare', nameEn: 'paperwork' },
  { id: 'meeting', name: 'ședință', nameEn: 'meeting' },
  { id: 'training', name: 'instruire', nameEn: 'training' },
  { id: 'technical', name: 'problemă tehnică', nameEn: 'technical problem' },
]

/** `published`: the reasons of earlier versions. */
export function pausesOf({ pauses = [] }: Configuration, published: readonly PauseName[] = []): Pauses {
  const offered = pauses.length === 0 ? usualPauses : pauses
  const named = new Set(offered.map(({ id }) => id))
  const former = [...published, ...usualPauses].flatMap(({ id, name, nameEn }): PauseName[] => {
    if (named.has(id)) return []
    named.add(id)
    return [{ id, name, ...(nameEn === undefined ? {} : { nameEn }) }]
  })
  return { offered, former }
}

export const isOffered = ({ offered }: Pauses, reason: string): boolean =>
  offered.some(({ id }) => id === reason)

export const isReservedPause = (id: string): boolean => reservedPauseReasons.some((one) => one === id)

/** How long over the expected time a pause has lasted; null: it is within it, or has none. */
export function overMs(
  pause: Pick<PauseSetting, 'expectedMinutes'> | undefined,
  lastedMs: number,
): number | null {
  const expected = pause?.expectedMinutes
  if (expected === undefined) return null
  const over = lastedMs - expected * 60_000
  return over > 0 ? over : null
}
