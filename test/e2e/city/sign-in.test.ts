/**
 * Signing in with a browser: obligatory enrolment, an authenticator app, a passkey of Chromium's virtual authenticator,
 * all by keyboard, under the front's content security policy.
 */
import t from 'tap'
import type { Page } from 'playwright-core'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import { findings } from '../../support/browser/axe.ts'
import { fromBase32 } from '../../http/sign-in/base32.ts'
import { earlierCode } from '../../http/sign-in/totp-app.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { startLinia } from '../../support/stack.ts'

const pictures = process.env['PICTURES']

t.test('second factors and passkeys in the browser', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1, overrides: { SECOND_FACTOR: 'administrator,auditor' } })
  // Browsers know no passkeys at an address; this is WEB_ORIGIN's default.
  const url = linia.url.replace('127.0.0.1', 'localhost')
  const { newContext } = await openBrowser(t, null)
  const context = await newContext()
  const page = await context.newPage()
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security|CSP/.test(message.text()))
      refused.push(message.text())
  })
  const admin = linia.account('admin01')

  await t.test('an administrator without a second factor can only enrol one', async (t) => {
    await page.goto(url)
    await page.locator('input[name=username]').fill(admin.username)
    await page.locator('input[name=password]').fill(admin.password)
    await page.keyboard.press('Enter')
    await page.locator('[data-factors="0"]').waitFor()
    await take(page, 'enrol')
    await page.goto(`${url}/accounts`)
    await page.locator('[data-factors="0"]').waitFor()
    t.equal(await page.locator('header nav').count(), 0, 'no other page')
    t.same(await findings(page), [])
  })

  let secret = Buffer.alloc(0)
  await t.test('an authenticator app is added, its recovery codes are shown once', async (t) => {
    await page.locator('[data-action=add-totp]').click()
    const shown = (await page.locator('[data-secret]').innerText()).replaceAll(' ', '')
    secret = fromBase32(shown)
    t.ok(await page.locator('svg[role=img] path').count(), 'the QR code')
    await take(page, 'totp')
    t.same(await findings(page), [])
    await page.locator('input[name=code]').fill('000000')
    await page.keyboard.press('Enter')
    await page.locator('form [role=alert]:not(:empty)').waitFor()
    await page.locator('input[name=code]').fill(await earlierCode(secret))
    await page.keyboard.press('Enter')
    await page.locator('[data-recovery-codes] li').nth(9).waitFor()
    await take(page, 'recovery-codes')
    // The button has the focus.
    await page.keyboard.press('Enter')
    await page.locator('header nav').waitFor()
  })

  await t.test('a passkey is added on one’s own page', async (t) => {
    const session = await context.newCDPSession(page)
    await session.send('WebAuthn.enable')
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto(`${url}/factors`)
    await page.locator('[data-action=add-passkey]').click()
    await page.keyboard.press('Enter')
    await page.locator('[data-factor=passkey]').waitFor()
    await take(page, 'factors')
    t.same(await findings(page), [])
    await page.locator('[data-action=add-passkey]').click()
    await page.keyboard.press('Enter')
    await page.locator('form [role=alert]:not(:empty)').waitFor()
    t.equal(await page.locator('[data-factor=passkey]').count(), 1, 'one device is added once')
  })

  await t.test('the passkey signs in without name and password', async (t) => {
    await signOut(page)
    await page.locator('[data-method=passkey]').waitFor()
    await take(page, 'sign-in')
    t.same(await findings(page), [])
    await page.locator('[data-method=passkey]').press('Enter')
    await page.locator('header nav').waitFor()
    t.match(await page.locator('header').innerText(), admin.name)
  })

  await t.test('the password asks for the app’s code', async (t) => {
    await signOut(page)
    await page.locator('input[name=username]').fill(admin.username)
    await page.locator('input[name=password]').fill(admin.password)
    await page.keyboard.press('Enter')
    await page.locator('input[name=code]').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'code')
    await take(page, 'code')
    await page.keyboard.type('111111')
    await page.keyboard.press('Enter')
    await page.locator('form [role=alert]:not(:empty)').waitFor()
    await page.locator('input[name=code]').fill(totpAt(secret, Date.now()))
    await page.keyboard.press('Enter')
    await page.locator('header nav').waitFor()
    t.pass('signed in')
  })

  await t.test('other roles sign in as before; at an address no passkeys are offered', async (t) => {
    const agent = await openSignedIn(await newContext(), linia.url, linia.account('agent01'))
    t.equal(await agent.locator('header nav').count(), 1)
    const visitor = await (await newContext()).newPage()
    await visitor.goto(linia.url)
    await visitor.locator('input[name=username]').waitFor()
    await visitor.locator('[aria-labelledby=demo] button').first().waitFor()
    t.equal(await visitor.locator('[data-method=passkey]').count(), 0)
  })
  await t.test(
    'one’s own password is changed: two that differ and a wrong old one are refused',
    async (t) => {
      const { username, password: old } = linia.account('agent01')
      const own = await openSignedIn(await newContext(), linia.url, { username, password: old })
      await own.goto(`${linia.url}/account`)
      const form = own.locator('[data-section=password] form')
      const change = async (current: string, password: string, again: string): Promise<void> => {
        for (const [name, value] of Object.entries({ current, password, again }))
          await form.locator(`input[name=${name}]`).fill(value)
        await own.keyboard.press('Enter')
      }
      const [first, second] = ['trei capre pe dealul Feleacului', 'patru oi pe dealul Feleacului']
      await change(old, first, second)
      await form.locator('[role=alert]', { hasText: 'Cele două parole nu sunt la fel.' }).waitFor()
      await change(second, first, first)
      await form.locator('[role=alert]:not(:empty):not(:has-text("Cele două"))').waitFor()
      await change(old, first, first)
      await form.locator('output', { hasText: 'Parola s-a schimbat' }).waitFor()
      t.equal(await form.locator('[role=alert]').innerText(), '')
      t.equal(await form.locator('input[name=current]').inputValue(), '', 'nothing typed is left')
    },
  )
  await t.test('the page offers the identity provider, and says when it is down', async (t) => {
    const visitor = await (await newContext()).newPage()
    const provider = { name: 'Contul primăriei', answers: false, passwordsToo: false }
    await visitor.route('**/api/sign-in', (route) => route.fulfill({ json: { passkeysAt: url, provider } }))
    await visitor.goto(`${url}/sign-in?outcome=away`)
    await visitor.locator('[data-method=provider]').waitFor()
    t.match(await visitor.locator('main output').innerText(), /Contul primăriei nu răspunde/)
    t.match(await visitor.locator('form [role=alert]').innerText(), /nu răspunde/)
    t.equal(await visitor.locator('[data-method=provider]').getAttribute('href'), '/api/sign-in/provider')
    t.same(await findings(visitor), [])
    await take(visitor, 'provider')
  })
  t.same(refused, [], 'the content security policy refused nothing')
})

async function signOut(page: Page): Promise<void> {
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }))
  await page.goto(new URL('/sign-in', page.url()).href)
}

async function take(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  await page.setViewportSize({ width: 1366, height: 640 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // Colours fade to the other scheme.
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png` })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
