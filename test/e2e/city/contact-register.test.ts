/** Contacts by keyboard: an administrator adds one, mends a refused number, closes it and opens it again; an agent finds it. */
import t from 'tap'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { press, tabTo, type } from './configuration-steps.ts'

t.test('an administrator keeps the contacts, by keyboard', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1 })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  await page.goto(`${linia.url}/configuration`)
  await page.locator('[data-tab=numbers][aria-selected=true]').waitFor()
  await tabTo(page, '[data-tab=numbers]')
  // The last tab.
  await page.keyboard.press('ArrowLeft')
  const form = (id: string) => page.locator(`[data-contact-form="${id}"]`)
  await form('').waitFor()
  await checkScreen(t, page, 'contacts')

  await type(page, '[data-contact-form] [data-field=name]', 'Stare civilă din cartier')
  await type(page, '[data-contact-form] [data-field=number]', '112')
  await press(page, '[data-action=save-contact]')
  const wrong = page.locator('[data-field=number][aria-invalid=true]')
  await wrong.waitFor()
  await page.locator('[data-field=number]:focus').waitFor()
  await checkScreen(t, page, 'contacts, a refused number')
  await type(page, '[data-contact-form] [data-field=number]', '0256 408 399')
  await press(page, '[data-action=save-contact]')
  const id = 'stare-civila-din-cartier'
  await form(id).waitFor()
  await page.locator('h2:focus').waitFor()
  await page.locator(`[data-contact="${id}"][data-closed=false]`).waitFor()
  await page.locator('[data-version]').first().waitFor()
  await checkScreen(t, page, 'contacts, one that was added')

  const desk = await openSignedIn(await newContext(), linia.url, linia.account('agent01'))
  const offered = async (): Promise<number> =>
    desk.evaluate(async (name) => {
      const answer = await fetch('/api/contacts')
      const { items } = (await answer.json()) as { items: { name: string }[] }
      return items.filter((one) => one.name === name).length
    }, 'Stare civilă din cartier')
  // The node reads the register upon PostgreSQL's notification.
  await until(async () => (await offered()) === 1)
  t.pass('agents have it at once')

  await press(page, '[data-action=ask]')
  await page.locator('[data-sure]').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator(`[data-contact="${id}"][data-closed=true]`).waitFor()
  await until(async () => (await offered()) === 0)
  await page.locator('[data-version]').nth(1).waitFor()
  await checkScreen(t, page, 'contacts, a closed one')
  await press(page, '[data-action=save-contact]')
  await page.locator(`[data-contact="${id}"][data-closed=false]`).waitFor()
  await until(async () => (await offered()) === 1)
  await page.locator('[data-version]').nth(2).waitFor()

  const supervisor = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  await supervisor.goto(`${linia.url}/configuration?tab=contacts`)
  await supervisor.locator('[data-tab=numbers][aria-selected=true]').waitFor()
  t.equal(await supervisor.locator('[data-tab=contacts]').count(), 0, 'administrators alone')
})
