/** The supervisors in a call, as the wire has them. */
import type { LiveCall, SupervisionMode } from '../../core/call.ts'
import { isoOrNull } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { SupervisionView } from './wire.ts'

/**
 * When an agent is told that a supervisor is in their call. `joined`: not while the supervisor only listens.
 */
export type SupervisionNotice = 'always' | 'joined'

export function supervisionViews(call: LiveCall, names: Names): SupervisionView[] {
  return call.supervisions.map(({ offer, mode, isUp }) => {
    const leg = call.others.findLast(({ id }) => id === offer.id)
    return {
      ...names.agent(offer.agent),
      mode,
      device: offer.device,
      since: isoOrNull(isUp ? (leg?.from ?? call.since) : null),
    }
  })
}

/** Those of whom the agent in the call is told. A supervisor whose phone still rings hears nothing. */
export const toldToAgent = (
  views: readonly SupervisionView[],
  notice: SupervisionNotice,
): SupervisionView[] =>
  views.filter(({ mode, since }) => since !== null && (notice === 'always' || mode !== quiet))

const quiet: SupervisionMode = 'monitor'
