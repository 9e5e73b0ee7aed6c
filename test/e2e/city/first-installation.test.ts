/**
 * A new installation without the demo, from the first administrator's code to the first conversation: by screens alone,
 * as two persons without a manual bring it there (docs/measurements/2026-11-30-first-installation.md). With `PICTURES`
 * each screen is kept.
 */
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Page } from 'playwright-core'
import type { Me } from '../../../src/http/session/wire.ts'
import { runCommand } from '../../../src/stack/command.ts'
import { fromBase32 } from '../../http/sign-in/base32.ts'
import { earlierCode } from '../../http/sign-in/totp-app.ts'
import { bursts, openBrowser, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hearsBursts, pageHears } from '../../support/browser/hearing.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { tone } from '../../support/sip/audio.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { Novice } from './novice.ts'

const linia = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
const citizenTone = 800
const agentTone = 600
const password = 'lampă verde pe dulap'
/** Clicks, and keys that are not content. */
const actionsMax = 34
const minutesMax = 15

t.test('from nothing to the first call by screens alone', { timeout: 1_500_000 }, async (t) => {
  const system = await startLinia(t, {
    agents: null,
    ownDatabase: true,
    // On a busy machine a page may show a call seconds after its phone has begun to ring.
    overrides: { SECOND_FACTOR: 'administrator', RING_TIMEOUT_MS: '60000' },
  })
  const { PATH = '', HOME = '' } = process.env
  const made = await runCommand(linia, ['user', 'add', 'mihai.pop', 'Mihai Pop', 'administrator'], {
    env: { PATH, HOME, VAR_DIR: system.dir },
  })
  t.equal(made.code, 0, made.output)
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const novice = new Novice()
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  /** From the address to the sign-in, with the code that the person was given. */
  async function activate(page: Page, username: string, code: string): Promise<void> {
    await novice.open(page, system.url)
    await page.locator('input[name=username]:focus').waitFor()
    await novice.read(page, 'sign-in')
    await novice.click(page.getByRole('link', { name: 'Am un cod de activare' }))
    await page.locator('input[name=code]:focus').waitFor()
    await novice.read(page, 'activation')
    await novice.type(page, code)
    await novice.press(page, 'Enter')
    await page.locator('input[name=password]:focus').waitFor()
    await novice.read(page, 'password')
    await novice.type(page, password)
    await novice.press(page, 'Tab')
    await novice.type(page, password)
    await novice.press(page, 'Enter')
    await page.locator('[data-done]').waitFor()
    await novice.read(page, 'activated')
    await novice.click(page.locator('[data-done]'))
    await page.locator('input[name=username]:focus').waitFor()
    await novice.type(page, username)
    await novice.press(page, 'Tab')
    await novice.type(page, password)
    await novice.press(page, 'Enter')
  }

  const admin = await (await newContext()).newPage()
  await t.test('the first administrator enters, with the second factor that is asked for', async () => {
    const [, code = ''] = /^Activation code of mihai\.pop, shown only now: (\S+)$/m.exec(made.output) ?? []
    await activate(admin, 'mihai.pop', code)
    await admin.locator('[data-factors="0"]').waitFor()
    await novice.read(admin, 'one-more-step')
    await novice.click(button(admin, 'Adaugă o aplicație de autentificare'))
    const secret = fromBase32((await admin.locator('[data-secret]').innerText()).replaceAll(' ', ''))
    await admin.locator('input[name=code]:focus').waitFor()
    await novice.read(admin, 'authenticator')
    await novice.type(admin, await earlierCode(secret))
    await novice.press(admin, 'Enter')
    await admin.locator('[data-recovery-codes] li').nth(9).waitFor()
    await novice.read(admin, 'recovery-codes')
    await novice.click(button(admin, 'Am păstrat codurile'))
    await admin.locator('[data-new-account]').waitFor()
    await admin.locator('[data-no-agent]').waitFor()
    await novice.read(admin, 'accounts')
  })

  await t.test('a role that needs two says who confirms it where there is one administrator', async (t) => {
    const supervisor = admin.getByRole('checkbox', { name: 'Supervizor' })
    await supervisor.check()
    await admin.locator('[data-no-second]').waitFor()
    await checkScreen(t, admin, 'accounts of a new installation')
    await supervisor.uncheck()
    await admin.locator('[data-no-second]').waitFor({ state: 'detached' })
  })

  let code = ''
  await t.test('an agent is made in one form', async (t) => {
    await novice.click(admin.getByRole('textbox', { name: 'Utilizator' }))
    await novice.type(admin, 'ioana.serban')
    await novice.press(admin, 'Tab')
    await novice.type(admin, 'Ioana Șerban')
    await novice.press(admin, 'Tab')
    await novice.type(admin, 'Primăria')
    await novice.click(button(admin, 'Deschide contul'))
    code = (await admin.locator('[data-code]').textContent()) ?? ''
    t.match(code, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/)
    const way = await admin.locator('[data-issued]').innerText()
    t.match(way, `Persoana deschide ${system.url} și apasă „Am un cod de activare”`)
    await novice.read(admin, 'agent-code')
    await novice.click(button(admin, 'Am notat codul'))
    await admin.locator('[data-new-account]').waitFor()
    await admin.locator('[data-no-agent]').waitFor({ state: 'detached' })
    await novice.read(admin, 'accounts-with-agent')
    await novice.click(admin.getByRole('link', { name: 'Competențe' }))
    await admin.locator('[data-field=filter]').waitFor()
    await novice.read(admin, 'skills')
    await novice.click(admin.getByRole('link', { name: 'Linie', exact: true }))
    await admin.getByRole('heading', { level: 1 }).waitFor()
    await novice.read(admin, 'line')
  })

  const desk = await (await newContext()).newPage()
  await t.test('the agent enters, checks the sound and is ready', async (t) => {
    await activate(desk, 'ioana.serban', code)
    await desk.locator('[data-registration=registered]').waitFor()
    await desk.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
    await novice.read(desk, 'desk')
    await checkScreen(t, desk, 'desk before the first call')
    await novice.click(desk.locator('[data-to-agreement]'))
    await desk.locator('[data-agreement=unsigned]').waitFor()
    await novice.read(desk, 'agreement')
    await novice.click(desk.locator('input[name=name]'))
    await novice.type(desk, 'Ioana Șerban')
    await novice.press(desk, 'Enter')
    await desk.locator('[data-agreement=signed]').waitFor()
    await novice.read(desk, 'agreement-signed')
    await novice.click(desk.getByRole('link', { name: 'Post', exact: true }))
    await desk.getByRole('heading', { name: 'Cum merge primul apel' }).waitFor()
    await desk.locator('[data-to-agreement]').waitFor({ state: 'detached' })
    await novice.read(desk, 'desk-signed')
    await novice.click(button(desk, 'Probă de sunet'))
    await until(() => pageHears(desk, agentTone))
    t.pass('the agent hears themselves')
    await novice.read(desk, 'sound-check')
    await novice.click(button(desk, 'Oprește proba'))
    await button(desk, 'Probă de sunet').waitFor()
    await novice.click(desk.locator('[data-action=pause-ready]'))
    await waitForState(desk, 'ready')
    await novice.read(desk, 'ready')
  })

  await t.test('an agent who has lost the only skill is told that nothing rings', async (t) => {
    const setLevel = async (level: string): Promise<void> => {
      await admin.locator('[data-cell]').first().click()
      await admin.keyboard.press(level)
      await admin.locator('[data-field=reason]').fill('probă')
      await admin.keyboard.press('Enter')
      await admin.locator('[data-changes="0"]', { hasText: 'Salvat' }).waitFor()
    }
    const told = desk.getByText('nu ai competența niciunei cozi')
    t.equal(await told.count(), 0)
    await admin.getByRole('link', { name: 'Competențe' }).click()
    await setLevel('0')
    await until(() => desk.evaluate(async () => !((await (await fetch('/api/me')).json()) as Me).servesQueue))
    await desk.reload()
    await waitForState(desk, 'ready')
    await told.waitFor()
    await setLevel('1')
    await told.waitFor({ state: 'detached' })
    await desk.getByText('Următorul apel intră aici').waitFor()
  })

  await t.test('a citizen dials 969, and both hear each other', async (t) => {
    const town = await openTown(t, { target: system.sip, from: system.trunk })
    const citizen = await town.call({ callerId: '0722000951', speech: tone(citizenTone) })
    await waitForState(desk, 'ringing')
    await desk.locator('[data-session="incoming ringing"]').waitFor()
    await novice.read(desk, 'ringing')
    await novice.press(desk, 'F8')
    await waitForState(desk, 'talking')
    await until(() => pageHears(desk, citizenTone))
    t.pass('the agent hears the citizen')
    await until(() => hearsBursts(citizen, agentTone))
    t.pass('the citizen hears the agent')
    await desk.getByText('Primul apel cu numărul acesta.').waitFor()
    await novice.read(desk, 'talking')
    citizen.hangUp()
    await waitForState(desk, 'wrap-up')
    await novice.read(desk, 'wrap-up')
  })

  const { screens, clicks, typed, keys, words } = novice.effort()
  const { acting, reading } = novice.time()
  const minutes = (acting + reading) / 60
  t.comment(
    `${screens} screens, ${clicks} clicks, ${typed} characters typed, ${keys} other keys, ${words} words read: ` +
      `${Math.round(acting)} s acting and ${Math.round(reading)} s reading, ${minutes.toFixed(1)} min`,
  )
  t.ok(clicks + keys <= actionsMax, `${clicks + keys} clicks and keys, at most ${actionsMax}`)
  t.ok(minutes <= minutesMax, `${minutes.toFixed(1)} minutes, at most ${minutesMax}`)
})
