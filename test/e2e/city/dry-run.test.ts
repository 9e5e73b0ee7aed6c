/** An administrator tries the line by keyboard: a caller shortly before closing time, and calls of agents. */
import t from 'tap'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { press, tabTo, type } from './configuration-steps.ts'

const overrides = { LINE_HOURS: 'Mon-Fri 08:00-22:00', OUTBOUND_ALLOW: '+402,+407,+373' }

t.test('a caller on Friday at 21:58, and numbers that agents type', { timeout: 900_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1, overrides })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const reader = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [page, reader]) one.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${linia.url}/configuration`)
  await page.locator('[data-item]').first().waitFor()
  const open = async (tab: string): Promise<void> => {
    await page.locator(`[data-tab=${tab}]`).focus()
    await page.keyboard.press('Enter')
    await page.locator(`[data-tab=${tab}][aria-selected=true]`).waitFor()
  }

  await t.test('the story ends with until when the caller is served, and what they hear then', async (t) => {
    await type(page, 'aside [data-field=closingGraceMinutes]', '20')
    await open('try')
    await type(page, 'aside [data-day]', '04.12.2026')
    await type(page, 'aside [data-field=time]', '21:58')
    const last = page.locator('[data-story] li').last()
    const served =
      /^Dacă mai așteaptă la închidere, mai poate fi preluat până vineri, 4 decembrie 2026, ora 22:20; /
    await until(async () => served.test((await last.textContent()) ?? ''))
    t.match(await last.textContent(), /se încheie:Ne cerem scuze, toți operatorii sunt încă ocupați/)
    await checkScreen(t, page, 'configuration, a dry run before closing time')
    await type(page, 'aside [data-field=time]', '12:00')
    await until(async () => /^Așteaptă cel mult până .*, ora 13:00; /.test((await last.textContent()) ?? ''))
  })

  const verdict = page.locator('aside [data-verdict]')
  const says = async (what: RegExp): Promise<void> => {
    await until(async () => what.test((await verdict.textContent()) ?? '')).catch(() => undefined)
    t.match(await verdict.textContent(), what)
  }

  await t.test('a number is judged as an agent’s call is', async (t) => {
    await open('outbound')
    await type(page, 'aside [data-field=tried]', '0722 000 111')
    await says(/^\+40722000111: se poate suna\.Se formează 0722000111\.Îl permite \+407\.$/)
    await checkScreen(t, page, 'configuration, a call that is allowed')
    for (const [number, what] of [
      ['ghișeu', /^Acesta nu este un număr de telefon/],
      ['12', /^Acesta nu este un număr de telefon/],
      ['112', /112 se sună direct de pe telefon/],
      ['0900 123 456', /numerele cu suprataxă/],
      ['0256 969', /este un număr al orașului/],
      ['+44 20 7946 0958', /este în străinătate/],
      ['0219', /„Numere permise” nu îl cuprind\.$/],
    ] as const) {
      await type(page, 'aside [data-field=tried]', number)
      await says(what)
      t.equal(await verdict.getAttribute('data-verdict'), 'refused', number)
    }
    await type(page, 'aside [data-field=tried]', '1')
    await page.keyboard.press('Backspace')
    await page.locator('aside [data-verdict=none]').waitFor()
  })

  await t.test('the rules of the draft decide, and who calls', async (t) => {
    await tabTo(page, '[data-action=own-rules]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-outbound=own]').waitFor()
    await tabTo(page, '[data-field=agents]')
    await page.keyboard.press('ArrowDown')
    await type(page, 'aside [data-field=tried]', '0722000111')
    await says(
      /„Ce sună operatorii” este „numai înapoi”, iar numărul este scris de mână\.Un supervizor îl poate suna\.$/,
    )
    await checkScreen(t, page, 'configuration, a call that is refused')
    await press(page, 'aside [data-field=way] input', 'ArrowRight')
    await says(/^\+40722000111: se poate suna/)
    await page.keyboard.press('ArrowLeft')
    await says(/„numai înapoi”/)
    await tabTo(page, 'aside [data-field=by] input', true)
    await page.keyboard.press('ArrowRight')
    await says(/^\+40722000111: se poate suna/)
    await tabTo(page, '[data-field=allowed]', true)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('+402, +44')
    await says(/^Modificările au greșeli/)
    await press(page, 'aside [data-field=which] input', 'ArrowRight')
    await says(/^\+40722000111: se poate suna/)
    await page.keyboard.press('ArrowLeft')
    await says(/^Modificările au greșeli/)
    await tabTo(page, '[data-field=allowed]', true)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('+402')
    await says(/„Numere permise” și „În plus, pentru supervizori” nu îl cuprind/)
  })

  await t.test('supervisors try the rules in force', async (t) => {
    await reader.goto(`${linia.url}/configuration?tab=outbound`)
    await reader.locator('[data-rule=allowed]').waitFor()
    await type(reader, 'aside [data-field=tried]', '0722000111')
    await reader.locator('[data-verdict=allowed]').waitFor()
    await checkScreen(t, reader, 'configuration, a call tried by a supervisor')
  })
  t.same(errors, [])
})
