import { useEffect, useState } from 'react'
import { useLive } from '../live/use-live.ts'
import { isClaimed, keepClaim, wasReloaded } from './claimed.ts'

/**
 * Whether this page carries the agent's phone. Only the desk claims it: a call's page in a second tab must not
 * take the conversation away from the first. Once claimed, the page keeps it on every screen and claims it
 * again after a reload.
 */
export function useClaim(path: string, carriesPhone: boolean): boolean {
  const [claimed, setClaimed] = useState(() => wasReloaded() && isClaimed())
  const superseded = useLive((state) => state.superseded)
  if (carriesPhone && path === '/desk' && !claimed) setClaimed(true)
  useEffect(() => keepClaim(claimed && !superseded), [claimed, superseded])
  return carriesPhone && claimed
}
