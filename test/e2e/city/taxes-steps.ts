/** The account view at the desk once the identity check is passed: section by section, with texts to read out. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { cast } from '../../../tools/demo/fiscal/cast.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { readOutBox } from '../read-out-box.ts'

/** A co-owner: sections, own share, texts to read out. */
export async function ownersView(t: Test, page: Page): Promise<void> {
  const check = (name: string) => checkScreen(t, page, `taxes, ${name}`)
  await page.locator('[data-object=all]').waitFor()
  t.match(await page.locator('#pane-taxes').textContent(), /Popescu Ion-Andrei.*1\*{6}1233.*24\.11\.2026/s)
  t.notMatch(await page.content(), new RegExp(cast.owner.identifier))
  await check('objects')
  for (const [section, expected, isChecked] of [
    ['shares', /Popescu Maria-Elena.*1\/2/s, true],
    ['reductions', /Nu are reduceri/, false],
    ['paid', /TM202\d-\d+/, true],
    // Checked with its longer texts.
    ['due', /De plată azi.*Majorări de întârziere.*Penalități.*Total/s, false],
  ] as const) {
    await page.locator(`#tax-tab-${section}`).click()
    await page.locator('#tax-section', { hasText: expected }).waitFor()
    if (isChecked) await check(section)
  }
  const said = page.locator('[data-read-out] [data-said]')
  t.match(
    await said.textContent(),
    /^Situația la 24 noiembrie 2026\..*În total, [\d.]+(,\d\d lei| de lei)\./s,
  )
  t.match(await readOutBox(page), { cut: [], sizes: [18], saves: true }, 'amounts are read out whole')
  await page.keyboard.press('F10')
  t.match(await said.textContent(), /^Situația la douăzeci și patru noiembrie.* de lei/s, 'F10: in words')
  t.match(await readOutBox(page), { cut: [], saves: true }, 'in words too')
  await check('due-in-words')
  await page.locator('[data-action=in-words]').click()
  t.match(await said.textContent(), /^Situația la 24 noiembrie/, 'the button does what its key does')
  await page.locator('[data-object]').nth(1).click()
  await page.locator('#tax-section', { hasText: 'Pe ani și rate' }).waitFor()
  await check('due-of-one')
}

/** A company with 400 objects: thousands have points, arrow keys move, and the search finds a plate. */
export async function fleetView(t: Test, page: Page): Promise<void> {
  await page.locator('[data-object]').nth(400).waitFor()
  t.equal(await page.locator('[data-object]').count(), 401)
  await page.locator('#tax-tab-due').click()
  await page.locator('#tax-section table').first().waitFor()
  t.match(
    await page.locator('[data-read-out] [data-said]').textContent(),
    /: \d{1,3}(\.\d{3})+(,\d\d| de) lei/,
    'thousands have points',
  )
  await checkScreen(t, page, 'taxes, fleet')
  await page.locator('[data-object=all]').focus()
  for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowDown')
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-pressed'))
  t.equal(focused, 'true', 'the focused tab is the selected one')
  const plate = await page
    .locator('[data-object] span', { hasText: /^TM \d\d [A-Z]{3}$/ })
    .last()
    .textContent()
  await page.keyboard.press('F2')
  await page.keyboard.type((plate ?? '').replaceAll(' ', '').toLowerCase())
  await page.locator('[data-object]').nth(1).waitFor()
  t.equal(await page.locator('[data-object]').count(), 2)
}
