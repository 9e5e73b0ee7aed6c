/** When a page showed something first, measured in the page. */
import type { Page } from 'playwright-core'

export interface Shown {
  /** When the selector began to match, at the time or later; epoch milliseconds. The browser's clock is the machine's. */
  at(selector: string, from: number): Promise<number>
}

/** Notes from now on when each state of a call, and what each party of it hears, is shown. */
export async function attributesShown(page: Page): Promise<Shown> {
  const seen = await page.evaluateHandle(() => {
    const shown: { selector: string; at: number }[] = []
    let before = new Set<string>()
    const look = (): void => {
      const state = document.querySelector('[data-state]')?.getAttribute('data-state') ?? ''
      const now = new Set([`[data-state=${state}]`])
      for (const party of document.querySelectorAll('[data-party][data-hears]'))
        now.add(
          `[data-party=${party.getAttribute('data-party')}][data-hears=${party.getAttribute('data-hears')}]`,
        )
      for (const selector of now) if (!before.has(selector)) shown.push({ selector, at: Date.now() })
      before = now
    }
    look()
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
    return shown
  })
  return {
    async at(selector, from) {
      const found = (await seen.jsonValue()).find((one) => one.selector === selector && one.at >= from)
      return found?.at ?? Number.POSITIVE_INFINITY
    },
  }
}
