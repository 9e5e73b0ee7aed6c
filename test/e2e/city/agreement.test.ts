/** Accounts and the agreement in the browser: a new account, the signature, a new text, the end of a contract. */
import t, { type Test } from 'tap'
import type { Locator, Page } from 'playwright-core'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk } from '../../support/browser/browser.ts'
import { findings } from '../../support/browser/axe.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'

const firm = 'Glas Contact SRL'
const newcomer = 'Ioana Șerban'

t.test(
  'a new agent signs the agreement, signs its new version, and is closed with the employer',
  { timeout: 1_500_000 },
  async (t) => {
    const linia = await startLinia(t, { agents: 1 })
    const { newContext } = await openBrowser(t, null)
    const context = await newContext()
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(String(error.error())))
    const check = (page: Page, name: string) => checkScreen(t, page, name)

    const admin = await context.newPage()
    await admin.goto(linia.url)
    const { username, password } = linia.account('admin01')
    await admin.locator('input[name=username]').fill(username)
    await admin.locator('input[name=password]').fill(password)
    await admin.keyboard.press('Enter')
    await admin.locator('[data-new-account]').waitFor()
    t.equal(await admin.locator('header nav a[href="/calls"]').count(), 0, 'an administrator sees no calls')
    // Leaves a page to go back to.
    await admin.locator('header nav a[href="/employers"]').click()
    await admin.locator('[data-employer]').first().waitFor()
    await admin.locator('header nav a[href="/accounts"]').click()
    await admin.locator('input[name=username]').fill('ioana.serban')
    await admin.locator('input[name=name]').fill(newcomer)
    await admin.locator('input[name=employer]').fill(firm)
    await keepsTheForm(t, admin)
    await admin.locator('input[name=employer]').press('Enter')
    const code = (await admin.locator('[data-code]').textContent()) ?? ''
    t.match(code, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/)
    await check(admin, 'accounts, added')
    await holdsTheCode(t, admin, code)
    await admin.locator('tr[data-account="ioana.serban"] td').first().locator('button').click()
    await admin.locator('aside input[name=name]').waitFor()
    t.equal(await admin.locator('tr[data-account="ioana.serban"] strong').count(), 1, 'not signed yet')
    await check(admin, 'accounts, one')
    await admin.locator('tr[data-account="admin01"] td').first().locator('button').click()
    t.ok(
      await admin.locator('aside input[type=checkbox]').first().isDisabled(),
      'an administrator cannot change their own roles',
    )

    const own = await newContext()
    own.on('weberror', (error) => errors.push(String(error.error())))
    const newPassword = 'lampă verde pe dulap'
    const activating = await own.newPage()
    await activating.goto(`${linia.url}/activate#${code}`)
    await activating.locator('input[name=code]:focus').waitFor()
    await activating.keyboard.press('Enter')
    await activating.locator('[data-activating]').waitFor()
    await check(activating, 'activation')
    await activating.locator('input[name=password]').fill(newPassword)
    await activating.locator('input[name=again]').fill(newPassword)
    await activating.keyboard.press('Enter')
    await activating.locator('[data-done]').waitFor()
    await activating.close()
    const desk = await openDesk(own, linia.url, { username: 'ioana.serban', password: newPassword })
    const api = new Api(linia.url)
    await api.signIn({ username: 'ioana.serban', password: newPassword })
    const cityData = () =>
      api.ask('GET', '/api/calls/none/recording').then(
        () => 'shown',
        (error: { code?: string }) => error.code,
      )
    t.equal(await cityData(), 'agreement-unsigned')
    await sign(desk)
    await check(desk, 'agreement, unsigned')
    t.match(await desk.locator('article').textContent(), `${newcomer}, din partea angajatorului ${firm}`)
    await desk.locator('input[name=name]').fill('Ioana')
    await desk.keyboard.press('Enter')
    const field = desk.locator('input[name=name]')
    await desk.locator('input[name=name][aria-invalid=true]').waitFor()
    t.ok(await field.evaluate((at) => at === document.activeElement), 'the wrong field has the focus')
    await field.fill('serban ioana')
    await desk.reload()
    await field.waitFor()
    t.equal(await field.inputValue(), 'serban ioana', 'the typed name survives a reload')
    await field.focus()
    t.equal(await desk.locator('[aria-invalid=true]').count(), 0, 'mended')
    await desk.keyboard.press('Enter')
    await desk.locator('[data-agreement=signed]').waitFor()
    t.equal(await cityData(), 'no-such-call')

    await admin.locator('header nav a[href="/agreement/text"]').click()
    const text = admin.locator('textarea')
    await text.waitFor()
    const published = await text.inputValue()
    t.equal(await admin.locator('[data-action=undo-agreement]').count(), 0, 'nothing to undo')
    const next = `${published}\n\n8. Clauză nouă.`
    await text.fill(next.replaceAll('{nume}', 'numele'))
    await admin.locator('[data-action=preview-agreement]').click()
    const atField = admin.locator('textarea[aria-invalid=true]')
    await atField.waitFor()
    const sentence = admin.locator(`[id="${await describedBy(atField)}"]`)
    t.match(await sentence.textContent(), /^Textul nu numește persoana care semnează: scrie \{nume\}/)
    await check(admin, 'agreement text, without name')
    await t.test('an unsent text is given up, and its refusal with it', (t) => givesUp(t, admin, published))
    await text.fill(next)
    await admin.locator('header nav a[href="/employers"]').click()
    await admin.locator('[data-employer]').first().waitFor()
    await admin.locator('header nav a[href="/agreement/text"]').click()
    await text.waitFor()
    t.equal(await text.inputValue(), next, 'the text is kept while another page is open')
    await admin.locator('[data-action=preview-agreement]').click()
    const preview = admin.locator('[data-agreement-preview]')
    await preview.waitFor()
    t.match(
      await preview.locator('article').textContent(),
      /Maria Exemplu, din partea angajatorului Firma Exemplu/,
    )
    const again = await preview.locator('[data-sign-again]').getAttribute('data-sign-again')
    t.ok(Number(again) >= 1, `${again} sign again`)
    await check(admin, 'agreement text, preview')
    await admin.locator('[data-action=publish-agreement]').click()
    await admin.locator('aside li').nth(1).waitFor()
    t.equal(await admin.locator('[data-brought-back]').count(), 0, 'what was published is not brought back')
    t.equal(await cityData(), 'agreement-unsigned', 'a new text requires a signature at once')
    await desk.reload()
    await desk.locator('[data-agreement=unsigned]').waitFor()
    t.match(await desk.locator('article').textContent(), '8. Clauză nouă.')
    await desk.locator('input[name=name]').fill(newcomer)
    await desk.keyboard.press('Enter')
    await desk.locator('[data-agreement=signed]').waitFor()

    await admin.locator('header nav a[href="/employers"]').click()
    await admin.locator(`[data-employer="${firm}"] button`).click()
    await check(admin, 'employers, sure?')
    const before = performance.now()
    await admin.locator(`[data-employer="${firm}"] [data-sure] button`).last().click()
    await admin.locator(`[data-employer="${firm}"][data-ended=true]`).waitFor()
    await desk.waitForURL(/\/sign-in/)
    t.comment(`the page of a closed account left ${Math.round(performance.now() - before)} ms later`)
    await until(async () => (await cityData()) === 'no-session')
    t.strictSame(errors, [])
  },
)

/** A form that is not sent is there after another page and a reload, and a sign-out asks. */
async function keepsTheForm(t: Test, admin: Page): Promise<void> {
  const name = admin.locator('[data-new-account] input[name=name]')
  await admin.locator('header nav a[href="/employers"]').click()
  await admin.locator('[data-employer]').first().waitFor()
  await admin.locator('header nav a[href="/accounts"]').click()
  t.equal(await name.inputValue(), newcomer, 'another page')
  await admin.reload()
  t.equal(await name.inputValue(), newcomer, 'a reload')
  await admin.locator('header button').last().click()
  await admin.locator('[role=menuitem]', { hasText: 'Ieși din cont' }).click()
  await admin.locator('[data-action=back-to-form]').click()
  await admin.locator('[data-action=back-to-form]').waitFor({ state: 'detached' })
  t.equal(await name.inputValue(), newcomer, 'the sign-out asks')
}

/**
 * By its button while it is typed, and after a reload: the published text is there again, without the refusal. Without a
 * change the preview says why there is none.
 */
async function givesUp(t: Test, admin: Page, published: string): Promise<void> {
  const text = admin.locator('textarea')
  const wrong = admin.locator('textarea[aria-invalid=true]')
  const preview = admin.locator('[data-action=preview-agreement]')
  const undo = admin.locator('[data-action=undo-agreement]')
  const bringBack = admin.locator('[data-discarded] [data-action=bring-text-back]')
  const typed = await text.inputValue()
  await undo.click()
  await bringBack.waitFor()
  t.equal(await text.inputValue(), published)
  t.equal(await undo.count(), 0)
  t.equal(await wrong.count(), 0, 'what is published is not wrong')
  await admin.waitForFunction(() => document.activeElement !== document.body)
  await text.focus()
  await admin.keyboard.press('Tab')
  await admin.locator('[role=tooltip]', { hasText: 'schimbă ceva întâi' }).waitFor()
  await bringBack.click()
  t.equal(await text.inputValue(), typed, 'one click loses nothing')
  await admin.reload()
  const broughtBack = admin.locator('[data-brought-back]')
  await broughtBack.waitFor()
  t.equal(await text.inputValue(), typed, 'it comes back after a reload')
  await preview.click()
  await wrong.waitFor()
  await broughtBack.locator('[data-action=discard-kept]').click()
  await broughtBack.waitFor({ state: 'detached' })
  t.equal(await text.inputValue(), published)
  t.equal(await wrong.count(), 0)
  await admin.reload()
  await text.waitFor()
  t.equal(await bringBack.count(), 0)
  t.equal(await text.inputValue(), published, 'what was given up does not come back')
}

/** No click takes a code off the screen, and a sign-out asks, until it is noted. */
async function holdsTheCode(t: Test, admin: Page, code: string): Promise<void> {
  const shown = admin.locator('[data-code]')
  const first = admin.locator('[data-issued] [role=alert]:not(:empty)')
  await admin.locator('tr[data-account="admin01"] td button').click()
  await first.waitFor()
  await admin.locator('header nav a[href="/employers"]').click()
  await admin.locator('header nav a[href="/accounts"]').click()
  t.equal(await shown.textContent(), code, 'a row and links leave it')
  await admin.goBack()
  await admin.locator('[data-employer]').first().waitFor()
  await admin.goForward()
  t.equal(await shown.textContent(), code, 'it is there again after going back and forward')
  await admin.locator('header button').last().click()
  await admin.locator('[role=menuitem]', { hasText: 'Ieși din cont' }).click()
  await admin.locator('[data-action=back-to-code]').click()
  await admin.locator('[data-action=back-to-code]').waitFor({ state: 'detached' })
  t.equal(await shown.textContent(), code, 'the sign-out asks')
  await admin.locator('[data-action=code-noted]').click()
  await admin.locator('[data-new-account]').waitFor()
}

const describedBy = async (field: Locator): Promise<string> =>
  ((await field.getAttribute('aria-describedby')) ?? '').split(' ').find((id) => id.includes('error')) ?? ''

/** The signature is requested by the first tab of city data, and has a page in the account menu. */
async function sign(desk: Page): Promise<void> {
  await desk.locator('#tab-papers').click()
  await desk.locator('[data-pane=papers] [data-agreement=unsigned]').waitFor()
  const found = await findingsInBoth(desk)
  // The surrounding text is checked with the other screens.
  const ofWork = found.filter((one) => !one.includes('aria-label="Cuvintele"'))
  t.strictSame(ofWork, [], 'the request stays within its zone of the desk')
  await desk.locator('#tab-caller').click()
  await desk.locator('header button').last().click()
  await desk.locator('[role=menuitem]', { hasText: 'Acordul de confidențialitate' }).click()
  await desk.locator('[data-agreement=unsigned]').waitFor()
}

async function findingsInBoth(page: Page): Promise<readonly string[]> {
  const all: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
    all.push(...(await findings(page)).map((one) => `${colorScheme}: ${one}`))
  }
  return all
}
