/** What a page shows beyond its sides: nothing, not even at 200 % zoom. */
import type { Page } from 'playwright-core'

const settleMs = 2_000

/**
 * The elements that reach beyond the window or scroll sideways, each as text, once the layout has settled: a floating menu
 * follows the window some frames later. A fixed header does not make a page scroll: its contents are cut off.
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
