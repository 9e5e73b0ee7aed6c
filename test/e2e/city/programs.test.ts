/** A token of a program in the browser: entered by an administrator, accepted by the person and shown to them once, used, ended. */
import t from 'tap'
import { openBrowser } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'

t.test('a program asks with a token that the person has accepted', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1 })
  const { newContext } = await openBrowser(t, null)
  const signedIn = async (name: string) => {
    const page = await (await newContext()).newPage()
    await page.goto(linia.url)
    const { username, password } = linia.account(name)
    await page.locator('input[name=username]').fill(username)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('header nav').waitFor()
    return page
  }
  const admin = await signedIn('admin01')
  await admin.locator('header nav a[href="/programs"]').click()
  const form = admin.locator('[data-new-program]')
  await form.locator('input[type=text], input:not([type])').first().fill('CRM')
  await form.locator('select').selectOption({ label: linia.account('supervisor01').name })
  await form.locator('input[type=checkbox][value="calls:read"]').check()
  await form.locator('input[name=perMinute]').fill('10')
  await checkScreen(t, admin, 'programs, new')
  await form.locator('button[type=submit]').click()
  await admin.locator('[data-program-token]').waitFor()
  t.equal(await admin.locator('[data-program-token] [data-rate]').textContent(), '10')
  await checkScreen(t, admin, 'programs, entered')

  const person = await signedIn('supervisor01')
  await person.goto(`${linia.url}/account`)
  const mine = person.locator('[data-section=programs]')
  await mine.locator('[data-waiting-program]').waitFor()
  await checkScreen(t, person, 'account, a program that asks')
  await mine.locator('[data-accept]').click()
  const token = (await mine.locator('[data-token]').textContent()) ?? ''
  t.match(token, /^lin_[\w-]{43}$/)
  await checkScreen(t, person, 'account, the token')
  await mine.locator('[data-made-token] button').click()
  const ask = async () =>
    (await fetch(`${linia.url}/api/calls`, { headers: { authorization: `Bearer ${token}` } })).status
  t.equal(await ask(), 200)
  const answers: number[] = []
  // A window may end among them.
  while (!answers.includes(429) && answers.length < 25) answers.push(await ask())
  t.same([...new Set(answers)], [200, 429], 'its rate is 10 a minute')

  await admin.reload()
  const row = admin.locator('[data-program-token]')
  await row.locator('[data-rate] small').waitFor()
  await checkScreen(t, admin, 'programs, refused')
  await row.locator('[data-action=ask]').click()
  await row.locator('[data-sure] button').last().click()
  await row.locator('[data-action=ask]').waitFor({ state: 'detached' })
  t.equal(await ask(), 401, 'ended')
})
