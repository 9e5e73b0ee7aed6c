/** Days off by keyboard: an administrator closes today, which acts at once, and takes it back; a supervisor reads it. */
import t from 'tap'
import type { LineNow } from '../../../src/http/queues/wire.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { openTab, press, tabTo, type } from './configuration-steps.ts'

t.test('an administrator declares days, by keyboard', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1, overrides: { LINE_HOURS: 'Mon-Sun 00:00-24:00' } })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const reader = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const isOpen = (): Promise<boolean> =>
    reader.evaluate(async () => {
      const answer = await fetch('/api/line')
      return ((await answer.json()) as LineNow).numbers.every((one) => one.isOpen)
    })
  await page.goto(`${linia.url}/configuration?tab=history`)
  await page.locator('[data-tab=history][aria-selected=true]').waitFor()
  await openTab(page, 'history', 'ArrowRight', 'prompts')
  await openTab(page, 'prompts', 'ArrowRight', 'days')
  await page.locator('[data-date]').first().waitFor()
  await checkScreen(t, page, 'days off')

  const panel = (date: string, closed: boolean) =>
    page.locator(`[data-day-panel="${date}"][data-closed=${closed}]`)
  const newDay = async (date: string): Promise<void> => {
    await press(page, '[data-action=new-day]')
    await page.locator('[data-day=declared]:focus').waitFor()
    await page.keyboard.type(date.split('-').reverse().join('.'))
    await page.locator(`[data-day-panel="${date}"]`).waitFor()
  }
  const today = dateAt(Date.now())
  await newDay(today)
  if (await panel(today, true).isVisible()) {
    // A public holiday.
    await press(page, '[data-action=declare]')
    await panel(today, false).waitFor()
  }
  await until(isOpen)
  await page.locator('[data-rule="follows holidays"]').waitFor()
  await type(page, '[data-declare=true] [data-field=reason]', 'avarie la centrală')
  await checkScreen(t, page, 'days off, a day before it is closed')
  await page.keyboard.press('Enter')
  await panel(today, true).waitFor()
  await page.locator('#day:focus').waitFor()
  await page.locator(`tr[data-date="${today}"][data-state=closed]`).waitFor()
  await until(async () => !(await isOpen()))
  await checkScreen(t, page, 'days off, a closed day')

  await reader.goto(`${linia.url}/configuration?tab=days`)
  await reader.locator(`tr[data-date="${today}"]`).waitFor()
  await tabTo(reader, `tr[data-date="${today}"] button`)
  await reader.keyboard.press('Enter')
  await reader.locator(`[data-day-panel="${today}"][data-closed=true]`).waitFor()
  t.equal(await reader.locator('[data-declare], [data-action=new-day]').count(), 0, 'a supervisor reads')
  await checkScreen(t, reader, 'days off, read by a supervisor')

  await press(page, '[data-action=declare]')
  await panel(today, false).waitFor()
  await until(isOpen)
  await page.locator('[data-version]').nth(1).waitFor()

  // Somebody else declares the day while this page shows it as it was. In February there is no public holiday.
  const later = `${Number(today.slice(0, 4)) + 1}-02-10`
  await newDay(later)
  await type(page, '[data-declare=true] [data-field=reason]', 'punte')
  await page.evaluate(async (date) => {
    await fetch(`/api/declared-days/${date}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ closed: true, reason: 'alt motiv', version: 0 }),
    })
  }, later)
  await press(page, '[data-action=declare]')
  await page.locator('[data-day-panel] [role=alert]:not(:empty), [data-version]').first().waitFor()
  await panel(later, true).waitFor()
  t.equal(await page.locator('[data-version]').count(), 1, 'the second declaration was refused')
})
