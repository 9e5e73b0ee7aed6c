/** What axe-core objects to on a page, each with the piece of the page. */
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

/** In both colour schemes. */
export async function findingsInBoth(page: Page): Promise<readonly string[]> {
  const all: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
    all.push(...(await findings(page)).map((one) => `${colorScheme}: ${one}`))
  }
  return all
}
