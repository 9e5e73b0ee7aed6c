/** Texts that a box cuts off: none is allowed, because nobody can read what is not shown. */
import type { Page } from 'playwright-core'

/**
 * The visible texts that reach beyond a box which hides what overflows, each with the box's class and the pixels that
 * are missing. A box that scrolls hides nothing, nor does a text for screen readers alone; the line of a closed
 * `details` opens to the whole text.
 */
export function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const tolerance = 2
    const hides = new Set(['hidden', 'clip'])
    const scrolls = new Set(['auto', 'scroll'])
    const cut: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (parent === null || text === '') continue
      if (
        parent.closest(
          '.spoken-only, .skip-link, style, script, noscript, [hidden], details:not([open]) > summary',
        ) !== null
      )
        continue
      if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const shown = range.getBoundingClientRect()
      if (shown.width === 0) continue
      const beyond = { x: 0, y: 0 }
      for (let box: Element | null = parent; box !== null && box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, position, display } = getComputedStyle(box)
        if (display !== 'inline') {
          const edges = box.getBoundingClientRect()
          if (hides.has(overflowX))
            beyond.x = Math.max(beyond.x, shown.right - edges.right, edges.left - shown.left)
          if (hides.has(overflowY))
            beyond.y = Math.max(beyond.y, shown.bottom - edges.bottom, edges.top - shown.top)
          const missing = Math.round(Math.max(beyond.x, beyond.y))
          if (missing > tolerance) {
            cut.push(`"${text.slice(0, 60)}" by ${missing} px in ${box.tagName}.${box.className}`)
            break
          }
          // The text can be scrolled into sight, or leaves the flow of the boxes outside.
          if (scrolls.has(overflowX) || scrolls.has(overflowY) || position === 'fixed') break
        }
      }
    }
    return cut
  })
}
