/** Accounts from a file, by keyboard: the faults first, then the accounts, and their codes until they are kept. */
import { readFile } from 'node:fs/promises'
import type { FileChooser } from 'playwright-core'
import t from 'tap'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from './configuration-steps.ts'

t.test('an administrator imports people from a file, by keyboard', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1 })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  await page.goto(`${linia.url}/accounts`)
  await page.locator('[data-new-account]').waitFor()
  await press(page, '[data-action=import-people]')
  await page.locator('h1:focus').waitFor()
  await checkScreen(t, page, 'import, no file')

  // A listener that is added with the key press may come after it.
  const choosers: FileChooser[] = []
  page.on('filechooser', (chooser) => choosers.push(chooser))
  async function choose(csv: string): Promise<void> {
    await tabTo(page, '[data-action=choose-file]')
    await page.keyboard.press('Enter')
    await until(() => choosers.length > 0)
    await choosers.shift()?.setFiles({ name: 'oameni.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  }
  const head = 'username,name,roles,employer,skills\n'
  await choose(`${head}ioana.pop,Ioana Pop,,,\nIon,,operator,,acte:9\nion.sef,Ion Șef,supervisor,,\n`)
  await page.locator('[data-wrong="2"]').waitFor()
  t.equal(await page.locator('tr[data-state=wrong]').count(), 2)
  await page.locator('[data-action=choose-file]:focus').waitFor()
  await checkScreen(t, page, 'import, wrong rows')
  await choose('nume,prenume\na,b\n')
  await page.locator('[role=alert]:not(:empty)').waitFor()
  await choose(`${head}ioana.pop,Ioana Pop,,,\nagent01,Ana Popescu,agent,,\nion.rus,Ion Rus,agent,,taxe:3\n`)
  await page.locator('[data-opens="2"]').waitFor()
  await checkScreen(t, page, 'import, ready')
  await press(page, '[data-action=import]')
  await page.locator('[data-imported="2"]').waitFor()
  await page.locator('h1:focus').waitFor()
  await checkScreen(t, page, 'import, the codes')
  const code = await page.locator('[data-code-of="ion.rus"] code').innerText()
  await tabTo(page, '[data-action=download-codes]')
  const downloading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const file = await (await downloading).path()
  t.match(await readFile(file, 'utf8'), code)
  // They are not lost by a click elsewhere.
  await page.locator('a[href="/employers"]').first().click()
  await page.locator('[role=alert]:not(:empty)').waitFor()
  await page.locator('[data-action=codes-kept]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('ion.rus', { exact: true }).waitFor()
})
