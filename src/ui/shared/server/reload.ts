const answerWithinMs = 10_000

/**
 * Reloads the page once the front server responds: the browser's own error page would have no way back. Checks
 * every `pauseMs`, until `over` is aborted.
 */
export async function reloadOnceAnswered(pauseMs: number, over?: AbortSignal): Promise<void> {
  for (;;) {
    await pause(pauseMs)
    const answered = over?.aborted !== true && (await isAnswered())
    // `over` may also have been aborted during the request.
    if (over?.aborted === true) return
    if (answered) return window.location.reload()
  }
}

async function isAnswered(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs)
    return (await fetch(window.location.href, { cache: 'no-store', signal })).ok
  } catch {
    return false
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
