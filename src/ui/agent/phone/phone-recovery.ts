/** The remedies for contradictions between the server and the phone in this page. */
import { useEffect } from 'react'
import { useLive } from '../../live/use-live.ts'
import { phoneMismatch, type PhoneMismatch } from './phone-mismatch.ts'
import { dropLostCall, verifyPhone } from './phone.ts'
import { usePhone } from './use-phone.ts'
import { useMyAgent } from '../use-desk.ts'

interface Remedy {
  /**
   * How long the two may differ: they learn of an event over two ways that seldom arrive at the same moment.
   */
  readonly afterMs: number
  readonly act: () => void
}

const remedies: Readonly<Record<PhoneMismatch | 'silent', Remedy>> = {
  // Feed and phone share the network path: if the feed is silent, the phone's connection may be dead too.
  silent: { afterMs: 0, act: verifyPhone },
  'not reached': { afterMs: 2_000, act: verifyPhone },
  'does not ring': { afterMs: 1_000, act: verifyPhone },
  'call is over': { afterMs: 3_000, act: dropLostCall },
}

export function usePhoneRecovery(): void {
  const status = useLive((live) => live.status)
  const agent = useMyAgent()
  const mismatch = usePhone((phone) => (agent === undefined ? null : phoneMismatch(agent, phone)))
  useRemedy(status === 'silent' ? 'silent' : status === 'live' ? mismatch : null)
}

/** Applies the remedy once, after the contradiction has lasted for `afterMs`. */
function useRemedy(what: keyof typeof remedies | null): void {
  useEffect(() => {
    if (what === null) return undefined
    const { afterMs, act } = remedies[what]
    const timer = setTimeout(act, afterMs)
    return () => clearTimeout(timer)
  }, [what])
}
