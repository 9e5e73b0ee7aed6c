/** The page's first module: fetches the rest, and asks again where that fails, since a script has no second try. */

/** A front that is being started anew, or a computer that changes its network, is back by then. */
const againAfterMs = 3_000

try {
  const { start } = await import('./start.tsx')
  await start()
} catch (error) {
  // Says what is wrong in the browser's console; the page itself shows what stands in index.html.
  console.error(error)
  setTimeout(() => window.location.reload(), againAfterMs)
}
