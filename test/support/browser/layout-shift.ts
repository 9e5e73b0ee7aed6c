/** Cumulative layout shift: how much of a page moved by itself while it loaded. */
import type { BrowserContext, Page } from 'playwright-core'

interface Shifts {
  /** The score of web.dev/articles/cls without its session windows: the sum since the page was opened. */
  shifts: number
  /** What moved. */
  shifted: string[]
}

/** Before the pages are opened. */
export const watchLayout = (context: BrowserContext): Promise<unknown> => context.addInitScript(observe)

export function layoutShift(page: Page): Promise<Shifts> {
  return page.evaluate(() => {
    const { shifts, shifted } = window as unknown as Shifts
    return { shifts, shifted }
  })
}

/** Runs in the page. */
function observe(): void {
  const kept: Shifts = Object.assign(window as unknown as Shifts, { shifts: 0, shifted: [] })
  type Shift = PerformanceEntry & {
    readonly value: number
    readonly hadRecentInput: boolean
    readonly sources: readonly { readonly node: Node | null }[]
  }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue
      kept.shifts += value
      for (const { node } of sources)
        kept.shifted.push(node instanceof Element ? node.outerHTML.slice(0, 100) : String(node?.nodeName))
    }
  }).observe({ type: 'layout-shift', buffered: true })
}
