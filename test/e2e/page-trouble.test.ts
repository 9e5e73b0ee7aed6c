/** Pages whose scripts do not arrive, whose network is doubted, and whose parts break: each goes on, or says so. */
import t from 'tap'
import type { Page } from 'playwright-core'
import { tone } from '../support/audio.ts'
import { openBrowser, openDesk, openSignedIn, waitForState } from '../support/browser.ts'
import { openScene } from './scene.ts'

t.test('a page in trouble', { timeout: 120_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { WRAP_UP_MS: '3000' } })
  const { newContext } = await openBrowser(t, null)
  const { url } = scene.linia

  await t.test('without its scripts it says so, and comes by itself', async (t) => {
    const page = await (await newContext()).newPage()
    await page.route('**/assets/start-*.js', (route) => route.abort('failed'))
    await page.goto(url)
    await page.locator('#unloaded[data-failed] span').waitFor()
    // A reload into nothing would end in the browser's own page, which does not come back.
    await page.route(`${url}/`, (route) => route.abort('failed'), { times: 1 })
    await page.waitForEvent('requestfailed', (request) => request.url() === `${url}/`)
    t.ok(await page.locator('#unloaded').isVisible(), 'it does not leave before the front answers')
    await page.unrouteAll()
    await page.locator('input[name=username]').waitFor()
    t.equal(await page.locator('#unloaded').count(), 0)
    await page.close()
  })

  await t.test('not even the first script: the sentence stays, and its link', async (t) => {
    const page = await (await newContext()).newPage()
    await page.route('**/assets/index-*.js', (route) => route.abort('failed'), { times: 1 })
    await page.goto(url)
    t.equal(await page.locator('#unloaded').isVisible(), false, 'whoever waits for a moment reads nothing')
    await page.locator('#unloaded').waitFor()
    t.equal(await page.locator('#unloaded span').isVisible(), false, 'nothing is promised that nobody does')
    await page.locator('#unloaded a').click()
    await page.locator('input[name=username]').waitFor()
    t.pass('the link has fetched it anew')
    await page.close()
  })

  await t.test('in a browser that believes itself offline people sign in all the same', async (t) => {
    const context = await newContext()
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('input[name=username]').waitFor()
    await page.evaluate(() => window.dispatchEvent(new Event('offline')))
    const { username, password } = scene.linia.account('supervisor01')
    await page.locator('input[name=username]').fill(username)
    await page.locator('input[name=password]').fill(password)
    await page.locator('button[type=submit]').click()
    await page.locator('header nav').waitFor()
    t.pass('signed in')
    await context.close()
  })

  await t.test('a room whose script is gone is offered anew; the header stays', async (t) => {
    const context = await newContext()
    const page = await openSignedIn(context, url, scene.linia.account('supervisor01'))
    await page.route('**/assets/calls-page-*.js', (route) => route.fulfill({ status: 404 }))
    await page.locator('header nav a[href="/calls"]').click()
    await page.locator('[data-broken=page]').waitFor()
    t.ok(await page.locator('header nav').isVisible())
    await page.unrouteAll()
    await page.locator('[data-broken=page] button').click()
    await page.locator('main h1, main table').first().waitFor()
    t.equal(await page.locator('[data-broken]').count(), 0)
    await context.close()
  })

  await t.test('a wallboard, in front of which nobody stands, comes by itself', async (t) => {
    const context = await newContext()
    const page = await openSignedIn(context, url, scene.linia.account('supervisor01'))
    await page.clock.install()
    await page.route('**/assets/wall-page-*.js', (route) => route.fulfill({ status: 404 }))
    await page.locator('header nav a[href="/board/wall"]').click()
    await page.locator('[data-broken=page]').waitFor()
    await page.unrouteAll()
    await page.clock.fastForward(30_000)
    await page.locator('[data-figure]').first().waitFor()
    t.pass('it shows its figures')
    await context.close()
  })

  await t.test('a part of the desk that breaks leaves the call alone, and is mounted anew', async (t) => {
    const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready', 20_000)
    await scene.town.call({ callerId: '0722000961', speech: tone(800) })
    await waitForState(desk, 'ringing')
    await desk.locator('[data-session="incoming ringing"]').waitFor()
    await desk.keyboard.press('F8')
    await waitForState(desk, 'talking')
    await breakPapers(desk, 'cadastru')
    t.equal(await desk.locator('[data-state=talking]').count(), 1, 'the call goes on')
    t.ok(await desk.locator('[data-notes]').isVisible(), 'the notes are there')
    await desk.locator('[data-pane=papers] [data-broken=part] button').click()
    await desk.locator('[data-pane=papers] [data-paper]').first().waitFor()
    t.pass('the pane is back')
    await breakPapers(desk, 'permis')
    await desk.keyboard.press('Shift+F8')
    await waitForState(desk, 'wrap-up')
    t.pass('the keys work beside a broken part')
    await waitForState(desk, 'ready')
    t.equal(await desk.locator('[data-broken]').count(), 0, 'with the call goes what broke in it')
  })
})

/** What the desk cannot draw: an answer with a hole in it. */
async function breakPapers(desk: Page, text: string): Promise<void> {
  await desk.route(`**/api/papers?*text=${text}*`, (route) => route.fulfill({ json: { items: [null] } }))
  await desk.locator('#tab-papers').click()
  await desk.locator('[data-pane=papers] [data-search]').fill(text)
  await desk.locator('[data-pane=papers] [data-broken=part]').waitFor()
}
