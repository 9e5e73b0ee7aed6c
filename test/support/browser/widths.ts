/** No part of a page reaches beyond the window at the widths of office screens. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { cutAtTheSide } from './cut-at-the-side.ts'
import { office } from './screen.ts'

/** Also the narrow half of a large monitor. */
const widths = [office.width, 1024, 768]

/** Leaves the page in the office's viewport. */
export async function checkWidths(t: Test, page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: office.height })
    t.strictSame(await cutAtTheSide(page), [], `${name} fits ${width} px`)
  }
  await page.setViewportSize(office)
}
