/**
 * What holds for every screen: accessible in both colour schemes; nothing cut off and nothing to scroll sideways for, in
 * both languages.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { findings } from './axe.ts'
import { cutTexts } from './cut-texts.ts'
import { cutAtTheSide } from './cut-at-the-side.ts'

/** Viewport of an office browser (docs/guides/agents.md). */
export const office = { width: 1366, height: 640 }
/** The office's, a large monitor, an old one, and the office browser at 200 % zoom. */
const sizes = {
  '1366': office,
  '1920': { width: 1920, height: 1080 },
  '1024': { width: 1024, height: 640 },
  zoomed: { width: 683, height: 320 },
}
/** English texts are shorter, and what fits here fits a wider window. */
const narrow = { '1024': sizes['1024'], zoomed: sizes.zoomed }
/** A folder that keeps a screenshot of each screen, in each scheme and size. */
const pictures = process.env['PICTURES'] ?? null

/** A panel beside a button finds its place in the frames after a change of size. */
const painted = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

/** Checks the page as it is, in Romanian; leaves it so, in the light scheme and in the office's viewport. */
export async function checkScreen(t: Test, page: Page, name: string): Promise<void> {
  const keep = async (kind: string): Promise<void> => {
    if (pictures === null) return
    await page.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, '-')}-${kind}.png`) })
  }
  const fits = async (language: string, inSizes: Partial<typeof sizes>): Promise<void> => {
    for (const [size, viewport] of Object.entries(inSizes)) {
      await page.setViewportSize(viewport)
      await page.evaluate(painted)
      t.strictSame(await cutAtTheSide(page), [], `${name} does not scroll sideways, ${language}, ${size}`)
      t.strictSame(await cutTexts(page), [], `${name} cuts no text off, ${language}, ${size}`)
      await keep(`${language}-${size}`)
    }
    await page.setViewportSize(office)
  }
  for (const [colorScheme, rules] of [
    ['dark', 'colours'],
    ['light', 'all'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
    t.strictSame(await findings(page, rules), [], `${name}, ${colorScheme}`)
    await keep(colorScheme)
  }
  await fits('ro', sizes)
  await speak(page, 'en')
  await fits('en', narrow)
  await speak(page, 'ro')
}

/** As if the language were chosen in another tab. */
async function speak(page: Page, language: 'ro' | 'en'): Promise<void> {
  await page.evaluate((newValue) => {
    dispatchEvent(new StorageEvent('storage', { key: 'linia.language', newValue }))
  }, language)
  await page.locator(`html[lang=${language}]`).waitFor()
}
