/** Remembers, across reloads, which of an agent's tabs carries the phone. */

const kept = 'linia.claimed'

export const isClaimed = (): boolean => sessionStorage.getItem(kept) === 'yes'

export function keepClaim(claimed: boolean): void {
  if (claimed) sessionStorage.setItem(kept, 'yes')
  else sessionStorage.removeItem(kept)
}

/** Browsers copy the session storage into a tab opened from another one: only a reload is the same tab. */
export function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation')
  return entry instanceof PerformanceNavigationTiming && entry.type === 'reload'
}
