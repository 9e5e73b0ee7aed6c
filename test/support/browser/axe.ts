/** Checks a page's accessibility with axe-core. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

/** The global that axe-core defines on `window`. */
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

/** All rules, or those that a colour scheme decides: all of them take more than twice as long. */
type Rules = 'all' | 'colours'

/** The violations that axe-core reports, each with its HTML. */
export async function findings(page: Page, rules: Rules = 'all'): Promise<readonly string[]> {
  // Through the debugging protocol, to which the page's content security policy does not apply.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  const only = rules === 'all' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] }
  return page.evaluate(async (only) => {
    const { axe } = window as Window & Partial<Axe>
    if (axe === undefined) throw new Error('axe-core did not load')
    const { violations } = await axe.run({ resultTypes: ['violations'], ...only })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    )
  }, only)
}
