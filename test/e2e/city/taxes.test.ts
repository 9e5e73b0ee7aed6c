/**
 * The account view at the desk after the identity check: section by section, with texts to read out, and gone with the
 * call. The check is made through the API here; `identity.test.ts` makes it at the desk.
 */
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import t from 'tap'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'
import { openFiscal } from '../../../src/fiscal/postgres.ts'
import { cast, type CastRole } from '../../../tools/demo/fiscal/cast.ts'
import { accountOf } from '../../contract/fiscal.ts'
import { saidBy } from '../../http/taxes/taxpayers.ts'
import { tone } from '../../support/sip/audio.ts'
import { openBrowser, openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { testFiscal } from '../../support/city/fiscal.ts'
import { consoleErrors } from '../../support/browser/console.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { readOutBox } from '../read-out-box.ts'
import { openScene } from '../scene.ts'

t.test('the account view at the desk', { timeout: 1_500_000 }, async (t) => {
  const database = await testFiscal(t)
  const fiscal = openFiscal({ url: database.url, log: pino({ level: 'silent' }) })
  t.teardown(() => fiscal.close())
  const scene = await openScene(t, { overrides: { TAX_DATABASE_URL: database.url, WRAP_UP_MS: '600' } })
  const { newContext } = await openBrowser(t, null)
  const context = await newContext()
  const page = await openDesk(context, scene.linia.url, scene.linia.account('agent01'))
  const errors = consoleErrors(context)
  await page.setViewportSize({ width: 1366, height: 640 })
  await page.keyboard.press('F4')
  await waitForState(page, 'ready')

  /** Places a call that is answered and has passed the identity check as this taxpayer. */
  async function identifiedCall(callerId: string, role: CastRole) {
    const citizen = await scene.town.call({ callerId, speech: tone(800) })
    await pickUp(page)
    await prove(page, role, await accountOf({ fiscal }, role))
    // The check was made through the API: a reloaded page finds it.
    await page.reload()
    await waitForState(page, 'talking')
    await page.locator('#tab-taxes').click()
    await page.locator('[data-object=all]').waitFor()
    return citizen
  }

  const check = (name: string) => checkScreen(t, page, `taxes, ${name}`)

  await t.test(
    'a co-owner: sections, own share, texts to read out, and no trace after the call',
    async (t) => {
      const citizen = await identifiedCall('0722000961', 'owner')
      t.match(
        await page.locator('#pane-taxes').textContent(),
        /Popescu Ion-Andrei.*1\*{6}1233.*24\.11\.2026/s,
      )
      t.notMatch(await page.content(), new RegExp(cast.owner.identifier))
      await check('objects')
      for (const [section, expected] of [
        ['shares', /Popescu Maria-Elena.*1\/2/s],
        ['reductions', /Nu are reduceri/],
        ['paid', /TM202\d-\d+/],
        ['due', /De plată azi.*Majorări de întârziere.*Penalități.*Total/s],
      ] as const) {
        await page.locator(`#tax-tab-${section}`).click()
        await page.locator('#tax-section', { hasText: expected }).waitFor()
        await check(section)
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

      await page.keyboard.press('Shift+F8')
      t.equal((await citizen.ended).ending, 'line hung up')
      await page.locator('[data-object=all]').waitFor({ state: 'detached' })
      t.notMatch(
        await page.content(),
        /Ion-Andrei|Gheorghe Lazăr|Situația la/,
        'no fiscal data is left on the page',
      )
      await waitForState(page, 'ready')
    },
  )

  await t.test('a fleet of 400: arrow keys move, the search finds a plate', async (t) => {
    const citizen = await identifiedCall('0722000962', 'fleet')
    t.equal(await page.locator('[data-object]').count(), 401)
    const opened = await painted(page, () => page.locator('#tax-tab-due').click(), '#tax-section table')
    t.comment(`400 objects: "De plată" painted after ${opened} ms`)
    t.match(
      await page.locator('[data-read-out] [data-said]').textContent(),
      /: \d{1,3}(\.\d{3})+(,\d\d| de) lei/,
      'thousands have points',
    )
    await check('fleet')
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
    citizen.hangUp()
    await page.locator('[data-object=all]').waitFor({ state: 'detached' })
    await waitForState(page, 'ready')
  })

  await t.test(
    'a taxpayer without taxed objects cannot be checked, and the desk shows what to do',
    async (t) => {
      const citizen = await scene.town.call({ callerId: '0722000963', speech: tone(800) })
      await pickUp(page)
      const refused = await ask(page, 'nothing')
      t.match(refused, { state: 'refused', why: 'too few facts' })
      citizen.hangUp()
      await waitForState(page, 'ready')
    },
  )
  t.strictSame(errors, [], 'no error in the console')
})

function post(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  return page.evaluate(
    async ([path, body]) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`/api${path}`, { method: 'POST', headers, body })
      return (await answer.json()) as Record<string, unknown>
    },
    [path, JSON.stringify(body)] as const,
  )
}

/** The identity questions for a match. */
async function ask(page: Page, role: CastRole): Promise<Record<string, unknown>> {
  const { name, address, identifier } = cast[role]
  const found = await post(page, '/identity/searches', { name, address, identifier })
  return post(page, '/identity/checks', { handle: found['handle'] })
}

async function prove(page: Page, role: CastRole, account: TaxAccount): Promise<void> {
  const { check, questions } = (await ask(page, role)) as {
    check: number
    questions: readonly { id: string }[]
  }
  const answers = questions.map(({ id }) => ({ question: id, said: saidBy(account, id) }))
  const verdict = await post(page, `/identity/checks/${check}/answers`, { answers })
  if (verdict['verdict'] !== 'passed') throw new Error(JSON.stringify(verdict))
}

/** Milliseconds from the click until the element is there and a frame has been painted. */
async function painted(page: Page, act: () => Promise<void>, selector: string): Promise<number> {
  const began = performance.now()
  await act()
  await page.locator(selector).first().waitFor()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  return Math.round(performance.now() - began)
}
