/** The page's first module: fetches the rest, and the whole page again where that fails. */
import { reloadOnceAnswered } from './shared/server/reload.ts'
import { keepClaim, wasReloaded } from './shell/claimed.ts'

/** A front that is being started anew, or a computer that changes its network, is back by then. */
const againAfterMs = 5_000
/** What does not pass by itself is not asked for that often. */
const againAfterMaxMs = 60_000

try {
  const { start } = await import('./start.tsx')
  await start()
} catch (error) {
  console.error(error)
  // The sentence of index.html at once: that something is wrong is known now.
  document.querySelector('#unloaded')?.setAttribute('data-failed', '')
  const tries = triesBefore() + 1
  history.replaceState({ tries }, '')
  // Reloaded by us, a tab that was opened from the desk's would pass for the desk's own.
  if (!wasReloaded()) keepClaim(false)
  await reloadOnceAnswered(Math.min(againAfterMs * 2 ** (tries - 1), againAfterMaxMs))
}

/** Kept by the tab's history across reloads. */
function triesBefore(): number {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'tries' in state ? Number(state.tries) : 0
}
