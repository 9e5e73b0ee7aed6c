/** What is done when the line knows better than the phone in this page. */
import { useEffect } from 'react'
import { useLive } from '../../live/use-live.ts'
import { phoneMismatch, type PhoneMismatch } from './phone-mismatch.ts'
import { dropLostCall, verifyPhone } from './phone.ts'
import { usePhone } from './use-phone.ts'
import { useMyAgent } from '../use-desk.ts'

interface Remedy {
  /** So long both may differ: what happens is told by two ways, seldom at the same moment. */
  readonly afterMs: number
  readonly act: () => void
}

const remedies: Readonly<Record<PhoneMismatch | 'silent', Remedy>> = {
  // Feed and phone take the same way: when nothing comes on one, the other may lead nowhere too.
  silent: { afterMs: 0, act: verifyPhone },
  'not reached': { afterMs: 2_000, act: verifyPhone },
  'does not ring': { afterMs: 1_000, act: verifyPhone },
  'call is over': { afterMs: 3_000, act: dropLostCall },
}

export function usePhoneRecovery(): void {
  const status = useLive((live) => live.status)
  const agent = useMyAgent()
  const doubt = usePhone((phone) => (agent === undefined ? null : phoneMismatch(agent, phone)))
  useRemedy(status === 'silent' ? 'silent' : status === 'live' ? doubt : null)
}

/** Once when it has been so for its time. */
function useRemedy(what: keyof typeof remedies | null): void {
  useEffect(() => {
    if (what === null) return undefined
    const { afterMs, act } = remedies[what]
    const timer = setTimeout(act, afterMs)
    return () => clearTimeout(timer)
  }, [what])
}
