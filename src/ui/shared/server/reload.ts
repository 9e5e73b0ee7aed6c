const answerWithinMs = 10_000

/**
 * Fetches this page anew, not before the front answers: what a browser shows when nothing does has no way back.
 * Asks every `pauseMs`, for as long as the page is open or until `over`.
 */
export async function reloadOnceAnswered(pauseMs: number, over?: AbortSignal): Promise<void> {
  for (;;) {
    await pause(pauseMs)
    const answered = over?.aborted !== true && (await isAnswered())
    // Also while it was asked, somebody may have gone to another page.
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
