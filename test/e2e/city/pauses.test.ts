/** Reasons for pauses, by keyboard alone: an administrator makes them, an agent's open page has them, a supervisor sees a long one. */
import t from 'tap'
import { Api, ApiRefused } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'
import { openTab, tabTo, type } from './configuration-steps.ts'
import { focused } from './keyboard-steps.ts'

t.test('a city’s reasons for pauses, from its page to the board', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, ownDatabase: true })
  const { linia } = scene
  const { newContext } = await openBrowser(t, null)
  const desk = await openDesk(await newContext(), linia.url, linia.account('agent01'))
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const board = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [desk, page, board]) one.on('pageerror', (error) => errors.push(error.message))
  const agent = new Api(linia.url)
  const { id } = await agent.signIn(linia.account('agent01'))
  const reasons = () => desk.locator('[data-reason]')
  const isInMenu = () => desk.evaluate(() => document.activeElement?.hasAttribute('data-reason') ?? false)
  /** The menu takes the focus a moment after it is shown, and gives it back a moment after it is gone. */
  const openReasons = (): Promise<void> =>
    until(async () => {
      if (await isInMenu()) return true
      // A reason that is taken out while it has the focus takes that along.
      if ((await reasons().count()) > 0) {
        await reasons().first().focus()
        return false
      }
      await tabTo(desk, '[data-action=reasons]')
      await desk.keyboard.press('Enter')
      return false
    })
  const offered = async (): Promise<number> => {
    await openReasons()
    const count = await reasons().count()
    await desk.keyboard.press('Escape')
    await until(
      async () => (await focused(desk)) === 'data-action=reasons' && (await reasons().count()) === 0,
    )
    return count
  }
  const choose = async (reason: string): Promise<void> => {
    await openReasons()
    await desk.locator(`[data-reason="${reason}"]`).focus()
    await desk.keyboard.press('Enter')
    await until(() => scene.view.agents.get(id)?.reason === reason)
  }
  const publish = async (why: string, changes: number): Promise<void> => {
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator(`[data-changes="own ${changes}"]`).waitFor()
    await type(page, '[data-field=reason]', why)
    await checkScreen(t, page, `configuration, review of pauses ${changes}`)
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
  }

  await t.test(
    'the usual reasons are a beginning; one gets a bound, one is added and moved up',
    async (t) => {
      t.equal(await offered(), 6, 'as without any in the configuration')
      await page.locator('header nav a[href="/configuration"]').click()
      await page.locator('[data-item]').first().waitFor()
      const tabs = ['numbers', 'queues', 'hours', 'menus', 'codes', 'pauses']
      for (const [index, from] of tabs.slice(0, -1).entries())
        await openTab(page, from, 'ArrowRight', tabs[index + 1] ?? '')
      await checkScreen(t, page, 'configuration, no pauses')
      await tabTo(page, '[data-action=usual]')
      await page.keyboard.press('Enter')
      await page.locator('[data-item="masă"] button').focus()
      await page.keyboard.press('Enter')
      await type(page, 'aside [data-field=expectedMinutes]', '1')
      await tabTo(page, '[data-action=add]', true)
      await page.keyboard.press('Enter')
      await until(async () => (await focused(page)) === 'data-field=name')
      await page.keyboard.type('ochi obosiți')
      await tabTo(page, 'aside [data-action=raise]')
      for (let place = 6; place > 0; place -= 1) {
        await page.keyboard.press('Enter')
        await page.locator(`tr:nth-child(${place})[data-item="ochi obosiți"]`).waitFor()
        await page.locator('aside [data-action=raise]:focus').waitFor()
      }
      t.equal(await page.locator('[data-item] button').first().textContent(), 'ochi obosiți')
      await checkScreen(t, page, 'configuration, pauses')
      await publish('Pauzele noastre', 7)
    },
  )

  await t.test('the agent’s open page has them, and the key takes the first', async (t) => {
    await until(async () => (await offered()) === 7)
    await choose('meal')
    await desk.locator('[data-band=paused]', { hasText: 'Pauză: masă' }).waitFor()
    const row = board.locator(`[data-agent="${id}"]`)
    await row.locator('td', { hasText: 'masă' }).waitFor()
    t.equal(await row.locator('[data-over-pause]').count(), 0)
    await row.locator('[data-over-pause]').waitFor({ timeout: 180_000 })
    await checkScreen(t, board, 'board, a long pause')
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    await desk.keyboard.press('F4')
    await until(() => scene.view.agents.get(id)?.reason === 'ochi-obositi')
    await row.locator('td', { hasText: 'ochi obosiți' }).waitFor()
  })

  await t.test('a reason that is taken out keeps its name, and is refused', async (t) => {
    await page.locator('[data-item="ochi obosiți"] button').focus()
    await page.keyboard.press('Enter')
    await tabTo(page, 'aside [data-action=remove]')
    await page.keyboard.press('Enter')
    await publish('Fără', 1)
    await until(async () => (await offered()) === 6)
    await desk.locator('[data-band=paused]', { hasText: 'Pauză: ochi obosiți' }).waitFor()
    await board.locator(`[data-agent="${id}"] td`, { hasText: 'ochi obosiți' }).waitFor()
    const refused = await agent
      .setState({ state: 'paused', reason: 'ochi-obositi' })
      .catch((error: unknown) => error)
    t.ok(refused instanceof ApiRefused)
    t.match(String(refused), /unknown-pause-reason|409/)
    await board.locator(`[data-agent="${id}"] a`).first().focus()
    await board.keyboard.press('Enter')
    await board.locator('[data-agent-day=true] th', { hasText: 'ochi obosiți' }).waitFor()
    await checkScreen(t, board, 'agent, reasons of the day')
  })

  await t.test('they hold while PostgreSQL is away', async (t) => {
    await linia.stack.parts.get('postgres')?.stop()
    await choose('training')
    await desk.locator('[data-band]', { hasText: 'Pauză: instruire' }).waitFor()
    t.pass('the desk says so')
    await linia.stack.parts.get('postgres')?.start()
  })
  t.same(errors, [])
})
