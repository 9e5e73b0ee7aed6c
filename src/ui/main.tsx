/** The page's first module: fetches the rest, and asks again where that fails, since a script has no second try. */

/** A front that is being started anew, or a computer that changes its network, is back by then. */
const againAfterMs = 5_000

try {
  const { start } = await import('./start.tsx')
  await start()
} catch (error) {
  // The sentence of index.html at once: that something is wrong is known now.
  document.querySelector('#unloaded')?.setAttribute('data-failed', '')
  console.error(error)
  setTimeout(() => window.location.reload(), againAfterMs)
}
