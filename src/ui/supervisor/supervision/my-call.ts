/** The call that a supervisor is in, from the live feed. */
import type { LiveCallView } from '../../../http/live/wire.ts'
import type { SupervisionView } from '../../../http/supervision/wire.ts'

/** `taken`: they serve the caller. */
export type MyCall =
  | { readonly how: 'beside'; readonly call: LiveCallView; readonly supervision: SupervisionView }
  | { readonly how: 'taken'; readonly call: LiveCallView }

export function myCallIn(calls: Iterable<LiveCallView>, me: string): MyCall | null {
  for (const call of calls) {
    const supervision = call.supervisions.find(({ id }) => id === me)
    if (supervision !== undefined) return { how: 'beside', call, supervision }
    if (call.agent?.id === me && isConversation(call)) return { how: 'taken', call }
  }
  return null
}

/** Whether a supervisor can take part. */
export const isConversation = ({ phase }: Pick<LiveCallView, 'phase'>): boolean =>
  phase === 'connecting' || phase === 'talking' || phase === 'held' || phase === 'reconnecting'

/** Whether the conversation has ended, as opposed to being left. The caller may answer a survey by then. `ended`: the last call that has. */
export const isConversationOver = (
  id: string,
  calls: ReadonlyMap<string, Pick<LiveCallView, 'phase'>>,
  ended: string | null,
): boolean => id === ended || calls.get(id)?.phase === 'survey'

/** Whether a phone rings for this call: an offer names its call (`core/ids.ts`). */
export const isLegOf = (offerId: string, call: string): boolean => offerId.startsWith(`leg-${call}-`)
