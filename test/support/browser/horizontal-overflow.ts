/** Horizontal overflow of a page: none is allowed, not even at 200 % zoom. */
import type { Page } from 'playwright-core'

const settleMs = 2_000

/** Pixels beyond the right edge once the layout has settled: a floating menu follows the window some frames later. */
export async function horizontalOverflow(page: Page): Promise<number> {
  const deadline = performance.now() + settleMs
  for (;;) {
    const pixels = await overflowNow(page)
    if (pixels === 0 || performance.now() > deadline) return pixels
  }
}

/** Pixels of the page, or of its main part, beyond the right edge. */
function overflowNow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll('#work, main')]
    return Math.max(...parts.map((part) => part.scrollWidth - part.clientWidth))
  })
}
