import { useEffect, useState } from 'react'
import { useLive } from '../live/use-live.ts'

const kept = 'linia.claimed'

/**
 * Whether this page carries the agent's phone. Only the desk claims it: a call's page opened in a second
 * tab must not take the conversation away from the first. Once claimed, the page keeps it on every screen,
 * and a reload of any of them claims it again.
 */
export function useClaim(path: string, carriesPhone: boolean): boolean {
  const [claimed, setClaimed] = useState(() => wasReloaded() && sessionStorage.getItem(kept) === 'yes')
  const superseded = useLive((state) => state.superseded)
  if (carriesPhone && path === '/desk' && !claimed) setClaimed(true)
  useEffect(() => {
    if (claimed && !superseded) sessionStorage.setItem(kept, 'yes')
    else sessionStorage.removeItem(kept)
  }, [claimed, superseded])
  return carriesPhone && claimed
}

/** Browsers copy a tab's storage into one that is opened from it: only a reload is the same tab. */
function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation')
  return entry instanceof PerformanceNavigationTiming && entry.type === 'reload'
}
