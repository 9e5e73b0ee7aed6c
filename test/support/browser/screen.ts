/** What holds for every screen: accessible in both colour schemes, nothing cut off, nothing to scroll sideways for. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { findings } from './axe.ts'
import { cutTexts } from './cut-texts.ts'
import { horizontalOverflow } from './horizontal-overflow.ts'

/** Viewport of an office browser (docs/guides/agents.md). */
export const office = { width: 1366, height: 640 }
/** A large monitor, an old one, and the office browser at 200 % zoom. */
const others = {
  '1920': { width: 1920, height: 1080 },
  '1024': { width: 1024, height: 640 },
  zoomed: { width: 683, height: 320 },
}
/** A folder that keeps a screenshot of each screen, in each scheme and size. */
const pictures = process.env['PICTURES'] ?? null

/** Checks the page as it is; leaves it in the light scheme and in the office's viewport. */
export async function checkScreen(t: Test, page: Page, name: string): Promise<void> {
  const keep = async (kind: string): Promise<void> => {
    if (pictures === null) return
    await page.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, '-')}-${kind}.png`) })
  }
  const fits = async (size: string): Promise<void> => {
    t.equal(await horizontalOverflow(page), 0, `${name} does not scroll sideways, ${size}`)
    t.strictSame(await cutTexts(page), [], `${name} cuts no text off, ${size}`)
  }
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
    t.strictSame(await findings(page), [], `${name}, ${colorScheme}`)
    await keep(colorScheme)
  }
  await fits('office')
  for (const [size, viewport] of Object.entries(others)) {
    await page.setViewportSize(viewport)
    await fits(size)
    await keep(size)
  }
  await page.setViewportSize(office)
}
