/** Whether a page scrolls sideways: nothing may, also at 200 % zoom. */
import type { Page } from 'playwright-core'

const settleMs = 2_000

/** Pixels beyond the right edge, once the page has settled: a floating menu follows the window some frames later. */
export async function horizontalOverflow(page: Page): Promise<number> {
  const deadline = performance.now() + settleMs
  for (;;) {
    const pixels = await overflowNow(page)
    if (pixels === 0 || performance.now() > deadline) return pixels
  }
}

/** How many pixels of the page, or of its main part, lie beyond the right edge. */
function overflowNow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll('#work, main')]
    return Math.max(...parts.map((part) => part.scrollWidth - part.clientWidth))
  })
}
