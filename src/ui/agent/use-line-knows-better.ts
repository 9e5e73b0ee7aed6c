/** What the line knows better than the phone in this page: that it cannot be reached, or has no call any more. */
import { useEffect, useEffectEvent } from 'react'
import { useLive } from '../live/use-live.ts'
import { dropLostCall, verifyPhone } from './phone/phone.ts'
import { usePhone } from './phone/use-phone.ts'
import { useMyAgent } from './use-desk.ts'

/** The line hears of a registration a moment after the page. */
const reachedWithinMs = 2_000
/** The INVITE follows its card. */
const ringsWithinMs = 1_000
/** The end of a call comes by two ways, seldom at the same moment. */
const endsWithinMs = 3_000
const deafAfterMs = 1_000

export function useLineKnowsBetter(): void {
  const status = useLive((live) => live.status)
  const agent = useMyAgent()
  const registered = usePhone((phone) => phone.registration === 'registered')
  const free = usePhone((phone) => phone.session === null)
  const inCall = usePhone((phone) => phone.session?.kind === 'incoming' && phone.session.phase === 'up')
  const hearsNothing = usePhone((phone) => phone.audio.silentMs >= deafAfterMs)
  const told = status === 'live' && agent !== undefined
  const { state, phones } = agent ?? {}
  // Feed and phone take the same way: when nothing comes on one, the other may lead nowhere too.
  useOnceTrue(status === 'silent', 0, verifyPhone)
  useOnceTrue(told && registered && phones?.web === false, reachedWithinMs, verifyPhone)
  useOnceTrue(told && state === 'offered' && phones?.active === 'web' && free, ringsWithinMs, verifyPhone)
  // Whoever is heard is there, whatever the line may believe for a moment.
  const withoutCall = hearsNothing && state !== 'offered' && state !== 'talking' && phones?.ownCalls === 0
  useOnceTrue(told && inCall && withoutCall, endsWithinMs, dropLostCall)
}

/** Acts once when that has been so for the time. */
function useOnceTrue(holds: boolean, forMs: number, act: () => void): void {
  const then = useEffectEvent(act)
  useEffect(() => {
    if (!holds) return undefined
    const timer = setTimeout(then, forMs)
    return () => clearTimeout(timer)
  }, [holds, forMs])
}
