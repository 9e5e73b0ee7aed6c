/** The page's first module: loads the application, and reloads the page if that fails. */
import { reloadOnceAnswered } from './shared/server/reload.ts'
import { keepClaim, wasReloaded } from './shell/claimed.ts'

/** A restarting front server, or a computer changing its network, is usually back after this time. */
const againAfterMs = 5_000
/** The upper bound of the delay between reloads. */
const againAfterMaxMs = 60_000

try {
  const { start } = await import('./start.tsx')
  await start()
} catch (error) {
  console.error(error)
  // Shows the message of index.html at once instead of after its delay.
  document.querySelector('#unloaded')?.setAttribute('data-failed', '')
  const tries = triesBefore() + 1
  history.replaceState({ tries }, '')
  // After our reload, a tab opened from the desk's tab would pass for the desk's own.
  if (!wasReloaded()) keepClaim(false)
  await reloadOnceAnswered(Math.min(againAfterMs * 2 ** (tries - 1), againAfterMaxMs))
}

/** The number of earlier tries, kept in the tab's history across reloads. */
function triesBefore(): number {
  const state: unknown = history.state
  return typeof state === 'object' && state !== null && 'tries' in state ? Number(state.tries) : 0
}
