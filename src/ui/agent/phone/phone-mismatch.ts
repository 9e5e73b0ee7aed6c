/** Where the line and the phone in this page tell different stories, and the line knows better. */
import type { AgentView } from '../../../http/agents/wire.ts'
import type { PhoneState } from './phone-state.ts'

/** Registered, but the line cannot reach it; offered a call, but it does not ring; in a call that is over. */
export type PhoneMismatch = 'not reached' | 'does not ring' | 'call is over'

/** Packets come every 20 ms, also while nobody speaks. */
const deafAfterMs = 1_000

export function phoneMismatch(
  { state, offerDevice, phones }: Pick<AgentView, 'state' | 'offerDevice' | 'phones'>,
  { registration, session, audio }: Pick<PhoneState, 'registration' | 'session' | 'audio'>,
): PhoneMismatch | null {
  const lineHasNone = state !== 'offered' && state !== 'talking' && phones.ownCalls === 0
  const phase = session?.kind === 'incoming' ? session.phase : null
  if (lineHasNone && phase === 'ringing') return 'call is over'
  // Whoever is heard is there, whatever the line may believe for a moment.
  if (lineHasNone && phase === 'up' && audio.silentMs >= deafAfterMs) return 'call is over'
  if (state === 'offered' && offerDevice === 'web' && session === null) return 'does not ring'
  if (registration === 'registered' && !phones.web) return 'not reached'
  return null
}
