/** Reasons for pauses, by keyboard alone: an administrator makes them, an agent's open page has them, a supervisor sees a long one. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { Api, ApiRefused } from '../../../tools/demo/api.ts'
import { waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import type { Scene } from '../scene.ts'
import { openTab, tabTo, type } from './configuration-steps.ts'
import { focused } from './keyboard-steps.ts'

/** The menu of reasons at an agent's desk. */
export interface ReasonMenu {
  /** How many there are. */
  offered(): Promise<number>
  choose(reason: string): Promise<void>
}

/** `id`: the agent's. */
export function reasonMenu(desk: Page, { view }: Scene, id: string): ReasonMenu {
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
  return {
    async offered() {
      await openReasons()
      const count = await reasons().count()
      await desk.keyboard.press('Escape')
      await until(
        async () => (await focused(desk)) === 'data-action=reasons' && (await reasons().count()) === 0,
      )
      return count
    },
    async choose(reason) {
      await openReasons()
      await desk.locator(`[data-reason="${reason}"]`).focus()
      await desk.keyboard.press('Enter')
      await until(() => view.agents.get(id)?.reason === reason)
    },
  }
}

async function publishByKeyboard(page: Page, why: string, changes: number): Promise<void> {
  await tabTo(page, '[data-action=review]', true)
  await page.keyboard.press('Enter')
  await page.locator(`[data-changes="own ${changes}"]`).waitFor()
  await type(page, '[data-field=reason]', why)
  await page.keyboard.press('Enter')
  await page.locator('[data-draft="0"]').waitFor()
}

/** The usual reasons, `masă` with a bound of a minute, and a first one of the city's own. `page`: that of the line, without reasons. */
export async function makeReasons(t: Test, page: Page): Promise<void> {
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
  await publishByKeyboard(page, 'Pauzele noastre', 7)
}

interface Paused {
  readonly scene: Scene
  readonly agent: Api
  readonly id: string
  readonly desk: Page
  readonly board: Page
}

/** An agent's row on the supervisor's board. */
const rowOf = ({ board, id }: Pick<Paused, 'board' | 'id'>) => board.locator(`[data-agent="${id}"]`)

/** The agent's meal begins. */
export async function takeMeal(t: Test, paused: Paused): Promise<void> {
  const { scene, desk, id, board } = paused
  const menu = reasonMenu(desk, scene, id)
  await until(async () => (await menu.offered()) === 7)
  await menu.choose('meal')
  await desk.locator('[data-band=paused]', { hasText: 'Pauză: masă' }).waitFor()
  await board.goto(`${scene.linia.url}/board`)
  const row = rowOf(paused)
  await row.locator('td', { hasText: 'masă' }).waitFor()
  t.equal(await row.locator('[data-over-pause]').count(), 0)
}

/** The meal lasts longer than its minute; then the pause key takes the first reason. */
export async function overstayMeal(t: Test, paused: Paused): Promise<void> {
  const { scene, desk, id, board } = paused
  await board.goto(`${scene.linia.url}/board`)
  const row = rowOf(paused)
  await row.locator('[data-over-pause]').waitFor({ timeout: 180_000 })
  await checkScreen(t, board, 'board, a long pause')
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  await desk.keyboard.press('F4')
  await until(() => scene.view.agents.get(id)?.reason === 'ochi-obositi')
  await row.locator('td', { hasText: 'ochi obosiți' }).waitFor()
}

/** `page`: that of the line. */
export async function takeReasonOut(t: Test, page: Page, paused: Paused): Promise<void> {
  const { scene, agent, desk, id, board } = paused
  await page.goto(`${scene.linia.url}/configuration?tab=pauses`)
  await page.locator('[data-item="ochi obosiți"] button').focus()
  await page.keyboard.press('Enter')
  await tabTo(page, 'aside [data-action=remove]')
  await page.keyboard.press('Enter')
  await publishByKeyboard(page, 'Fără', 1)
  const menu = reasonMenu(desk, scene, id)
  await until(async () => (await menu.offered()) === 6)
  await desk.locator('[data-band=paused]', { hasText: 'Pauză: ochi obosiți' }).waitFor()
  await rowOf(paused).locator('td', { hasText: 'ochi obosiți' }).waitFor()
  const refused = await agent
    .setState({ state: 'paused', reason: 'ochi-obositi' })
    .catch((error: unknown) => error)
  t.ok(refused instanceof ApiRefused)
  t.match(String(refused), /unknown-pause-reason|409/)
  await rowOf(paused).locator('a').first().focus()
  await board.keyboard.press('Enter')
  await board.locator('[data-agent-day=true] th', { hasText: 'ochi obosiți' }).waitFor()
  await checkScreen(t, board, 'agent, reasons of the day')
}
