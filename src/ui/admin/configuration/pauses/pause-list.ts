/** The reasons for pauses, as the page changes them. */
import { usualPauses } from '../../../../core/configuration/pauses.ts'
import type { PauseSetting } from '../../../../core/configuration/schema.ts'

/** The reasons of a city without its own. `technical` is the system's, so that the agents' one has another id. */
export const firstPauses: readonly PauseSetting[] = usualPauses.map((pause) =>
  pause.id === 'technical' ? { ...pause, id: 'problema-tehnica' } : pause,
)
