/**
 * Detects contradictions between the server's view of the agent and the phone in this page; the server's view
 * wins.
 */
import type { AgentView } from '../../../http/agents/wire.ts'
import type { PhoneState } from './phone-state.ts'

/**
 * In order: registered, but not reachable for the server; offered a call, but not ringing; in a call that is
 * over for the server.
 */
export type PhoneMismatch = 'not reached' | 'does not ring' | 'call is over'

/** Packets arrive every 20 ms, also during silence. */
const deafAfterMs = 1_000

export function phoneMismatch(
  { state, offerDevice, phones }: Pick<AgentView, 'state' | 'offerDevice' | 'phones'>,
  { registration, session, audio }: Pick<PhoneState, 'registration' | 'session' | 'audio'>,
): PhoneMismatch | null {
  const lineHasNone = state !== 'offered' && state !== 'talking' && phones.ownCalls === 0
  const phase = session?.kind === 'incoming' ? session.phase : null
  if (lineHasNone && phase === 'ringing') return 'call is over'
  // While sound arrives the call exists, even if the server has lost sight of it for a moment.
  if (lineHasNone && phase === 'up' && audio.silentMs >= deafAfterMs) return 'call is over'
  if (state === 'offered' && offerDevice === 'web' && session === null) return 'does not ring'
  if (registration === 'registered' && !phones.web) return 'not reached'
  return null
}
