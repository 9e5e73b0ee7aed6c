/** Accessibility of a page, as axe-core sees it. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

/** What a page of the axe-core package leaves on `window`. */
interface Axe {
  readonly axe: {
    run(options: object): Promise<{
      readonly violations: readonly {
        readonly id: string
        readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
      }[]
    }>
  }
}

const axeSource = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What axe-core objects to, each with the piece of the page. */
export async function findings(page: Page): Promise<readonly string[]> {
  // By the debugging protocol, which the pages' content security policy does not bind.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = window as Window & Partial<Axe>
    if (axe === undefined) throw new Error('axe-core did not load')
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    )
  })
}
