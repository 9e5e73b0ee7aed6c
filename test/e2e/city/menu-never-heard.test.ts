/** With the setting `ANSWER=agent` the page warns of a menu that no caller of a number hears. */
import t from 'tap'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { publish } from '../publish.ts'
import { openScene } from '../scene.ts'

t.test('a number is given a menu that nobody hears', { timeout: 1_500_000 }, async (t) => {
  const { linia } = await openScene(t, { agents: 1, overrides: { ANSWER: 'agent' } })
  const admin = new Api(linia.url)
  await admin.signIn(linia.account('admin01'))
  const says = { ro: 'Pentru un operator, apăsați tasta unu.' }
  const menu = { id: 'alegere', name: 'Alegere', says, keys: { '1': { queue: 'general' } }, repeats: 0 }
  await publish(admin, (document) => ({ ...document, menus: [menu] }))

  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  await page.goto(`${linia.url}/configuration`)
  await page.locator('[data-item="969"] button').click()
  const answer = page.locator('aside [data-field=answer]')
  t.match(await answer.locator('option:checked').textContent(), /instalării: abia când răspunde un operator$/)
  const warning = page.locator('aside [data-menus-never-heard]')
  t.equal(await warning.count(), 0)
  await page.locator('aside [data-field=menu]').selectOption('alegere')
  await warning.waitFor()
  t.match(await warning.textContent(), /Meniul „Alegere” nu se aude la 969/)
  await checkScreen(t, page, 'a number whose menu nobody hears')

  await page.locator('[data-tab=menus]').click()
  await page.locator('[data-item="Alegere"] button').click()
  await warning.waitFor()
  await checkScreen(t, page, 'a menu that nobody hears')
  await page.locator('aside [data-number="969"]').uncheck()
  await warning.waitFor({ state: 'detached' })
  await page.locator('aside [data-number="969"]').check()
  await warning.waitFor()

  await page.locator('[data-action=review]').click()
  await page.locator('[data-menus-never-heard="1"]').waitFor()
  await checkScreen(t, page, 'the review of a menu that nobody hears')
  await page.locator('[data-field=reason]').fill('meniu')
  await page.locator('[data-action=publish]').click()
  await page.locator('[data-draft="0"]').waitFor()

  await page.goto(`${linia.url}/configuration`)
  await page.locator('[data-item="969"] button').click()
  await answer.selectOption('queue')
  await warning.waitFor({ state: 'detached' })
})
