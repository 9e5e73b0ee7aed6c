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

/**
 * The elements that reach beyond the window, each as text, once the layout has settled. A fixed header does not make a
 * page scroll: its contents are cut off.
 */
export async function cutAtTheSide(page: Page): Promise<readonly string[]> {
  const deadline = performance.now() + settleMs
  for (;;) {
    const found = await cutNow(page)
    if (found.length === 0 || performance.now() > deadline) return found
  }
}

function cutNow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const isCut = (element: Element): boolean => {
      const { left, right, width: own, height } = element.getBoundingClientRect()
      const isShown = own > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true })
      return isShown && right > 0 && (right > width + 1 || left < -1)
    }
    const scrolls = [...document.querySelectorAll<HTMLElement>('body *')].filter(
      (element) =>
        element.scrollWidth > element.clientWidth + 1 &&
        ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) &&
        element.checkVisibility(),
    )
    return [...document.body.querySelectorAll('*')]
      .filter((element) => isCut(element) || scrolls.includes(element as HTMLElement))
      .map((element) => `${element.outerHTML.slice(0, 120)} … ${element.textContent.slice(0, 60)}`)
      .slice(0, 5)
  })
}
