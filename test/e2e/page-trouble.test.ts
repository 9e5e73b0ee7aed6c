/** Pages with missing scripts, a doubtful network, broken parts, lost answers or no database: each recovers, or shows the problem. */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import type { ConfigurationVersions, PublishedConfiguration } from '../../src/http/configuration/wire.ts'
import { Api } from '../../tools/demo/api.ts'
import { tone } from '../support/sip/audio.ts'
import {
  type Credentials,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../support/browser/browser.ts'
import { checkScreen } from '../support/browser/screen.ts'
import { until } from '../support/until.ts'
import { bar, keptDrafts } from './city/configuration-steps.ts'
import { reasonMenu } from './city/pause-steps.ts'
import { inForce } from './in-force.ts'
import { publish } from './publish.ts'
import { openScene, type Scene } from './scene.ts'

/** As in `src/ui/index.html`. */
const unloadedMs = 4_000

t.test('a page under disturbances', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, ownDatabase: true, overrides: { WRAP_UP_MS: '3000' } })
  const { newContext } = await openBrowser(t, null)
  const { url } = scene.linia
  const visitors = await newContext()
  const page = await visitors.newPage()

  await t.test('a page without its scripts shows a message and reloads by itself', async (t) => {
    await page.route('**/assets/start-*.js', (route) => route.abort('failed'))
    await page.goto(url)
    await page.locator('#unloaded[data-failed] span').waitFor()
    // A reload without a server would end in the browser's error page, which does not reload.
    await page.route(`${url}/`, (route) => route.abort('failed'), { times: 1 })
    await page.waitForEvent('requestfailed', (request) => request.url() === `${url}/`)
    t.ok(await page.locator('#unloaded').isVisible(), 'no reload before the front answers')
    await page.unrouteAll()
    await page.locator('input[name=username]').waitFor()
    t.equal(await page.locator('#unloaded').count(), 0)
  })

  await t.test('without even the first script the message and its link stay', async (t) => {
    await page.route('**/assets/index-*.js', (route) => route.abort('failed'), { times: 1 })
    const since = performance.now()
    await page.goto(url, { waitUntil: 'commit' })
    const isVisible = await page.locator('#unloaded').isVisible()
    t.notOk(isVisible && performance.now() - since < unloadedMs, 'no message during a short wait')
    await page.locator('#unloaded').waitFor()
    t.equal(await page.locator('#unloaded span').isVisible(), false, 'no automatic reload is announced')
    await page.locator('#unloaded a').click()
    await page.locator('input[name=username]').waitFor()
    t.pass('the link has reloaded the page')
  })

  await t.test('a language whose texts cannot be fetched leaves the page as it is', async (t) => {
    const context = await newContext()
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(String(error.error())))
    const [chosen, other] = [await context.newPage(), await context.newPage()]
    for (const page of [chosen, other]) {
      await page.goto(url)
      await page.locator('input[name=username]').waitFor()
    }
    await other.route('**/assets/en-*.js', (route) => route.abort('failed'))
    const failed = other.waitForEvent('requestfailed')
    await chosen.getByRole('button', { name: 'English' }).click()
    await chosen.locator('html[lang=en]').waitFor()
    await failed
    const english = other.getByRole('button', { name: 'English' })
    await english.click()
    await other.locator('[role=alert]', { hasText: 'Rămâne limba de acum' }).waitFor()
    t.equal(await other.locator('html').getAttribute('lang'), 'ro')
    await other.unrouteAll()
    await english.click()
    await other.locator('html[lang=en]').waitFor()
    t.equal(await other.locator('[role=alert]:not(:empty)').count(), 0)
    t.strictSame(errors, [], 'no rejection is left unhandled')
    await context.close()
  })

  await t.test('signing in works in a browser that reports being offline', async (t) => {
    await page.evaluate(() => window.dispatchEvent(new Event('offline')))
    const { username, password } = scene.linia.account('supervisor01')
    await page.locator('input[name=username]').fill(username)
    await page.locator('input[name=password]').fill(password)
    await page.locator('button[type=submit]').click()
    await page.locator('header nav').waitFor()
    t.pass('signed in')
  })

  await t.test('a screen whose script is missing offers a retry; the header stays', async (t) => {
    await page.route('**/assets/calls-page-*.js', (route) => route.fulfill({ status: 404 }))
    await page.locator('header nav a[href="/calls"]').click()
    await page.locator('[data-broken=page]').waitFor()
    t.ok(await page.locator('header nav').isVisible())
    await page.unrouteAll()
    await page.locator('[data-broken=page] button').click()
    await page.locator('main h1, main table').first().waitFor()
    t.equal(await page.locator('[data-broken]').count(), 0)
  })

  await t.test('an unattended wallboard recovers by itself', async (t) => {
    await page.clock.install()
    await page.route('**/assets/wall-page-*.js', (route) => route.fulfill({ status: 404 }))
    await page.locator('header nav a[href="/board/wall"]').click()
    await page.locator('[data-broken=page]').waitFor()
    await page.unrouteAll()
    await page.clock.fastForward(30_000)
    await page.locator('[data-figure]').first().waitFor()
    t.pass('the wallboard shows its figures')
    await visitors.close()
  })

  const agents = await newContext()
  const account = scene.linia.account('agent01')
  let desk = await openDesk(agents, url, account)
  await t.test('a broken part of the desk does not affect the call, and can be restarted', async (t) => {
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    await scene.town.call({ callerId: '0722000961', speech: tone(800) })
    await pickUp(desk)
    await breakPapers(desk, 'cadastru')
    t.equal(await desk.locator('[data-state=talking]').count(), 1, 'the call continues')
    t.ok(await desk.locator('[data-notes]').isVisible(), 'the notes are visible')
    await desk.locator('[data-pane=papers] [data-broken=part] button').click()
    await desk.locator('[data-pane=papers] [data-paper]').first().waitFor()
    t.pass('the pane is back')
    await breakPapers(desk, 'permis')
    await desk.keyboard.press('Shift+F8')
    await waitForState(desk, 'wrap-up')
    t.pass('the keys work beside a broken part')
    await waitForState(desk, 'ready')
    t.equal(await desk.locator('[data-broken]').count(), 0, 'the broken part ends with its call')
    await desk.unrouteAll()
    await desk.keyboard.press('F4')
    await waitForState(desk, 'paused')
  })

  await t.test('signing out saves the draft first, and waits when it cannot be saved', async (t) => {
    await desk.locator('#tab-requests').click()
    await desk.locator('[data-action=new-request]').click()
    const text = () => desk.locator('[data-request-form] [data-text]')
    await text().fill('Groapă pe strada Lungă')
    await signOut(desk)
    await desk.locator('input[name=username]').waitFor()
    desk = await signInAgain(desk, url, account)
    t.equal(await text().inputValue(), 'Groapă pe strada Lungă')

    await desk.route('**/api/request-drafts/*', (route) => route.abort('failed'))
    await text().fill('Groapă pe strada Lungă, la numărul 4')
    await signOut(desk)
    await desk.getByText('nu a ajuns la server').waitFor()
    await desk.unrouteAll()
    await desk.locator('[data-action=save-and-leave]').click()
    await desk.locator('input[name=username]').waitFor()
    desk = await signInAgain(desk, url, account)
    t.equal(await text().inputValue(), 'Groapă pe strada Lungă, la numărul 4')
  })

  await t.test('an unsaved draft does not overwrite the one saved by the agent’s next page', async (t) => {
    const old = desk
    await old.route('**/api/request-drafts/*', (route) => route.abort('failed'))
    const text = (page: Page) => page.locator('[data-request-form] [data-text]')
    await text(old).fill('veche')
    await old.locator('[data-kept=failed]').waitFor()
    const next = await openDesk(await newContext(), url, account)
    await waitForState(old, 'elsewhere')
    await old.unrouteAll()
    await openDraft(next)
    await text(next).fill('nouă')
    await next.locator('[data-kept=saved]').waitFor()
    // The old page finds the next page's draft when it loads it again.
    await old.getByRole('button', { name: 'Lucrează aici' }).click()
    await waitForState(next, 'elsewhere')
    await openDraft(old)
    await until(async () => (await text(old).inputValue()) === 'nouă')
    t.pass('the draft is loaded again')
    await next.context().close()
  })

  const admin = await openSignedIn(await newContext(), url, scene.linia.account('admin01'))
  await t.test('a publication without an answer is repeated, and makes one version', (t) =>
    publishInTrouble(t, scene, admin, desk),
  )
})

/** `page`: an administrator's. `desk`: an agent's. */
async function publishInTrouble(t: Test, scene: Scene, page: Page, desk: Page): Promise<void> {
  const { linia } = scene
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const api = new Api(linia.url)
  await api.signIn(linia.account('admin01'))
  const published = () => api.get<PublishedConfiguration>('/api/configuration')
  const reasons = async () =>
    (await api.get<ConfigurationVersions>('/api/configuration/versions')).items.map(({ reason }) => reason)
  const pauses = [{ id: 'ochi-obositi', name: 'ochi obosiți' }]
  await publish(api, (document) => ({ ...document, pauses }), 'pauze')
  await inForce(linia)
  const before = await reasons()
  await page.locator('header nav a[href="/configuration"]').click()

  const reason = page.locator('[data-field=reason]')
  const send = page.locator('[data-action=publish]')
  const draftNamed = async (name: string, why: string): Promise<void> => {
    await page.locator('[data-item]').first().locator('button').first().click()
    await page.locator('aside [data-field=name]').fill(name)
    await page.locator('[data-action=review]').click()
    await page.locator('[data-changes="own 1"]').waitFor()
    await reason.fill(why)
  }
  const isPublished = async (t: Test): Promise<void> => {
    await page.locator('[data-draft="0"]').waitFor()
    t.match(
      await page.locator('[data-draft] output').textContent(),
      `Versiunea ${(await published()).id} este în vigoare.`,
    )
    t.equal(await page.locator('[data-late]').count(), 0)
    t.equal(await send.count(), 0, 'the review is closed')
    t.equal(await page.evaluate(keptDrafts), 0)
  }

  await t.test('while PostgreSQL is away the page says so, and keeps draft and reason', async (t) => {
    const { id } = await new Api(linia.url).signIn(linia.account('agent01'))
    const menu = reasonMenu(desk, scene, id)
    await until(async () => (await menu.offered()) === 1)
    await draftNamed('Avarie', 'avarie la centrală')
    await linia.stack.parts.get('postgres')?.stop()
    await t.test('an agent still pauses for a reason of the city', async (t) => {
      await menu.choose('ochi-obositi')
      await desk.locator('[data-band]', { hasText: 'Pauză: ochi obosiți' }).waitFor()
      t.pass('the desk says so')
    })
    await send.click()
    const problem = page.locator('form [role=alert]', { hasText: 'Baza de date nu răspunde acum.' })
    await problem.waitFor()
    t.equal(await bar(page), '1')
    t.equal(await reason.inputValue(), 'avarie la centrală')
    await checkScreen(t, page, 'configuration, database away')
    await linia.stack.parts.get('postgres')?.start()
    await until(() => published().then(Boolean, () => false))
    t.same(await reasons(), before, 'nothing is published by itself')
    await send.click()
    await page.locator('[data-draft="0"]').waitFor()
    t.same(await reasons(), ['avarie la centrală', ...before])
    await isPublished(t)
  })

  const versionsPath = '**/api/configuration/versions'
  const inForcePath = '**/api/configuration'
  const loseAnswers = (path: string, method: string) =>
    page.route(path, async (route) => {
      if (route.request().method() !== method) return route.fallback()
      await route.fetch()
      // The page may have given the request up meanwhile.
      return route.abort().catch(() => undefined)
    })

  await t.test('of an answer that is lost the page learns at once from the version in force', async (t) => {
    await draftNamed('Iarnă', 'program de iarnă')
    await loseAnswers(versionsPath, 'POST')
    await send.click()
    await isPublished(t)
    await page.unroute(versionsPath)
    t.same(await reasons(), ['program de iarnă', 'avarie la centrală', ...before])
  })

  await t.test('while nothing is answered the page can try again, and makes no second version', async (t) => {
    await draftNamed('Vară', 'program de vară')
    await loseAnswers(inForcePath, 'GET')
    await loseAnswers(versionsPath, 'POST')
    await send.click()
    await until(async () => (await page.locator('form [role=alert]').textContent()) !== '')
    t.equal(await bar(page), '1')
    t.equal(await reason.inputValue(), 'program de vară')
    t.equal((await reasons())[0], 'program de vară', 'it is published all the same')
    await page.unroute(versionsPath)
    await send.click()
    await page.locator('[data-draft="0"]').waitFor()
    await page.unroute(inForcePath)
    await isPublished(t)
    t.same(await reasons(), ['program de vară', 'program de iarnă', 'avarie la centrală', ...before])
  })
  t.same(errors, [])
}

async function signOut(desk: Page): Promise<void> {
  await desk.locator('header button').last().click()
  await desk.getByRole('menuitem', { name: 'Ieși din cont' }).click()
}

/** Signs in again and opens the kept draft. */
async function signInAgain(before: Page, url: string, account: Credentials): Promise<Page> {
  const context = before.context()
  await before.close()
  const desk = await openDesk(context, url, account)
  await openDraft(desk)
  return desk
}

/** The kept draft. */
async function openDraft(desk: Page): Promise<void> {
  await desk.locator('#tab-requests').click()
  await desk.locator('[data-pane=requests] ul button').first().click()
}

/** A response that the desk cannot render: a field is missing. */
async function breakPapers(desk: Page, text: string): Promise<void> {
  await desk.route(`**/api/papers?*text=${text}*`, (route) => route.fulfill({ json: { items: [null] } }))
  await desk.locator('#tab-papers').click()
  await desk.locator('[data-pane=papers] [data-search]').fill(text)
  await desk.locator('[data-pane=papers] [data-broken=part]').waitFor()
}
