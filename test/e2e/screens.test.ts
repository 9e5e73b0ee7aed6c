/**
 * Every screen as people meet it, on the running system: axe-core finds nothing in either colour scheme,
 * nothing scrolls sideways at 200 % zoom, and the browser's console stays free of errors.
 */
import t from 'tap'
import type { Page } from 'playwright-core'
import { tone } from '../support/audio.ts'
import { findings } from '../support/axe.ts'
import { openBrowser, openDesk, waitForState } from '../support/browser.ts'
import { sidewaysSettled } from '../support/sideways.ts'
import { until } from '../support/until.ts'
import { openScene } from './scene.ts'

const office = { width: 1366, height: 640 }
const zoomed = { width: 683, height: 320 }
const caller = '0722000951'

t.test('every screen', { timeout: 240_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { WRAP_UP_MS: '60000' } })
  const { newContext } = await openBrowser(t, null)
  const errors: string[] = []

  /** Asks of every page that it stays quiet; nobody signed in is an answer, not an error. */
  async function quietContext() {
    const context = await newContext()
    context.on('console', (message) => {
      if (message.type() !== 'error' || message.text().includes('401')) return
      errors.push(`${message.text()} ${message.location().url}`)
    })
    context.on('weberror', (error) => errors.push(String(error.error())))
    return context
  }

  async function check(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
      t.strictSame(await findings(page), [], `${name}, ${colorScheme}`)
    }
    await page.setViewportSize(zoomed)
    t.equal(await sidewaysSettled(page), 0, `${name} does not scroll sideways at 200 %`)
    await page.setViewportSize(office)
  }

  const agents = await quietContext()
  const visitor = await agents.newPage()
  await visitor.goto(scene.linia.url)
  await visitor.locator('[aria-labelledby=demo] button').first().waitFor()
  await check(visitor, 'sign-in')
  await visitor.locator('input[name=username]').fill('nobody')
  await visitor.locator('input[name=password]').fill('wrong')
  await visitor.locator('button[type=submit]').click()
  await visitor.locator('[role=alert]:not(:empty)').waitFor()
  await check(visitor, 'sign-in refused')
  await visitor.close()

  const desk = await openDesk(agents, scene.linia.url, scene.linia.account('agent01'))
  await check(desk, 'desk, paused')
  await desk.locator('[data-action=reasons]').click()
  await desk.locator('[role=menu]').waitFor()
  await check(desk, 'desk, reasons of a pause')
  await desk.keyboard.press('Escape')
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready', 20_000)
  await check(desk, 'desk, ready')

  const citizen = await scene.town.call({ callerId: caller, speech: tone(800) })
  await waitForState(desk, 'ringing')
  await desk.locator('[data-session="incoming ringing"]').waitFor()
  await desk.keyboard.press('F8')
  await waitForState(desk, 'talking')
  await desk.locator('[data-notes]').fill('Groapă pe strada Lungă')
  const places = await placesOf(desk)
  await check(desk, 'desk, talking')
  for (const [key, name] of [
    ['F1', 'keys'],
    ['Control+k', 'palette'],
  ] as const) {
    await desk.keyboard.press(key)
    await desk.locator('[role=dialog]').waitFor()
    await check(desk, `desk, ${name}`)
    await desk.keyboard.press('Escape')
    await desk.locator('[role=dialog]').waitFor({ state: 'detached' })
  }
  await desk.keyboard.press('Shift+F9')
  await waitForState(desk, 'held')
  await check(desk, 'desk, held')
  t.strictSame(await placesOf(desk), places, 'nothing under the typist has moved')

  await desk.locator('header nav a').last().click()
  await desk.locator('tbody a').first().waitFor()
  await check(desk, 'calls, with the bar of a call')
  await desk.locator('header nav a').first().click()
  await waitForState(desk, 'held')

  const boards = await quietContext()
  const board = await boards.newPage()
  await board.goto(scene.linia.url)
  await board.locator('[aria-labelledby=demo] button').nth(1).click()
  await board.locator('[data-agent]').waitFor()
  const waiting = await scene.town.call({ callerId: '0722000952' })
  await board.locator('[data-call]').waitFor()
  await check(board, 'board')
  await board.locator('[data-agent] button').click()
  await board.locator('[role=menu]').waitFor()
  await check(board, 'board, actions')
  await board.goto(`${scene.linia.url}/board/wall`)
  await board.locator('ol li').waitFor()
  await check(board, 'wallboard')
  waiting.hangUp()

  await desk.keyboard.press('Shift+F8')
  await waitForState(desk, 'wrap-up')
  await desk.locator('[data-wrap-up] fieldset').first().locator('label').nth(1).click()
  await check(desk, 'desk, wrap-up')
  t.strictSame(await placesOf(desk), places, 'nor in wrap-up, nor by what was chosen')
  t.equal(await cutOff(desk), 0, 'everything fits into what a browser leaves')
  t.equal((await citizen.ended).ending, 'line hung up')

  const call = await scene.record(caller, ({ recording }) => recording === 'ready', 30_000)
  await board.goto(`${scene.linia.url}/calls`)
  await board.locator('tbody a').first().waitFor()
  await check(board, 'calls')
  await board.goto(`${scene.linia.url}/calls/${encodeURIComponent(call.id)}`)
  await board.locator('[data-action=play]').waitFor()
  await board.locator('summary').click()
  await check(board, 'call page')

  const newer = await openDesk(await quietContext(), scene.linia.url, scene.linia.account('agent01'))
  await waitForState(desk, 'elsewhere')
  await check(desk, 'desk, in another window')
  await newer.close()
  await until(() => scene.view.calls.size === 0)
  t.strictSame(errors, [], 'no error in any console')
})

/** Where what an agent types and clicks stands. */
function placesOf(page: Page): Promise<readonly number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-notes], [data-subject], fieldset, [data-action=save]')].map(
      (element) => element.getBoundingClientRect().top,
    ),
  )
}

/** How many pixels of the desk's zones lie below the lower edge. */
function cutOff(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('[data-zone]')].map((zone) => zone.scrollHeight - zone.clientHeight),
    ),
  )
}
