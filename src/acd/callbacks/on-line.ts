/** The calls of a number to which a callback was promised. */
import { inConversation, isSameMatter, type Call, type LiveCall } from '../../core/call.ts'
import type { AcdState } from '../acd-state.ts'

/** Whether a citizen is on the line who is served, or will be. */
export const isOnLine = ({ direction, phase }: LiveCall): boolean =>
  direction === 'inbound' && phase !== 'closed' && phase !== 'dismissing' && phase !== 'voicemail'

/**
 * Whether the citizen has what the callback was for: they talk with an agent. Not in another queue, where the matter is
 * another one, or the citizen, because a family or a firm has one number; and not in a conversation in which they, or somebody
 * else at the number, were when it was asked for on the public page.
 */
export const isServedIn = (callback: LiveCall, call: Call): boolean =>
  inConversation(call) &&
  call.id !== callback.id &&
  call.answeredAt >= (callback.callback?.promisedAt ?? 0) &&
  call.caller.number === callback.caller.number &&
  isSameMatter(call, callback)

/** The callback whose place a call that comes in has; null: none, or another call from the number has it. */
export function placeFor(number: string | null, acdState: AcdState): LiveCall | null {
  const callback = acdState.callbackTo(number)
  if (callback === null) return null
  const hasAnother = acdState.calls().some(({ value }) => value.caller.number === number && isOnLine(value))
  return hasAnother ? null : callback
}
